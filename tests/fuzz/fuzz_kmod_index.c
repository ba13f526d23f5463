/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kmod's binary indexes: what is built is found again; the input is read as an index too.
 */
#include <errno.h>

#include "fuzz_laws.h"
#include "text/kmod_index.h"
#include "text/modules_dep.h"

/* The first line about a module is what a look-up of its name finds. */
static void find_first(struct str text, struct str index)
{
	STR_FOREACH_LINE (line, text) {
		struct str path, rest, value;
		char *key;

		line = str_trim(line);
		if (!line.n || *line.p == '#' || !str_cut(line, ':', &path, &rest))
			continue;
		key = str_dup(module_name(path));
		LAW(key);
		for (char *c = key; *c; c++)
			*c = *c == '-' ? '_' : *c;
		if (!str_contains(line, "[") && !str_contains(line, "]")) {
			LAW(kmod_index_find(index, key, &value));
			LAW(str_eq(value, line));
		}
		free(key);
		return;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = {(const char *)data, size}, value;

	for (int kind = KMOD_INDEX_DEP; kind <= KMOD_INDEX_SYMBOLS; kind++) {
		struct strbuf out = {0};
		int r = kmod_index_build(in, (enum kmod_index_kind)kind, &out, NULL);

		LAW(r == 0 || r == -EINVAL);
		LAW((r == 0) == (out.n >= 12));
		if (r == 0 && kind == KMOD_INDEX_DEP)
			find_first(in, strbuf_str(&out));
		strbuf_done(&out);
	}
	for (int kind = KMOD_INDEX_DEP; kind <= KMOD_INDEX_ALIAS; kind++) {
		struct strbuf out = {0};
		int r = kmod_index_text(in, (enum kmod_index_kind)kind, &out);

		LAW(r == 0 || r == -EINVAL);
		strbuf_done(&out);
	}
	if (kmod_index_find(in, "virtio_blk", &value))
		LAW(value.p >= in.p && value.p + value.n < in.p + in.n);
	return 0;
}

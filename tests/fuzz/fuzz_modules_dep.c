/* SPDX-License-Identifier: GPL-2.0-or-later */
/* depmod's text files. The input is both what is there and, from its middle on, what is to
 * be merged into it. */
#include <errno.h>

#include "fuzz_laws.h"
#include "text/modules_dep.h"

typedef int merge(struct str have, struct str all, const struct strv *paths,
	struct strbuf *ret_out);

static char *wanted[] = {"k/a.ko", "k/b-c.ko.xz", NULL};
static const struct strv paths = {wanted, 2};

static void check_merge(merge *fn, struct str have, struct str all)
{
	struct strbuf out = {0}, again = {0};
	int r = fn(have, all, &paths, &out);

	LAW(r == 0 || r == 1);
	LAW((r == 1) == (out.p != NULL));
	if (r == 1) {
		LAW(out.n > have.n && str_eq(str_upto(strbuf_str(&out), have.n), have));
		LAW(fn(strbuf_str(&out), all, &paths, &again) == 0);
	}
	strbuf_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = {(const char *)data, size}, path, deps;
	struct strv closure = {0};
	int r = modules_dep_closure(in, "a", &closure);

	LAW(r == 0 || r == 1 || r == -ELOOP || r == -ENOENT || r == -E2BIG);
	LAW((r != 0) == modules_dep_find(in, "a", &path, &deps));
	LAW((r == 1) == (closure.n != 0));
	/* The module itself comes last. */
	if (r == 1)
		LAW(module_name_is(str_from(closure.v[closure.n - 1]), "a"));
	strv_done(&closure);
	(void)modules_builtin_has(in, "a");
	check_merge(
		modules_dep_merge, str_upto(in, size / 2), str_from_pos(in, size / 2));
	check_merge(
		modules_alias_merge, str_upto(in, size / 2), str_from_pos(in, size / 2));
	return 0;
}

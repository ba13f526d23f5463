/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as extlinux.conf. */
#include "fuzz_laws.h"
#include "fuzz_map.h"
#include "text/extlinux.h"

static int set_default(
	struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	(void)req;
	return extlinux_set_default(in, STR("b"), ret_out, e);
}

static int edit(struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return extlinux_edit(in, req, ret_out, e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = {(const char *)data, size}, rest = in;
	struct extlinux_entry ent;
	size_t line = 0, last = 0;

	fuzz_editor_laws(set_default, in, NULL, NULL);
	fuzz_editor_laws(edit, in, fuzz_cmdline(), fuzz_no_cmdline());
	while (extlinux_next(&rest, &line, &ent)) {
		LAW(ent.line > last && ent.line <= line);
		LAW(ent.kernel.n + ent.args.n <= size);
		last = ent.line;
	}
	LAW(extlinux_default(in).n <= size);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* inittab. */
#include "fuzz_laws.h"
#include "text/inittab.h"

static int edit(struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return inittab_console(in, req, ret_out, e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = {(const char *)data, size};
	struct strbuf out = {0};

	(void)fuzz_editor_laws(edit, in, "ttyS0", NULL);
	/* Whoever had a login on a Xen console has one on the new one. */
	if (inittab_console(in, "ttyS0", &out, NULL) == 1)
		LAW(inittab_has_getty(strbuf_str(&out), "ttyS0"));
	strbuf_done(&out);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* securetty. */
#include "fuzz_laws.h"
#include "text/securetty.h"

static int edit(struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return securetty_add(in, req, ret_out, e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	(void)fuzz_editor_laws(edit, (struct str){(const char *)data, size}, "ttyS0", "");
	return 0;
}

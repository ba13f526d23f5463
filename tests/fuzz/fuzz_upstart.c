/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Upstart jobs. */
#include "fuzz_laws.h"
#include "text/upstart.h"

static const char *const names[] = {"hvc0", "ttyS0"};
static const char *const same[] = {"hvc0", "hvc0"};

static int edit(struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	const char *const *n = req;

	return upstart_console(in, n[0], n[1], ret_out, e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	(void)fuzz_editor_laws(edit, (struct str){(const char *)data, size}, names, same);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* modprobe.conf. */
#include "fuzz_laws.h"
#include "text/modprobe_conf.h"

static int edit(struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	(void)req;
	return modprobe_conf_virtio(in, ret_out, e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	(void)fuzz_editor_laws(edit, (struct str){(const char *)data, size}, NULL, NULL);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines that ask for Xen. */
#include "fuzz_laws.h"
#include "text/xen_lines.h"

static int edit(struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	int (*const *one)(struct str, struct strbuf *, struct err *) = req;

	return (*one)(in, ret_out, e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int (*const editors[])(struct str, struct strbuf *, struct err *) = {
		xen_lines_modules, xen_lines_commands, xen_lines_sysctl};
	struct str in = {(const char *)data, size};

	for (size_t i = 0; i < ARRAY_SIZE(editors); i++)
		(void)fuzz_editor_laws(edit, in, &editors[i], NULL);
	return 0;
}

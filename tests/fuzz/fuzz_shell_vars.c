/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as a file of shell assignments. */
#include "fuzz_laws.h"
#include "fuzz_map.h"
#include "text/shell_vars.h"

static int edit(struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return shell_vars_edit_cmdline(in, "GRUB_CMDLINE_LINUX*", req, ret_out, e);
}

static int set(struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return shell_vars_set(in, "RESUME", str_from(req), ret_out, e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = {(const char *)data, size};
	struct strbuf value = {0};

	fuzz_editor_laws(edit, in, fuzz_cmdline(), fuzz_no_cmdline());
	fuzz_editor_laws(set, in, "none", NULL);
	fuzz_editor_laws(set, in, "it's \"$5\" \\", NULL);
	shell_vars_get(in, "RESUME", &value);
	LAW(value.n <= size);
	strbuf_done(&value);
	return 0;
}

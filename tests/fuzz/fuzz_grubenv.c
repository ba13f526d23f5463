/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as GRUB's environment block: as they are, and made a valid block. */
#include "fuzz_laws.h"
#include "fuzz_map.h"
#include "text/grubenv.h"

static int set_default(
	struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	(void)req;
	return grubenv_set(in, "saved_entry", STR("a\\b"), ret_out, e);
}

static int edit(struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return grubenv_edit(in, req, ret_out, e);
}

/* A run whose answer 1 must be a block again. */
static void check_block(struct str in)
{
	struct strbuf out = {0};

	fuzz_editor_laws(set_default, in, NULL, NULL);
	fuzz_editor_laws(edit, in, fuzz_cmdline(), fuzz_no_cmdline());
	if (grubenv_edit(in, fuzz_cmdline(), &out, NULL) == 1)
		LAW(out.n == 1024 && str_starts(strbuf_str(&out), "# GRUB Env"));
	strbuf_done(&out);
	LAW(grubenv_get(in, "kernelopts").n <= in.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = {(const char *)data, size};
	struct strbuf block = {0};

	check_block(in);
	strbuf_adds(&block, "# GRUB Environment Block\n");
	strbuf_add(&block, str_upto(in, 1024 - block.n));
	strbuf_pad(&block, '#', 1024);
	if (strbuf_err(&block) == 0)
		check_block(strbuf_str(&block));
	strbuf_done(&block);
	return 0;
}

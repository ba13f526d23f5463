/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as grub.cfg. */
#include "fuzz_laws.h"
#include "fuzz_map.h"
#include "text/grub_cfg.h"

static int set_default(
	struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	(void)req;
	return grub_cfg_set_default(in, STR("a>b"), ret_out, e);
}

static int edit(struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return grub_cfg_edit(in, req, ret_out, e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = {(const char *)data, size};
	struct grub_cfg_cursor c = {0};
	struct grub_cfg_entry ent;
	size_t last = 0;
	unsigned top = 0;

	fuzz_editor_laws(set_default, in, NULL, NULL);
	fuzz_editor_laws(edit, in, fuzz_cmdline(), fuzz_no_cmdline());
	while (grub_cfg_next(in, &c, &ent)) {
		LAW(ent.line >= last && ent.top >= top);
		LAW(ent.kernel.n <= size && ent.args.n <= size && ent.initrd.n <= size);
		last = ent.line;
		top = ent.top;
	}
	LAW(!c.rest.n);
	LAW(grub_cfg_default(in).n <= size);
	return 0;
}

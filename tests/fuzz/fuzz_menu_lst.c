/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as GRUB legacy's menu.lst. */
#include "fuzz_laws.h"
#include "fuzz_map.h"
#include "text/menu_lst.h"

static int edit(struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return menu_lst_edit(in, req, ret_out, e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct menu_lst_edit nothing = {0};
	struct menu_lst_edit req = {
		.cmdline = *fuzz_cmdline(), .groot = "(hd0)", .indomu = "true"};
	struct str in = {(const char *)data, size}, rest = in;
	struct menu_lst_entry ent;
	size_t line = 0, last = 0;

	fuzz_editor_laws(edit, in, &req, &nothing);
	while (menu_lst_next(&rest, &line, &ent)) {
		LAW(ent.line > last && ent.line <= line);
		LAW(ent.kernel.n <= size && ent.args.n <= size && ent.initrd.n <= size);
		last = ent.line;
	}
	LAW(!rest.n);
	LAW(menu_lst_default(in) >= -1);
	return 0;
}

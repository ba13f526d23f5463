/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as GRUB legacy's menu.lst. */
#include "fuzz_laws.h"
#include "fuzz_map.h"
#include "text/menu_lst.h"
#include "text/menu_lst_kernel.h"

static int edit(struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return menu_lst_edit(in, req, ret_out, e);
}

static int set_default(
	struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	(void)req;
	return menu_lst_set_default(in, 3, ret_out, e);
}

static int add_timeout(
	struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	(void)req;
	return menu_lst_add_timeout(in, 5, ret_out, e);
}

static int without_xen(
	struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return menu_lst_without_xen(in, req, ret_out, e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct menu_lst_edit nothing = {0};
	static const bool all[] = {true, true, true, true};
	static const struct menu_lst_places places = {all, ARRAY_SIZE(all)};
	struct menu_lst_edit req = {
		.cmdline = *fuzz_cmdline(), .groot = "(hd0)", .indomu = "true"};
	struct str in = {(const char *)data, size}, rest = in;
	struct menu_lst_entry ent;
	size_t line = 0, last = 0;

	fuzz_editor_laws(edit, in, &req, &nothing);
	fuzz_editor_laws(set_default, in, NULL, NULL);
	fuzz_editor_laws(add_timeout, in, NULL, NULL);
	fuzz_editor_laws(without_xen, in, &places, NULL);
	while (menu_lst_next(&rest, &line, &ent)) {
		LAW(ent.line > last && ent.line <= line);
		LAW(ent.kernel.n <= size && ent.args.n <= size && ent.initrd.n <= size);
		last = ent.line;
	}
	LAW(!rest.n);
	LAW(menu_lst_default(in) >= -1);
	return 0;
}

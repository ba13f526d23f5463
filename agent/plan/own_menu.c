/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See own_menu.h. */
#include "plan/own_menu.h"

void own_menu_begin(const char *why, size_t number, unsigned seconds, struct strbuf *ret)
{
	strbuf_addf(ret, OWN_MENU_MARK "%s\ndefault\t\t%zu\ntimeout\t\t%u\n", why, number,
		seconds);
}

void own_menu_add(
	const struct guest *g, const struct own_menu_entry *ent, struct strbuf *ret)
{
	const struct device *boot = g->bootfs;

	strbuf_addf(ret, "\ntitle\t\t" STR_FMT "\n", STR_ARG(ent->title));
	/* Without a "root" it is the device that the menu lies on. */
	if (!boot->on.n && boot->number)
		strbuf_addf(ret, "root\t\t(hd%zu,%u)\n", boot->disk, boot->number - 1);
	else if (!boot->on.n)
		strbuf_addf(ret, "root\t\t(hd%zu)\n", boot->disk);
	strbuf_addf(ret, "kernel\t\t" STR_FMT " " STR_FMT "\n", STR_ARG(ent->kernel),
		STR_ARG(ent->args));
	if (ent->initrd.n)
		strbuf_addf(ret, "initrd\t\t" STR_FMT "\n", STR_ARG(ent->initrd));
}

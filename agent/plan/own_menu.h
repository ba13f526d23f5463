/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A menu.lst of our own, for a guest that has no menu which our boot code reads. */
#pragma once

#include "plan/plan.h"

#define OWN_MENU "/boot/grub/menu.lst"
#define OWN_MENU_MARK "# Written by xvd2vd: "

/* Paths as the loader sees them: without "/boot" where that is a file system of its own. */
struct own_menu_entry {
	struct str title, kernel, args;
	struct str initrd; /* empty: none */
};

/* `seconds`: until the entry `number` is started. */
void own_menu_begin(const char *why, size_t number, unsigned seconds, struct strbuf *ret);
void own_menu_add(
	const struct guest *g, const struct own_menu_entry *ent, struct strbuf *ret);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GRUB 2's grub.cfg as grub-mkconfig writes it (GRUB 2 manual, "Writing full
 * configuration files directly"): found and edited are the arguments of the commands
 * linux, linux16, linuxefi, module and module2, and the fallbacks
 * `set kernelopts="..."` and `set default_kernelopts="..."`; everything else is bytes. */
#pragma once

#include "base/err.h"
#include "text/cmdline.h"

int grub_cfg_edit(struct str in, const struct cmdline_edit *req, struct strbuf *ret_out,
	struct err *e) must_check;

struct grub_cfg_entry {
	struct str title; /* without quotes */
	struct str id;    /* the value of --id or $menuentry_id_option, without quotes */
	struct str kernel, args, initrd; /* empty where missing; initrd: all words */
	struct str in_title,
		in_id;  /* of the innermost submenu it stands in; empty outside */
	unsigned place; /* index among the entries and submenus beside it */
	unsigned depth; /* 0 for a top-level menuentry, 1 inside a submenu */
	unsigned top;   /* index of the top-level menuentry or submenu it stands in */
	size_t line;
};
/* Submenus nest in practice once. Deeper ones are read as this deep. */
#define GRUB_CFG_DEPTH 8

/* The next menuentry in file order, those in submenus included. Start with a zeroed
 * cursor. */
struct grub_cfg_level {
	struct str title, id;
	unsigned next; /* the next place in it */
};
struct grub_cfg_cursor {
	struct str rest;
	size_t line;
	unsigned depth, top;
	struct grub_cfg_level open[GRUB_CFG_DEPTH]; /* by depth; [0] is the menu itself */
	bool started;
};
bool grub_cfg_next(struct str in, struct grub_cfg_cursor *c, struct grub_cfg_entry *ret);
/* What `set default="..."` outside the next_entry branch says, as written ("0",
 * "${saved_entry}", a title or id, "a>b"); empty where there is none. */
struct str grub_cfg_default(struct str in);
/* Makes it say `name`: an id, a title, or a path of these ("submenu>entry"). */
int grub_cfg_set_default(
	struct str in, struct str name, struct strbuf *ret_out, struct err *e) must_check;

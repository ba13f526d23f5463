/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GRUB legacy's menu.lst / grub.conf (GRUB 0.97 manual; read by pv-grub, pygrub and GRUB
 * 2's legacy_configfile too), with the commented options that Debian's update-grub keeps
 * in its automagic block: "# kopt=", "# groot=", "# indomU=" and relatives. */
#pragma once

#include "base/err.h"
#include "text/cmdline.h"

struct menu_lst_edit {
	struct cmdline_edit cmdline; /* for kernel lines, # kopt=, # kopt_X=, #
					defoptions=, # altoptions= */
	const char *groot;  /* "(hd0)", "(hd0,0)": what root, rootnoverify and # groot=,
			       and  a (hdX[,Y]) before a kernel or initrd path, become;
			       NULL: keep.  Chainloader entries' own root is left alone. */
	const char *indomu; /* "true": value of an existing # indomU= line; NULL: keep */
};
int menu_lst_edit(struct str in, const struct menu_lst_edit *req, struct strbuf *ret_out,
	struct err *e) must_check;

struct menu_lst_entry {
	struct str title, root, kernel, args, initrd; /* empty where missing; kernel and
							 initrd are paths, a (hdX,Y)
							 before them included */
	bool chainloader, xen; /* xen: a hypervisor with module lines; kernel, args and
				  initrd are then the first and second module */
	size_t line;
};
/* The next entry in file order. *line counts lines, start with 0. */
bool menu_lst_next(struct str *rest, size_t *line, struct menu_lst_entry *ret);
/* The index GRUB starts: "default N" before the first title; 0 where missing; -1 for
 * "saved" (then the saved entry decides, 0 without one). */
int menu_lst_default(struct str in);

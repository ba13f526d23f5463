/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GRUB legacy's menu.lst / grub.conf (GRUB 0.97 manual; read by pv-grub, pygrub and GRUB
 * 2's legacy_configfile too), with the commented options that Debian's update-grub keeps
 * in its automagic block: "# kopt=", "# groot=", "# indomU=" and relatives. */
#pragma once

#include "base/err.h"
#include "text/cmdline.h"

struct menu_lst_edit {
	/* For kernel and module lines, # kopt=, # kopt_X=, # xenkopt=, # defoptions=,
	 * # altoptions=. */
	struct cmdline_edit cmdline;
	/* "(hd0)", "(hd0,0)": what a (hdX) or (hdX,Y) becomes in root, rootnoverify and
	 * # groot=, and before the path of kernel, module, initrd and splashimage; NULL:
	 * keep. Chainloader entries' own root is left alone, and so are other drives and
	 * file systems named otherwise (uuid lines, # groot=UUID). */
	const char *groot;
	/* "true": value of an existing # indomU= line; NULL: keep. */
	const char *indomu;
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
/* Whether the menu waits until somebody presses a key: there is no timeout before the first
 * title. */
bool menu_lst_waits(struct str in);

struct menu_lst_places {
	const bool *v; /* by the entry's number */
	size_t n;
};
/* Makes entries that load a hypervisor ("kernel /xen.gz", then modules) start their kernel
 * without one: of its modules the first is the kernel, the second the initramfs. */
int menu_lst_without_xen(struct str in, const struct menu_lst_places *req,
	struct strbuf *ret_out, struct err *e) must_check;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* grub.cfg executed as GRUB 2.06 executes it on a BIOS machine until it starts a kernel:
 * variables, if, loops, functions, submenus, the environment block, blscfg (grub-core/script,
 * normal/menu.c, commands/; blscfg as Fedora's grub2 has it). Nothing is touched: the caller
 * says what GRUB would see. Work, memory and depth are bounded, so that a hostile config ends
 * with an error. */
#pragma once

#include "base/err.h"
#include "base/strbuf.h"

enum grub_search { GRUB_SEARCH_FILE, GRUB_SEARCH_LABEL, GRUB_SEARCH_FS_UUID };
enum grub_found { GRUB_NOTHING, GRUB_FILE, GRUB_FOLDER };

/* The machine as GRUB sees it. Devices by GRUB's names ("hd0", "hd0,msdos1", "lvm/vg-lv"),
 * paths from the root of the device's file system on. */
struct grub_host {
	void *ctx;
	enum grub_found (*look)(void *ctx, struct str device, struct str path,
		uint64_t *ret_size); /* of a file */
	bool (*read)(void *ctx, struct str device, struct str path, struct str *ret);
	/* The next name in a folder; start with *pos = 0. False at the end. */
	bool (*list)(void *ctx, struct str device, struct str folder, size_t *pos,
		struct str *ret_name);
	/* Name of the n-th device that has a file system, in the order of a search. */
	bool (*device)(void *ctx, size_t n, struct strbuf *ret_name);
	bool (*matches)(
		void *ctx, struct str device, enum grub_search by, struct str what);
	/* GRUB without what Fedora adds to it: there is no blscfg. */
	bool upstream;
};

#define GRUB_MENU_TOP SIZE_MAX

struct grub_menu_entry {
	struct str title, id;
	size_t in; /* the submenu it stands in, or GRUB_MENU_TOP */
	bool submenu;
	/* What executing it loads. Where that fails, what it tried to load. Empty where there
	 * is no such command. */
	struct str kernel, args; /* args joined as the kernel gets them */
	struct str initrd;       /* all files, blanks between */
	struct str
		other_initrd; /* of a branch that is not taken, as Ubuntu's initrdfail */
	struct str root;      /* the device that the kernel is read from */
	bool chain;           /* hands over to a hypervisor, another loader or menu */
	struct str problem;   /* why it starts nothing; empty */
	/* how it is executed */
	struct str body, *params;
	size_t n_params;
	bool loaded;
};

struct grub_menu {
	struct grub_menu_entry *v; /* in the order in which GRUB comes to them */
	size_t n;
	size_t chosen; /* what starts when nobody presses a key: no submenu; n: nothing does */
	bool known; /* false: no entry has the name that `default` says; the first is taken */
	struct grub_menu_memory *memory; /* all strings */
};

/* At most so many entries, submenus included. */
#define GRUB_MENU_MAX 500

/* Executes the config at `path` of the device `root`. -E2BIG past a limit, -ENOENT where it
 * cannot be read, -ENOMEM. */
int grub_script_menu(const struct grub_host *host, struct str root, struct str path,
	struct grub_menu *ret, struct err *e) must_check;
void grub_menu_done(struct grub_menu *m);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The boot menu of struct guest, by loader: each menu_read_*() in its own file. */
#pragma once

#include "guest/guest.h"

#define MENU_MAX 500

struct menu_work {
	const struct snapshot *snap;
	const struct machine *m;
	struct guest *g;
	const char *config; /* path of the config in the guest, as the loader says it */
	struct err *e;
};

/* Fill g->menu, default_entry, default_known. 0 or a negative errno with its text. */
int menu_read_legacy(const struct menu_work *w, struct str text) must_check;
int menu_read_grub2(const struct menu_work *w, struct str text) must_check;
int menu_read_extlinux(const struct menu_work *w, struct str text) must_check;
int menu_read_lilo(const struct menu_work *w, struct str text) must_check;

/* A zeroed entry at the end; NULL: the error is set. */
struct boot_entry *menu_add(const struct menu_work *w);
/* A copy that lives as long as the guest; -ENOMEM. */
int menu_keep(const struct menu_work *w, struct str s, struct str *ret) must_check;
/* Says why the entry starts nothing, if nothing was said yet. */
int menu_problem(
	const struct menu_work *w, struct boot_entry *ent, char *text) must_check;

/* The device that holds this file of the guest. */
const struct device *menu_device_of(const struct menu_work *w, const char *path);
/* What the loader reads from where its root is set to `d` (NULL: no such device): for
 * kvm-pvgrub.img, where nothing can be read there, the device that holds the menu. */
const struct device *menu_root(const struct menu_work *w, const struct device *d);
/* What a loader finds at `path` of the file system on `d`; NULL: nothing that is known. */
const struct snap_entry *menu_find(
	const struct menu_work *w, const struct device *d, struct str path);
/* A path of the guest on the file system that holds it: without "/boot" where that is one of
 * its own. */
struct str menu_path_on_device(const struct menu_work *w, const char *path);
/* Without what stands before the path: "(hd0,0)". */
struct str menu_without_device(struct str path);
/* Finds an entry's kernel and initramfs, given as paths on the device `from` (NULL: not
 * known), and says so where they are not there. */
int menu_settle(const struct menu_work *w, struct boot_entry *ent,
	const struct device *from, struct str kernel, struct str initrd) must_check;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See menu.h. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest/grub_device.h"
#include "guest/menu.h"

struct boot_entry *menu_add(const struct menu_work *w)
{
	struct guest *g = w->g;
	struct boot_entry *v;

	if (g->n_menu >= MENU_MAX) {
		err_set(w->e, -EINVAL, "%s has more than %d entries", w->config,
			MENU_MAX);
		return NULL;
	}
	v = reallocarray(g->menu, g->n_menu + 1, sizeof(*v));
	if (!v) {
		err_oom(w->e);
		return NULL;
	}
	g->menu = v;
	return memset(&v[g->n_menu++], 0, sizeof(*v));
}

int menu_keep(const struct menu_work *w, struct str s, struct str *ret)
{
	struct strv *kept = &w->g->menu_text;

	if (strv_add(kept, s) < 0)
		return err_oom(w->e);
	*ret = (struct str){kept->v[kept->n - 1], s.n};
	return 0;
}

int menu_problem(const struct menu_work *w, struct boot_entry *ent, char *text)
{
	if (!text)
		return err_oom(w->e);
	if (ent->problem)
		free(text);
	else
		ent->problem = text;
	return 0;
}

static bool has_own_boot(const struct guest *g)
{
	return *g->bootfs_prefix != '\0';
}

const struct device *menu_device_of(const struct menu_work *w, const char *path)
{
	return has_own_boot(w->g) && str_starts(str_from(path), "/boot/") ? w->g->bootfs
									  : w->g->root;
}

const struct device *menu_root(const struct menu_work *w, const struct device *d)
{
	if (!w->g->by_pvgrub || (d && grub_device_has_files(d)))
		return d;
	return menu_device_of(w, w->config);
}

struct str menu_path_on_device(const struct menu_work *w, const char *path)
{
	struct str on = str_from(path);

	if (has_own_boot(w->g) && str_starts(on, "/boot/"))
		str_skip(&on, "/boot");
	return on;
}

/* A link /boot/boot to itself lets paths be written either way. */
static bool boot_in_boot(const struct snapshot *snap)
{
	const struct snap_entry *link = snapshot_find(snap, "/boot/boot");

	return link && link->kind == SNAP_LINK && link->real &&
	       strcmp(link->real, "/boot") == 0;
}

/* A loader follows links on the file system that it reads, and to no other. */
static const struct snap_entry *find_below(const struct menu_work *w,
	const struct device *d, const char *prefix, struct str path)
{
	const struct snap_entry *ent;
	char full[PATH_MAX];
	const int n = snprintf(full, sizeof(full), "%s" STR_FMT, prefix, STR_ARG(path));

	if (n < 0 || (size_t)n >= sizeof(full) || menu_device_of(w, full) != d)
		return NULL;
	ent = snapshot_find(w->snap, full);
	if (ent && ent->kind == SNAP_LINK)
		ent = ent->real ? snapshot_find(w->snap, ent->real) : NULL;
	return ent && menu_device_of(w, ent->path) == d ? ent : NULL;
}

static const struct snap_entry *find_on(
	const struct menu_work *w, const struct device *d, struct str path)
{
	const struct snap_entry *ent = NULL;
	struct str below = path;

	if (d == w->g->bootfs && has_own_boot(w->g)) {
		if (boot_in_boot(w->snap) && str_starts(path, "/boot/"))
			str_skip(&below, "/boot");
		ent = find_below(w, d, "/boot", below);
	}
	return !ent && d == w->g->root ? find_below(w, d, "", path) : ent;
}

const struct snap_entry *menu_find(
	const struct menu_work *w, const struct device *d, struct str path)
{
	/* On btrfs a loader sees the subvolumes as folders, whatever is mounted as /. */
	int tries = strcmp(d->type, "btrfs") == 0 ? 3 : 1;

	while (tries-- && str_starts(path, "/")) {
		const struct snap_entry *ent = find_on(w, d, path);

		if (ent)
			return ent;
		do
			path = str_from_pos(path, 1);
		while (path.n && *path.p != '/');
	}
	return NULL;
}

struct str menu_without_device(struct str path)
{
	struct str head, tail;

	if (path.n >= 2 && (path.p[0] == '"' || path.p[0] == '\''))
		path = str_upto(str_from_pos(path, 1), path.n - 2);
	if (str_starts(path, "(") && str_cut(path, ')', &head, &tail))
		return tail;
	if (str_starts(path, "${") && str_cut(path, '}', &head, &tail))
		return tail;
	return path;
}

/* The real path of a file that the menu names, or NULL: on the device, or else as the guest
 * itself would find it, with /boot or without. What a rule repairs need not be right yet. */
static int resolve(const struct menu_work *w, const struct device *from, struct str path,
	char **ret, bool *ret_on_device)
{
	const char *const prefixes[] = {w->g->bootfs_prefix, "", "/boot"};
	const struct snap_entry *file = from ? menu_find(w, from, path) : NULL;

	*ret = NULL;
	*ret_on_device = file && file->kind == SNAP_FILE;
	if (!*ret_on_device)
		file = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(prefixes) && path.n && !file; i++) {
		cleanup_(free_charp) char *full =
			str_printf("%s" STR_FMT, prefixes[i], STR_ARG(path));

		if (!full)
			return err_oom(w->e);
		file = snapshot_file(w->snap, full);
	}
	if (file && !(*ret = strdup(file->path)))
		return err_oom(w->e);
	return 0;
}

int menu_settle(const struct menu_work *w, struct boot_entry *ent,
	const struct device *from, struct str kernel, struct str initrd)
{
	bool kernel_there, initrd_there;
	int r;

	ent->from = from;
	r = resolve(w, from, kernel, &ent->image, &kernel_there);
	if (r >= 0)
		r = resolve(w, from, initrd, &ent->initramfs, &initrd_there);
	if (r < 0 || !from || ent->chain)
		return r;
	if (kernel.n && !kernel_there)
		return menu_problem(w, ent,
			str_printf("there is no " STR_FMT " on /dev/%s", STR_ARG(kernel),
				from->name));
	if (ent->initramfs && !initrd_there)
		return menu_problem(w, ent,
			str_printf("there is no " STR_FMT " on /dev/%s", STR_ARG(initrd),
				from->name));
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which boot loader starts the guest, from which config, and the entries of its menu. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guest/guest.h"
#include "text/cmdline.h"
#include "text/extlinux.h"
#include "text/grub_cfg.h"
#include "text/grubenv.h"
#include "text/menu_lst.h"

#define MAX_ENTRIES 500

const char *loader_name(enum loader l)
{
	static const char *const names[] = {
		[LOADER_NONE] = "none",
		[LOADER_GRUB_LEGACY] = "grub-legacy",
		[LOADER_GRUB2] = "grub2",
		[LOADER_EXTLINUX] = "extlinux",
	};

	return names[l];
}

const char *boot_style_name(enum boot_style b)
{
	static const char *const names[] = {
		[BOOT_NONE] = "none",
		[BOOT_PVGRUB] = "pvgrub",
		[BOOT_MBR] = "mbr",
	};

	return names[b];
}

/* Configs in the order in which pv-grub and pygrub come to them: a guest that has several
 * was steered by the first. `boot_code` is what a disk's first sector must hold for firmware
 * to reach the same config. */
static const struct config {
	const char *path, *boot_code;
	enum loader loader;
} configs[] = {
	{"/boot/grub/menu.lst", "grub", LOADER_GRUB_LEGACY},
	{"/boot/grub/grub.conf", "grub", LOADER_GRUB_LEGACY},
	{"/boot/grub/grub.cfg", "grub2", LOADER_GRUB2},
	{"/boot/grub2/grub.cfg", "grub2", LOADER_GRUB2},
	{"/boot/extlinux.conf", "syslinux", LOADER_EXTLINUX},
	{"/boot/extlinux/extlinux.conf", "syslinux", LOADER_EXTLINUX},
};

static const struct config *find_config(
	const struct snapshot *snap, const char *boot_code)
{
	struct str data;

	for (size_t i = 0; i < ARRAY_SIZE(configs); i++)
		if ((!boot_code || strcmp(configs[i].boot_code, boot_code) == 0) &&
			snapshot_data(snap, configs[i].path, &data))
			return &configs[i];
	return NULL;
}

/* A config that is there but cannot be read must not count as missing: another would be taken
 * for the guest's own. */
static int check_configs(const struct snapshot *snap, struct err *e)
{
	for (size_t i = 0; i < ARRAY_SIZE(configs); i++) {
		const char *problem = snapshot_problem(snap, configs[i].path);
		struct str data;

		if (problem)
			return err_set(e, -EINVAL, "%s: %s", configs[i].path, problem);
		if (snapshot_data(snap, configs[i].path, &data) && str_has_nul(data))
			return err_set(e, -EINVAL,
				"%s holds NUL bytes: repair it by hand first",
				configs[i].path);
	}
	return 0;
}

/* The boot code that firmware would start: the first disk's that has any. */
static const char *find_boot_code(const struct machine *m)
{
	for (size_t i = 0; i < m->n_disks; i++)
		if (*m->disks[i].boot_code && strcmp(m->disks[i].boot_code, "none") != 0)
			return m->disks[i].boot_code;
	return NULL;
}

/* Adds one entry; the caller fills it. NULL: too many, or no memory. */
static struct boot_entry *add_entry(struct guest *g)
{
	struct boot_entry *v;

	if (g->n_menu >= MAX_ENTRIES)
		return NULL;
	v = reallocarray(g->menu, g->n_menu + 1, sizeof(*v));
	if (!v)
		return NULL;
	g->menu = v;
	return memset(&v[g->n_menu++], 0, sizeof(*v));
}

/* The path behind "(hd0,0)", "($root)" or "${root}", quotes taken off. */
static struct str without_device(struct str path)
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

/* The real path of a file that the menu names, or NULL: as written, or below the prefix where
 * /boot is a file system of its own. */
static int resolve(const struct snapshot *snap, const struct guest *g, struct str path,
	char **ret, struct err *e)
{
	const char *const prefixes[] = {g->bootfs_prefix, "", "/boot"};

	path = without_device(path);
	*ret = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(prefixes) && path.n && !*ret; i++) {
		cleanup_(free_charp) char *full =
			str_printf("%s" STR_FMT, prefixes[i], STR_ARG(path));
		const struct snap_entry *file;

		if (!full)
			return err_oom(e);
		file = snapshot_file(snap, full);
		if (!file)
			continue;
		*ret = strdup(file->path);
		if (!*ret)
			return err_oom(e);
	}
	return 0;
}

static int read_menu_lst(struct str text, struct guest *g)
{
	struct menu_lst_entry ent;
	struct str rest = text;
	size_t line = 0;
	int def = menu_lst_default(text);

	while (menu_lst_next(&rest, &line, &ent)) {
		struct boot_entry *to = add_entry(g);

		if (!to)
			return -ENOMEM;
		*to = (struct boot_entry){.title = ent.title,
			.kernel = ent.kernel,
			.args = ent.args,
			.initrd = ent.initrd,
			.root = ent.root,
			.chain = ent.chainloader || ent.xen || !ent.kernel.n};
	}
	g->default_known = def >= 0 && (size_t)def < g->n_menu;
	g->default_entry = g->default_known ? (size_t)def : 0;
	return 0;
}

/* What GRUB 2 names an entry by, besides its title. */
struct grub2_place {
	struct str id, in_title, in_id;
	unsigned place, top, depth;
};

static bool names(struct str want, unsigned place, struct str title, struct str id)
{
	uint64_t n;

	return str_u64(want, &n) ? n == place
				 : str_eq(want, title) || (id.n && str_eq(want, id));
}

/* GRUB 2's default: "entry", or "submenu>entry", each an index in its menu, a title or an id
 * (GRUB 2 manual, "default"). A submenu alone stands for its first entry. */
static bool find_grub2_default(
	struct str want, const struct grub2_place *places, struct guest *g)
{
	struct str menu = {0}, head;

	while (str_cut(want, '>', &head, &want))
		menu = head;
	for (size_t i = 0; i < g->n_menu; i++) {
		const struct grub2_place *p = &places[i];
		bool match;

		if (menu.n)
			match = p->depth && names(menu, p->top, p->in_title, p->in_id) &&
				names(want, p->place, g->menu[i].title, p->id);
		else
			match = p->depth ? names(want, p->top, p->in_title, p->in_id)
					 : names(want, p->place, g->menu[i].title, p->id);
		/* Old GRUBs found a nested entry by its own title or id alone. */
		match = match ||
			(!menu.n && p->depth && p->id.n && str_eq(want, p->id)) ||
			(!menu.n && p->depth && str_eq(want, g->menu[i].title));
		if (match) {
			g->default_entry = i;
			return true;
		}
	}
	return false;
}

static void free_places(struct grub2_place **places)
{
	free(*places);
}

static int read_grub_cfg(
	const struct snapshot *snap, const char *path, struct str text, struct guest *g)
{
	struct grub_cfg_cursor cursor = {0};
	struct grub_cfg_entry ent;
	cleanup_(free_places) struct grub2_place *places =
		calloc(MAX_ENTRIES, sizeof(*places));
	struct str want = grub_cfg_default(text), env;
	cleanup_(free_charp) char *env_path =
		str_printf("%.*s/grubenv", (int)(strrchr(path, '/') - path), path);

	if (!env_path || !places)
		return -ENOMEM;
	while (grub_cfg_next(text, &cursor, &ent)) {
		struct boot_entry *to = add_entry(g);

		if (!to)
			return -ENOMEM;
		places[g->n_menu - 1] = (struct grub2_place){
			ent.id, ent.in_title, ent.in_id, ent.place, ent.top, ent.depth};
		*to = (struct boot_entry){.title = ent.title,
			.kernel = ent.kernel,
			.args = ent.args,
			.initrd = ent.initrd,
			.chain = !ent.kernel.n};
	}
	if (str_contains(want, "saved_entry")) {
		want = (struct str){0};
		if (snapshot_data(snap, env_path, &env))
			want = grubenv_get(env, "saved_entry");
	}
	g->default_known = want.n && find_grub2_default(want, places, g);
	return 0;
}

static int read_extlinux(struct str text, struct guest *g)
{
	struct str rest = text, def = extlinux_default(text);
	struct extlinux_entry ent;
	size_t line = 0;

	while (extlinux_next(&rest, &line, &ent)) {
		struct boot_entry *to = add_entry(g);

		if (!to)
			return -ENOMEM;
		*to = (struct boot_entry){.title = ent.label,
			.kernel = ent.kernel,
			.args = ent.args,
			.initrd = ent.initrd,
			.chain = !ent.kernel.n};
		if (def.n && str_eq(ent.label, def)) {
			g->default_entry = g->n_menu - 1;
			g->default_known = true;
		}
	}
	return 0;
}

static int read_menu(const struct snapshot *snap, const struct config *c, struct guest *g)
{
	struct str text;

	if (!snapshot_data(snap, c->path, &text))
		return 0;
	switch (c->loader) {
	case LOADER_GRUB_LEGACY:
		return read_menu_lst(text, g);
	case LOADER_GRUB2:
		return read_grub_cfg(snap, c->path, text, g);
	case LOADER_EXTLINUX:
		return read_extlinux(text, g);
	case LOADER_NONE:
		break;
	}
	return 0;
}

int guest_read_loader(const struct snapshot *snap, const struct machine *m,
	struct guest *g, struct err *e)
{
	const char *boot_code = find_boot_code(m);
	const struct config *c = boot_code ? find_config(snap, boot_code) : NULL;
	int r = check_configs(snap, e);

	if (r < 0)
		return r;
	g->boot = boot_code ? BOOT_MBR : BOOT_PVGRUB;
	if (!c)
		c = find_config(snap, NULL);
	if (!c) {
		g->boot = boot_code ? BOOT_MBR : BOOT_NONE;
		return 0;
	}
	g->loader = c->loader;
	g->config = strdup(snapshot_file(snap, c->path)->path);
	if (!g->config)
		return err_oom(e);
	if (read_menu(snap, c, g) < 0)
		return err_set(
			e, -EINVAL, "%s has more than %d entries", c->path, MAX_ENTRIES);
	for (size_t i = 0; i < g->n_menu; i++) {
		struct boot_entry *ent = &g->menu[i];
		struct str rest = ent->initrd, first = {0};

		str_word(&rest, &first);
		r = resolve(snap, g, ent->kernel, &ent->image, e);
		if (r >= 0)
			r = resolve(snap, g, first, &ent->initramfs, e);
		if (r < 0)
			return r;
	}
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GRUB 2's menu: its grub.cfg executed on this machine (text/grub_script.h). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "guest/grub_device.h"
#include "guest/menu.h"
#include "text/grub_cfg.h"
#include "text/grub_script.h"
#include "text/grubenv.h"

/* --- the machine as GRUB sees it ------------------------------------------------------ */

static const struct snap_entry *find(void *ctx, struct str device, struct str path)
{
	const struct menu_work *w = ctx;
	const struct device *d = menu_root(w, grub_device_find(w->m, w->g, device));

	return d ? menu_find(w, d, path) : NULL;
}

static enum grub_found look(
	void *ctx, struct str device, struct str path, uint64_t *ret_size)
{
	const struct snap_entry *ent = find(ctx, device, path);

	if (!ent)
		return GRUB_NOTHING;
	*ret_size = ent->size;
	return ent->kind == SNAP_FILE  ? GRUB_FILE
	       : ent->kind == SNAP_DIR ? GRUB_FOLDER
				       : GRUB_NOTHING;
}

static bool read_file(void *ctx, struct str device, struct str path, struct str *ret)
{
	const struct snap_entry *ent = find(ctx, device, path);

	if (!ent || ent->kind != SNAP_FILE || !ent->has_data)
		return false;
	*ret = strbuf_str(&ent->data);
	return true;
}

/* Of the folders that are looked at, this is one: as it is on the root, or below /boot. */
static bool list(void *ctx, struct str device, struct str folder, size_t *pos,
	struct str *ret_name)
{
	const struct menu_work *w = ctx;
	const struct device *d = grub_device_find(w->m, w->g, device);
	const struct snap_entry *ent;

	while (d && (ent = snapshot_glob(w->snap, "/boot/loader/entries/*.conf", pos))) {
		struct str path = menu_path_on_device(w, ent->path);

		if (menu_device_of(w, ent->path) != d ||
			!str_eq(str_upto(path, folder.n), folder) || path.n <= folder.n ||
			path.p[folder.n] != '/')
			continue;
		*ret_name = str_from_pos(path, folder.n + 1);
		return true;
	}
	return false;
}

static bool device(void *ctx, size_t n, struct strbuf *ret_name)
{
	const struct menu_work *w = ctx;
	const struct device *d = machine_target(w->m, n);

	if (d)
		grub_device_name(w->m, d, ret_name);
	return d != NULL;
}

static bool matches(void *ctx, struct str name, enum grub_search by, struct str what)
{
	const struct menu_work *w = ctx;
	const struct device *d = grub_device_find(w->m, w->g, name);
	const struct snap_entry *ent;

	if (!d || !grub_device_has_files(d))
		return false;
	switch (by) {
	case GRUB_SEARCH_FS_UUID:
		return what.n == strlen(d->uuid) &&
		       strncasecmp(what.p, d->uuid, what.n) == 0;
	case GRUB_SEARCH_LABEL:
		return str_is(what, d->label);
	case GRUB_SEARCH_FILE:
		ent = menu_find(w, d, what);
		return ent && ent->kind == SNAP_FILE;
	}
	return false;
}

/* --- the menu --------------------------------------------------------------------------- */

/* Microcode, which grub-mkconfig names before the initramfs where it lies in /boot. */
static bool is_early(struct str path)
{
	static const char *const names[] = {"/intel-uc.img", "/intel-ucode.img",
		"/amd-uc.img", "/amd-ucode.img", "/early_ucode.cpio", "/microcode.cpio"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (str_ends(path, names[i]))
			return true;
	return false;
}

/* Of several files the one with the drivers: the first, or the one behind microcode. One that
 * is not there (`from`: where the loader looks, or NULL) is what GRUB stops at. */
static struct str main_initrd(
	const struct menu_work *w, const struct device *from, struct str words)
{
	struct str word = {0}, path = {0};

	while (str_word(&words, &word)) {
		path = menu_without_device(word);
		if (!is_early(path) || (from && !menu_find(w, from, path)))
			break;
	}
	return path;
}

static int keep_entry(const struct menu_work *w, const struct grub_menu_entry *from,
	struct boot_entry *to)
{
	const struct {
		struct str from, *to;
	} texts[] = {{from->title, &to->title}, {from->kernel, &to->kernel},
		{from->args, &to->args}, {from->initrd, &to->initrd},
		{from->root, &to->root}};
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(texts) && r >= 0; i++)
		r = menu_keep(w, texts[i].from, texts[i].to);
	return r;
}

/* In a path of names a '>' of a name's own is doubled. */
static void add_name(struct strbuf *out, struct str name)
{
	if (out->n)
		strbuf_addc(out, '>');
	for (size_t i = 0; i < name.n; i++) {
		strbuf_addc(out, name.p[i]);
		if (name.p[i] == '>')
			strbuf_addc(out, '>');
	}
}

/* From the top of the menu to entry `i`: by their ids, which stay the same when the menu is made
 * anew, where all have one. */
static void add_path(const struct grub_menu *menu, size_t i, bool ids, struct strbuf *out)
{
	size_t path[GRUB_CFG_DEPTH], n = 0;

	for (; i != GRUB_MENU_TOP && n < ARRAY_SIZE(path); i = menu->v[i].in)
		path[n++] = i;
	while (i == GRUB_MENU_TOP && n--)
		add_name(out, ids ? menu->v[path[n]].id : menu->v[path[n]].title);
}

static bool has_ids(const struct grub_menu *menu, size_t i)
{
	for (; i != GRUB_MENU_TOP; i = menu->v[i].in)
		if (!menu->v[i].id.n)
			return false;
	return true;
}

static int keep_name(const struct menu_work *w, const struct grub_menu *menu, size_t i,
	struct boot_entry *to)
{
	cleanup_(strbuf_done) struct strbuf name = {0};

	add_path(menu, i, has_ids(menu, i), &name);
	return strbuf_err(&name) < 0 ? err_oom(w->e)
				     : menu_keep(w, strbuf_str(&name), &to->name);
}

static int add_entry(const struct menu_work *w, const struct grub_menu *menu, size_t i)
{
	const struct grub_menu_entry *from = &menu->v[i];
	const struct device *dev = menu_root(w, grub_device_find(w->m, w->g, from->root));
	struct boot_entry *to = menu_add(w);
	int r;

	if (!to)
		return -EINVAL;
	to->chain = from->chain || from->submenu || !from->kernel.n;
	r = keep_entry(w, from, to);
	if (r >= 0)
		r = keep_name(w, menu, i, to);
	if (r >= 0 && from->submenu)
		r = menu_problem(w, to, strdup("a submenu without an entry"));
	if (r >= 0 && from->problem.n)
		r = menu_problem(w, to, str_dup(from->problem));
	if (r < 0)
		return r;
	return menu_settle(w, to, dev, menu_without_device(from->kernel),
		main_initrd(w, dev, from->initrd.n ? from->initrd : from->other_initrd));
}

/* Entries in the order of the file: those of a submenu where it stands. One that is empty
 * stands for itself. */
static int add_entries(const struct menu_work *w, const struct grub_menu *menu, size_t in)
{
	size_t before = w->g->n_menu;
	int r = 0;

	for (size_t i = 0; i < menu->n && r >= 0; i++) {
		if (menu->v[i].in != in)
			continue;
		if (menu->v[i].submenu)
			r = add_entries(w, menu, i);
		else
			r = add_entry(w, menu, i);
		if (r >= 0 && i == menu->chosen) {
			w->g->default_entry = w->g->n_menu - 1;
			w->g->default_known = menu->known;
		}
	}
	if (r >= 0 && in != GRUB_MENU_TOP && w->g->n_menu == before)
		r = add_entry(w, menu, in);
	return r;
}

static int execute(const struct menu_work *w, struct grub_menu *ret, struct err *e)
{
	const struct grub_host host = {(void *)w, look, read_file, list, device, matches,
		.upstream = w->g->by_pvgrub};
	struct strbuf root = {0};
	int r;

	grub_device_name(w->m, menu_device_of(w, w->config), &root);
	r = strbuf_err(&root) < 0 ? err_oom(e)
				  : grub_script_menu(&host, strbuf_str(&root),
					    menu_path_on_device(w, w->config), ret, e);
	strbuf_done(&root);
	return r;
}

/* Where the config could not be executed: its entries as they are written. */
static int read_plainly(const struct menu_work *w, struct str text)
{
	struct str want = grub_cfg_default(text);
	struct grub_cfg_cursor cursor = {0};
	struct grub_cfg_entry ent;
	uint64_t n;

	while (grub_cfg_next(text, &cursor, &ent)) {
		struct boot_entry *to = menu_add(w);
		int r;

		if (!to)
			return -EINVAL;
		*to = (struct boot_entry){.title = ent.title,
			.kernel = ent.kernel,
			.args = ent.args,
			.initrd = ent.initrd,
			.chain = !ent.kernel.n};
		r = menu_settle(w, to, NULL, menu_without_device(ent.kernel),
			main_initrd(w, NULL, ent.initrd));
		if (r < 0)
			return r;
		if (!w->g->default_known &&
			(str_eq(want, ent.title) || (ent.id.n && str_eq(want, ent.id)) ||
				(!ent.depth && str_u64(want, &n) && n == ent.place))) {
			w->g->default_entry = w->g->n_menu - 1;
			w->g->default_known = true;
		}
	}
	return 0;
}

int menu_read_grub2(const struct menu_work *w, struct str text)
{
	struct grub_menu menu = {0};
	struct err why = {0};
	int r = execute(w, &menu, &why);

	if (r == -ENOMEM)
		return err_oom(w->e);
	if (r < 0) {
		w->g->menu_problem = strdup(why.text);
		return w->g->menu_problem ? read_plainly(w, text) : err_oom(w->e);
	}
	r = add_entries(w, &menu, GRUB_MENU_TOP);
	grub_menu_done(&menu);
	if (r < 0 || w->g->n_menu || !str_contains(text, "blscfg"))
		return r;
	w->g->menu_problem =
		strdup(w->g->by_pvgrub ? "its entries come by blscfg, a command of "
					 "Fedora's GRUB that kvm-pvgrub.img does not have"
				       : "its entries come by blscfg from "
					 "/boot/loader/entries, and there are none "
					 "(kernel-install add makes them)");
	return w->g->menu_problem ? 0 : err_oom(w->e);
}

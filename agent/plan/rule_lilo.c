/* SPDX-License-Identifier: GPL-2.0-or-later */
/* LILO reads no file: it starts the blocks, and gives the kernel the root device, that its program
 * wrote down when it last ran. That program writes the first sector of a disk by the name that the
 * disk has for it, past the journal and an undo, so it is not run here. Where a kernel, an
 * initramfs or a kernel's words are to be others than LILO knows, boot code of ours takes its
 * place, and a menu that of /etc/lilo.conf. */
#include <stdlib.h>
#include <string.h>

#include "plan/draft.h"
#include "plan/own_menu.h"
#include "plan/rules.h"
#include "text/cmdline.h"
#include "text/lilo_conf.h"

#define LEAST_SECONDS 2
#define MOST_TENTHS 35996 /* lilo.conf(5) */

/* Without a root= LILO gives the number of the disk that it was run on. */
static bool root_moved(const struct plan_input *in, const struct plan *p)
{
	for (size_t i = 0; i < p->n_map; i++)
		if (p->map[i].to && strcmp(p->map[i].to + strlen("/dev/"),
					    in->guest->root->name) == 0)
			return true;
	return false;
}

static int add_words(const struct plan_input *in, const struct plan *p, struct str args,
	struct strbuf *ret, struct err *e)
{
	const struct dev_map map = plan_dev_map(p);
	const char *console = in->options->console;
	const struct cmdline_edit edit = {
		.map = &map,
		.console = strcmp(console, "keep") != 0 ? console : NULL,
		.drop_xen = true,
	};
	cleanup_(strbuf_done) struct strbuf edited = {0};
	struct str root;
	int r = cmdline_edit(args, &edit, &edited, e);

	if (r < 0)
		return r;
	if (!cmdline_root(args, &root))
		strbuf_addf(
			ret, "root=/dev/%s%s", in->guest->root->name, args.n ? " " : "");
	strbuf_add(ret, r ? strbuf_str(&edited) : args);
	return strbuf_err(ret) < 0 ? err_oom(e) : 0;
}

static bool ends_as(struct str s, struct str end)
{
	return s.n >= end.n && str_eq(str_from_pos(s, s.n - end.n), end);
}

/* The step that changes this file, or makes it anew. */
static const struct step *step_of(const struct plan *p, const char *path)
{
	for (size_t i = 0; path && i < p->n_steps; i++)
		if (strcmp(p->steps[i].path, path) == 0)
			return &p->steps[i];
	return NULL;
}

/* *ret: what LILO knows of the entry and would be otherwise; NULL: nothing. */
static int find_stale(const struct plan_input *in, const struct plan *p,
	const struct boot_entry *ent, const char **ret, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf words = {0};
	struct str root;
	int r = add_words(in, p, ent->args, &words, e);

	*ret = NULL;
	if (r < 0)
		return r;
	if (!ends_as(strbuf_str(&words), ent->args) ||
		(!cmdline_root(ent->args, &root) && root_moved(in, p)))
		*ret = "its kernel's command line";
	else if (step_of(p, ent->image))
		*ret = ent->image;
	else if (step_of(p, ent->initramfs))
		*ret = ent->initramfs;
	return 0;
}

/* --- the menu --------------------------------------------------------------------------- */

/* A path of lilo.conf as our boot code finds it: as written, since the distribution keeps links
 * right; on a /boot of its own the file behind them. Empty where it lies on another device. */
static struct str on_boot(const struct guest *g, struct str written, const char *real)
{
	struct str path = str_from(real);

	if (g->bootfs == g->root)
		return written;
	return str_skip(&path, g->bootfs_prefix) ? path : (struct str){0};
}

static bool can_start(const struct guest *g, const struct boot_entry *ent)
{
	return !ent->chain && ent->image && on_boot(g, ent->kernel, ent->image).n &&
	       (!ent->initrd.n ||
		       (ent->initramfs && on_boot(g, ent->initrd, ent->initramfs).n));
}

static int add_entry(const struct plan_input *in, const struct plan *p,
	const struct boot_entry *ent, struct strbuf *text, struct err *e)
{
	const struct guest *g = in->guest;
	cleanup_(strbuf_done) struct strbuf words = {0};
	int r = add_words(in, p, ent->args, &words, e);

	if (r < 0)
		return r;
	own_menu_add(g,
		&(struct own_menu_entry){.title = ent->title,
			.kernel = on_boot(g, ent->kernel, ent->image),
			.args = strbuf_str(&words),
			.initrd = ent->initrd.n ? on_boot(g, ent->initrd, ent->initramfs)
						: ent->initrd},
		text);
	return 0;
}

/* LILO counts in tenths of seconds, and asks only where "prompt" says so. */
static unsigned find_seconds(struct str conf)
{
	struct str value;
	const bool asks = lilo_conf_global(conf, "prompt", &value);
	uint64_t tenths;
	unsigned seconds;

	if (!lilo_conf_global(conf, asks ? "timeout" : "delay", &value) ||
		!str_u64(value, &tenths) || tenths > MOST_TENTHS)
		return LEAST_SECONDS;
	seconds = (unsigned)(tenths + 9) / 10;
	return seconds > LEAST_SECONDS ? seconds : LEAST_SECONDS;
}

static int write_menu(const struct plan_input *in, struct plan *p, struct err *e)
{
	const struct guest *g = in->guest;
	cleanup_(strbuf_done) struct strbuf text = {0};
	struct str conf = {0};
	size_t number = 0;
	int r = 0;

	snapshot_data(in->snap, g->config, &conf);
	for (size_t i = 0; i < g->default_entry; i++)
		number += can_start(g, &g->menu[i]);
	own_menu_begin("from /etc/lilo.conf, in LILO's place.", number,
		find_seconds(conf), &text);
	for (size_t i = 0; i < g->n_menu && r >= 0; i++)
		if (can_start(g, &g->menu[i]))
			r = add_entry(in, p, &g->menu[i], &text, e);
	if (r < 0)
		return r;
	if (strbuf_err(&text) < 0)
		return err_oom(e);
	return draft_write(
		in, p, "menu.lst", OWN_MENU, &text, 0644, e, "the menu of %s", g->config);
}

/* --- taking its place ------------------------------------------------------------------- */

/* Its own menu may have come back: by a /sbin/lilo that was run since. */
static bool has_other_menu(const struct snapshot *snap)
{
	struct str text;

	return snapshot_exists(snap, OWN_MENU) &&
	       !(snapshot_data(snap, OWN_MENU, &text) && str_starts(text, OWN_MENU_MARK));
}

static int check(const struct plan_input *in, const struct plan *p, struct err *e)
{
	const struct guest *g = in->guest;
	const struct device *lilo = machine_boot_disk(in->machine);

	for (size_t i = 0; i < g->n_menu; i++) {
		const struct step *s = step_of(p, g->menu[i].initramfs);

		if (s && s->kind == STEP_RUN)
			return refuse(e,
				"%s is made anew, and LILO would not find it after an "
				"undo",
				s->path);
	}
	if (in->options->boot == BOOT_HOST)
		return refuse(e, "boot=host asks for no boot code");
	if (has_other_menu(in->snap))
		return refuse(e, OWN_MENU " is there already");
	if (strcmp(g->bootfs->type, "btrfs") == 0)
		return refuse(e, "no menu is written for btrfs");
	if (g->default_entry >= g->n_menu || !can_start(g, &g->menu[g->default_entry]))
		return refuse(
			e, "%s: its default entry starts no kernel in /boot", g->config);
	if (lilo != &in->machine->disks[g->bootfs->disk])
		return refuse(e, "LILO is on /dev/%s, /boot is not", lilo->name);
	return 0;
}

static int replace(const struct plan_input *in, struct plan *p, struct err *e)
{
	int r = check(in, p, e);

	if (r >= 0)
		r = write_menu(in, p, e);
	if (r >= 0)
		r = bootcode_install(in, p, e);
	if (r < 0)
		return r;
	return plan_warn(p, e,
		"boot code of ours takes LILO's place, and " OWN_MENU
		" that of %s: never run /sbin/lilo again, which a new kernel's package "
		"may do: remove the guest's package lilo, or install GRUB in its place",
		in->guest->config);
}

int rule_lilo(const struct plan_input *in, struct plan *p, struct err *e)
{
	const struct guest *g = in->guest;

	if (g->loader != LOADER_LILO || g->boot != BOOT_MBR)
		return 0;
	for (size_t i = 0; i < g->n_menu; i++) {
		const char *what = NULL;
		int r = g->menu[i].chain ? 0 : find_stale(in, p, &g->menu[i], &what, e);

		if (r >= 0 && what)
			r = replace(in, p, e);
		if (r == -EUSERS && what)
			return err_wrap(e, r,
				"LILO starts \"" STR_FMT
				"\" from the map that /sbin/lilo wrote, and %s is to be "
				"changed: install GRUB in the guest in its place first",
				STR_ARG(g->menu[i].title), what);
		if (r < 0 || what)
			return r;
	}
	return 0;
}

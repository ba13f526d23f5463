/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See default_entry.h. */
#include <string.h>

#include "plan/default_entry.h"
#include "plan/draft.h"
#include "plan/rules.h"
#include "plan/stock_kernel.h"
#include "text/extlinux.h"
#include "text/grub_cfg.h"
#include "text/grubenv.h"
#include "text/menu_lst.h"
#include "text/menu_lst_kernel.h"
#include "text/shell_vars.h"
#include "text/version.h"

/* --- which ------------------------------------------------------------------------------ */

/* Kernels that are for looking for faults, or for when nothing else starts. */
static const char *const odd_releases[] = {
	"*debug*", "*-trace", "*-vanilla", "*kdump*", "0-rescue-*"};

/* Words on a kernel's line that make the start one for repairs. */
static const char *const odd_words[] = {"single", "recovery", "S", "s", "1", "emergency",
	"rescue", "init=*", "systemd.unit=*"};

static bool is_odd(const struct boot_entry *ent, const struct kernel *k)
{
	struct str args = ent->args, word;

	for (size_t i = 0; i < ARRAY_SIZE(odd_releases); i++)
		if (str_glob(odd_releases[i], str_from(k->release)))
			return true;
	while (str_word(&args, &word))
		for (size_t i = 0; i < ARRAY_SIZE(odd_words); i++)
			if (str_glob(odd_words[i], word))
				return true;
	return false;
}

static const struct kernel *kernel_of(const struct guest *g, const struct boot_entry *ent)
{
	for (size_t i = 0; i < g->n_kernels && ent->image && !ent->chain; i++)
		if (strcmp(ent->image, g->kernels[i].image) == 0)
			return &g->kernels[i];
	return NULL;
}

size_t default_entry_find(const struct guest *g, const struct kernel *old)
{
	const struct kernel *best = NULL;
	size_t found = g->n_menu;
	bool odd = true;

	for (size_t i = 0; i < g->n_menu; i++) {
		const struct kernel *k = kernel_of(g, &g->menu[i]);
		bool this_odd;

		if (!k || !kernel_may_follow(k, old))
			continue;
		this_odd = is_odd(&g->menu[i], k);
		if (best && (this_odd > odd ||
				    (this_odd == odd &&
					    version_cmp(str_from(k->release),
						    str_from(best->release)) <= 0)))
			continue;
		best = k;
		odd = this_odd;
		found = i;
	}
	return found;
}

/* --- saying so -------------------------------------------------------------------------- */

#define NOTE "a kernel that runs here is the default"

struct variable {
	const char *name;
	struct str value;
};

static int edit_number(
	struct str in, const void *request, struct strbuf *out, struct err *e)
{
	return menu_lst_set_default(in, *(const unsigned *)request, out, e);
}

static int edit_saved_number(
	struct str in, const void *request, struct strbuf *out, struct err *e)
{
	return menu_lst_set_saved(in, *(const unsigned *)request, out, e);
}

static int edit_grub_cfg(
	struct str in, const void *request, struct strbuf *out, struct err *e)
{
	return grub_cfg_set_default(in, *(const struct str *)request, out, e);
}

static int edit_grubenv(
	struct str in, const void *request, struct strbuf *out, struct err *e)
{
	const struct variable *v = request;

	return grubenv_set(in, v->name, v->value, out, e);
}

static int edit_shell(
	struct str in, const void *request, struct strbuf *out, struct err *e)
{
	const struct variable *v = request;

	return shell_vars_set(in, v->name, v->value, out, e);
}

static int edit_extlinux(
	struct str in, const void *request, struct strbuf *out, struct err *e)
{
	return extlinux_set_default(in, *(const struct str *)request, out, e);
}

/* `default saved` and a number beside the menu stay so. */
static int set_legacy(
	const struct plan_input *in, size_t entry, struct plan *p, struct err *e)
{
	const char *const saved = "/boot/grub/default";
	const unsigned index = (unsigned)entry;
	struct str text, number;

	if (draft_read(in, p, in->guest->config, &text) && menu_lst_default(text) < 0 &&
		draft_read(in, p, saved, &number))
		return draft_edit(
			in, p, "kernel", saved, edit_saved_number, &index, NOTE, e);
	return draft_edit(
		in, p, "kernel", in->guest->config, edit_number, &index, NOTE, e);
}

static int set_variable(const struct plan_input *in, const char *path, draft_editor edit,
	const char *name, struct str value, struct plan *p, struct err *e)
{
	const struct variable v = {name, value};

	return draft_edit(in, p, "kernel", path, edit, &v, NOTE, e);
}

/* The environment block beside grub.cfg. */
static char *block_path(const struct guest *g)
{
	const char *slash = strrchr(g->config, '/');

	return str_printf("%.*s/grubenv", (int)(slash - g->config), g->config);
}

/* grub.cfg, or the block that it asks; and what grub-mkconfig would write it from. */
static int set_grub2(
	const struct plan_input *in, size_t entry, struct plan *p, struct err *e)
{
	const struct guest *g = in->guest;
	const struct str name = g->menu[entry].name;
	cleanup_(free_charp) char *env = block_path(g);
	cleanup_(strbuf_done) struct strbuf kept = {0};
	struct str text, block = {0};
	bool saved = false;
	int r;

	if (!env)
		return err_oom(e);
	if (!name.n)
		return refuse(e,
			"it starts a kernel that runs on Xen alone, and the entry "
			"\"" STR_FMT
			"\" of %s has no name by which it could be made the default",
			STR_ARG(g->menu[entry].title), g->config);
	if (draft_read(in, p, env, &block) && draft_read(in, p, g->config, &text))
		saved = str_contains(grub_cfg_default(text), "saved_entry");
	if (saved)
		r = set_variable(in, env, edit_grubenv, "saved_entry", name, p, e);
	else
		r = draft_edit(in, p, "kernel", g->config, edit_grub_cfg, &name, NOTE, e);
	/* What grub-reboot has asked for once comes before either. */
	if (r >= 0 && grubenv_get(block, "next_entry").n)
		r = set_variable(in, env, edit_grubenv, "next_entry", STR(""), p, e);
	if (r < 0 || !draft_read(in, p, "/etc/default/grub", &text))
		return r;
	if (saved && shell_vars_get(text, "GRUB_DEFAULT", &kept) &&
		str_is(strbuf_str(&kept), "saved"))
		return 0;
	return set_variable(
		in, "/etc/default/grub", edit_shell, "GRUB_DEFAULT", name, p, e);
}

/* extlinux-update of Debian writes the config from its own settings. */
static int set_extlinux(
	const struct plan_input *in, size_t entry, struct plan *p, struct err *e)
{
	const struct guest *g = in->guest;
	const struct str label = g->menu[entry].title;
	int r = draft_edit(in, p, "kernel", g->config, edit_extlinux, &label, NOTE, e);

	return r < 0 ? r
		     : set_variable(in, "/etc/default/extlinux", edit_shell,
			       "EXTLINUX_DEFAULT", label, p, e);
}

static int (*const setters[])(
	const struct plan_input *in, size_t entry, struct plan *p, struct err *e) = {
	[LOADER_GRUB_LEGACY] = set_legacy,
	[LOADER_GRUB2] = set_grub2,
	[LOADER_EXTLINUX] = set_extlinux,
	[LOADER_LILO] = NULL,
};

int default_entry_set(
	const struct plan_input *in, size_t entry, struct plan *p, struct err *e)
{
	const struct guest *g = in->guest;

	if ((size_t)g->loader >= ARRAY_SIZE(setters) || !setters[g->loader])
		return refuse(e,
			"it starts a kernel that runs on Xen alone: make \"" STR_FMT
			"\" the default in %s first",
			STR_ARG(g->menu[entry].title), g->config);
	return setters[g->loader](in, entry, p, e);
}

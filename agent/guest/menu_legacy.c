/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GRUB legacy's menu, which pv-grub and kvm-pvgrub.img read too (GRUB 0.97, stage2/stage2.c,
 * cmdline.c). */
#include <errno.h>

#include "guest/grub_device.h"
#include "guest/menu.h"
#include "text/menu_lst.h"

/* The argument of a command before the first title; blanks or '=' stand between. */
static struct str find_option(struct str text, const char *name)
{
	struct str found = {0};

	STR_FOREACH_LINE (line, text) {
		struct str word = str_trim(line);

		if (str_starts(word, "title"))
			break;
		if (!str_skip(&word, name) || !word.n ||
			(*word.p != '=' && *word.p != ' ' && *word.p != '\t'))
			continue;
		while (word.n && (*word.p == '=' || *word.p == ' ' || *word.p == '\t'))
			word = str_from_pos(word, 1);
		found = word;
	}
	return found;
}

/* `default saved`: the number in the file that savedefault writes. */
static bool read_saved(const struct menu_work *w, uint64_t *ret)
{
	struct str text, word;

	return snapshot_data(w->snap, "/boot/grub/default", &text) &&
	       str_word(&text, &word) && str_u64(word, ret);
}

static void choose(const struct menu_work *w, struct str text)
{
	int def = menu_lst_default(text);
	struct str list = find_option(text, "fallback"), word;
	struct guest *g = w->g;
	uint64_t n = def >= 0 ? (uint64_t)def : 0;

	g->default_known = (def >= 0 || read_saved(w, &n)) && n < g->n_menu;
	g->default_entry = g->default_known ? (size_t)n : 0;
	/* An entry that fails is followed by those of `fallback`. */
	while (g->n_menu && g->menu[g->default_entry].problem && str_word(&list, &word))
		if (str_u64(word, &n) && n < g->n_menu && !g->menu[n].problem)
			g->default_entry = (size_t)n;
}

/* The kernel is read from its own "(hd0,0)", or else from the entry's root. */
static int settle(const struct menu_work *w, struct boot_entry *ent)
{
	const bool own = str_starts(ent->kernel, "(");
	struct str name = own ? ent->kernel : ent->root, rest;
	const struct device *from;
	int r = 0;

	if (own && str_cut(name, ')', &name, &rest))
		name.n++;
	from = grub_device_find_legacy(w->m, w->g, name);
	if (!own)
		from = menu_root(w, from);
	/* A CD, a floppy or the net is nothing that could be known here. */
	if (!from && str_starts(name, "(hd") && !ent->chain)
		r = menu_problem(w, ent,
			str_printf("there is no " STR_FMT " on this machine",
				STR_ARG(name)));
	return r < 0 ? r
		     : menu_settle(w, ent, from, menu_without_device(ent->kernel),
			       menu_without_device(ent->initrd));
}

int menu_read_legacy(const struct menu_work *w, struct str text)
{
	struct menu_lst_entry ent;
	struct str rest = text;
	size_t line = 0;
	int r;

	while (menu_lst_next(&rest, &line, &ent)) {
		struct boot_entry *to = menu_add(w);

		if (!to)
			return -EINVAL;
		*to = (struct boot_entry){.title = ent.title,
			.kernel = ent.kernel,
			.args = ent.args,
			.initrd = ent.initrd,
			.root = ent.root,
			.chain = ent.chainloader || ent.xen || !ent.kernel.n};
		r = settle(w, to);
		if (r < 0)
			return r;
	}
	w->g->menu_waits = menu_lst_waits(text);
	choose(w, text);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See grub_script.h. The config is executed, then each submenu is entered and each entry
 * executed, all from the variables that the menu was reached with; then the entry is chosen
 * that GRUB starts by itself (grub-core/normal/menu.c). */
#include <errno.h>

#include "text/grub_script_work.h"

#define MAX_LOOKED_AT ((size_t)32 << 20)
#define MAX_MEMORY ((size_t)16 << 20)

/* GRUB 2.06 on a PC's BIOS. */
static const char *const variables[][2] = {
	{"grub_platform", "pc"},
	{"grub_cpu", "i386"},
	{"feature_chainloader_bpb", "y"},
	{"feature_ntldr", "y"},
	{"feature_platform_search_hint", "y"},
	{"feature_default_font_path", "y"},
	{"feature_all_video_module", "y"},
	{"feature_menuentry_id", "y"},
	{"feature_menuentry_options", "y"},
	{"feature_200_final", "y"},
	{"feature_nativedisk_cmd", "y"},
	{"feature_timeout_style", "y"},
};

static void set(struct script *x, const char *name, struct str value)
{
	grub_script_set(x, str_from(name), value);
	grub_script_export(x, str_from(name));
}

static void set_up(struct script *x, struct str root, struct str path)
{
	struct str folder = path, disk = root, rest;
	struct strbuf text = {0};

	for (size_t i = 0; i < ARRAY_SIZE(variables); i++)
		set(x, variables[i][0], str_from(variables[i][1]));
	while (folder.n && folder.p[folder.n - 1] != '/')
		folder.n--;
	strbuf_addf(&text, "(" STR_FMT ")" STR_FMT, STR_ARG(root),
		STR_ARG(str_upto(folder, folder.n ? folder.n - 1 : 0)));
	set(x, "root", root);
	set(x, "prefix", grub_script_take(x, &text));
	if (str_starts(root, "hd"))
		str_cut(root, ',', &disk, &rest);
	strbuf_addf(&text, "(" STR_FMT ")", STR_ARG(disk));
	set(x, "cmdpath", grub_script_take(x, &text));
	x->fedora = str_ends(str_upto(folder, folder.n ? folder.n - 1 : 0), "/grub2");
}

/* Executes the body of an entry or submenu. */
static void execute(struct script *x, const struct grub_menu_entry *ent)
{
	struct script_args params = {.v = ent->params, .n = ent->n_params};

	x->params = params;
	x->calls = 1;
	x->status = 0;
	x->lost = (struct str){0};
	grub_script_run(x, ent->body);
	x->calls = 0;
	x->returns = false;
	x->breaks = 0;
}

/* An entry finds the variables of the menu that it stands in; a submenu those that are
 * exported (normal/menu.c, grub_menu_execute_entry). */
static void execute_menu(struct script *x, size_t in)
{
	struct script_env env = x->env;

	for (size_t i = 0; i < x->menu->n && !x->stop; i++) {
		if (x->menu->v[i].in != in)
			continue;
		x->env = env;
		x->env = grub_script_env_copy(x, x->menu->v[i].submenu);
		if (x->menu->v[i].submenu) {
			x->in = i;
			x->entry = GRUB_MENU_TOP;
			execute(x, &x->menu->v[i]);
			execute_menu(x, i);
			continue;
		}
		x->entry = i;
		execute(x, &x->menu->v[i]);
		if (!x->menu->v[i].kernel.n && !x->menu->v[i].chain)
			x->menu->v[i].problem = STR("no linux command in it is reached");
	}
	x->env = env;
}

/* The first item of "submenu>entry", in which ">>" is a plain '>', and what follows. */
static struct str take_item(struct str *path)
{
	struct str item;
	size_t n = 0;

	for (; n < path->n; n++) {
		if (path->p[n] != '>')
			continue;
		if (n + 1 == path->n || path->p[n + 1] != '>')
			break;
		n++;
	}
	item = str_upto(*path, n);
	*path = str_from_pos(*path, n + 1);
	return item;
}

static bool is_name(struct str name, struct str item)
{
	size_t n = 0;

	for (size_t i = 0; i < item.n; i++, n++) {
		i += item.p[i] == '>' && i + 1 < item.n;
		if (n >= name.n || name.p[n] != item.p[i])
			return false;
	}
	return n == name.n && n > 0;
}

static bool is_named(const struct grub_menu_entry *ent, struct str item)
{
	return is_name(ent->title, item) || is_name(ent->id, item);
}

/* The entry of the menu `in` that an item of `default` says: a number, a title or an id; n
 * where there is none. */
static size_t find_item(
	const struct grub_menu *m, size_t in, struct str item, bool names_first)
{
	struct str rest;
	uint64_t number;
	bool numbered = grub_script_number(item, &number, &rest);
	size_t place = 0;

	for (size_t i = 0; i < m->n && (names_first || !numbered); i++)
		if (m->v[i].in == in && is_named(&m->v[i], item))
			return i;
	for (size_t i = 0; i < m->n && numbered; i++)
		if (m->v[i].in == in && place++ == number)
			return i;
	return m->n;
}

static size_t first_of(const struct grub_menu *m, size_t in)
{
	size_t i = 0;

	while (i < m->n && m->v[i].in != in)
		i++;
	return i;
}

static void choose(struct script *x, struct grub_menu *m, struct str path)
{
	size_t in = GRUB_MENU_TOP;

	m->known = path.n > 0;
	do {
		struct str item = take_item(&path);
		size_t found = find_item(m, in, item, x->fedora);

		/* A submenu alone stands for its first entry. */
		if (found == m->n) {
			m->known = m->known && !item.n && in != GRUB_MENU_TOP;
			found = first_of(m, in);
		}
		m->chosen = in = found;
	} while (m->chosen < m->n && m->v[m->chosen].submenu);
}

/* Where the chosen entry starts nothing: the first of `fallback`, numbers with blanks between,
 * that does. */
static void fall_back(struct grub_menu *m, struct str list)
{
	struct str word;
	uint64_t number;

	if (m->chosen < m->n && !m->v[m->chosen].problem.n)
		return;
	while (str_word(&list, &word) && str_u64(word, &number)) {
		size_t i = find_item(m, GRUB_MENU_TOP, word, false);

		if (i == m->n || m->v[i].submenu || m->v[i].problem.n)
			continue;
		m->chosen = i;
		return;
	}
}

int grub_script_menu(const struct grub_host *host, struct str root, struct str path,
	struct grub_menu *ret, struct err *e)
{
	struct grub_menu menu = {0};
	struct script x = {.host = host,
		.menu = &menu,
		.in = GRUB_MENU_TOP,
		.entry = GRUB_MENU_TOP,
		.budget = MAX_LOOKED_AT,
		.memory = MAX_MEMORY};
	struct script_call read = {.name = STR("source"), .args = {.v = &path, .n = 1}};
	int r;

	set_up(&x, root, path);
	grub_script_command(&x, &read);
	r = x.stop;
	if (!r && x.status && !menu.n)
		r = -ENOENT;
	if (r >= 0) {
		struct str def = grub_script_get(&x, STR("default"));
		struct str fallback = grub_script_get(&x, STR("fallback"));

		x.handed_over = false;
		execute_menu(&x, GRUB_MENU_TOP);
		choose(&x, &menu, def);
		fall_back(&menu, fallback);
		r = x.stop;
	}
	if (r < 0) {
		grub_menu_done(&menu);
		return r == -ENOMEM ? err_oom(e)
		       : r == -ENOENT
			       ? err_set(e, r, STR_FMT " cannot be read", STR_ARG(path))
			       : err_set(e, r, STR_FMT ": more work than a menu can be",
					 STR_ARG(path));
	}
	*ret = menu;
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands that make menu entries, find devices and load kernels: menuentry and submenu
 * (grub-core/commands/menuentry.c), search (search_wrap.c), linux and initrd, and those that
 * hand over to something else. See grub_script_work.h. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/grub_script_work.h"

/* The entry that is being executed; NULL while a config is read. */
static struct grub_menu_entry *current(struct script *x)
{
	return x->entry == GRUB_MENU_TOP ? NULL : &x->menu->v[x->entry];
}

/* "a b 'c d'" as the kernel gets it (grub-core/lib/cmdline.c). */
static struct str join(
	struct script *x, struct script_args args, size_t from, bool escape)
{
	struct strbuf line = {0};

	for (size_t i = from; i < args.n; i++) {
		struct str word = args.v[i];
		bool quote = escape && word.n && memchr(word.p, ' ', word.n);

		strbuf_adds(&line, i > from ? " " : "");
		strbuf_adds(&line, quote ? "\"" : "");
		for (size_t j = 0; j < word.n; j++) {
			if (escape && strchr("\\'\"", word.p[j]) && word.p[j])
				strbuf_addc(&line, '\\');
			strbuf_addc(&line, word.p[j]);
		}
		strbuf_adds(&line, quote ? "\"" : "");
	}
	return grub_script_take(x, &line);
}

static void set_problem(struct script *x, struct grub_menu_entry *ent, const char *fmt,
	...) printf_like(3, 4);
static void set_problem(
	struct script *x, struct grub_menu_entry *ent, const char *fmt, ...)
{
	char text[400];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	ent->problem = grub_script_keep(
		x, str_upto((struct str){text, sizeof(text) - 1}, n > 0 ? (size_t)n : 0));
}

int grub_script_linux(struct script *x, const struct script_call *call)
{
	struct grub_menu_entry *ent = current(x);
	struct str device, path;
	uint64_t size;

	if (!ent)
		return 0;
	if (!call->args.n)
		return 1;
	ent->kernel = call->args.v[0];
	ent->args = join(x, call->args, 1, true);
	ent->initrd = ent->problem = (struct str){"", 0};
	grub_script_path(x, ent->kernel, &device, &path);
	ent->root = device;
	ent->chain = false;
	ent->loaded = grub_script_look(x, ent->kernel, &size) == GRUB_FILE;
	if (!ent->loaded)
		set_problem(x, ent, "%s" STR_FMT "%sno " STR_FMT " on (" STR_FMT ")",
			x->lost.n ? "search found no " : "", STR_ARG(x->lost),
			x->lost.n ? ", and there is " : "there is ", STR_ARG(path),
			STR_ARG(device));
	if (str_is(call->name, "linuxefi")) {
		ent->loaded = false;
		set_problem(x, ent, "linuxefi is a command of GRUB for EFI alone");
	}
	return !ent->loaded;
}

int grub_script_initrd(struct script *x, const struct script_call *call)
{
	struct grub_menu_entry *ent = current(x);
	uint64_t size;

	if (!ent)
		return 0;
	if (!ent->loaded || !call->args.n)
		return 1;
	ent->initrd = join(x, call->args, 0, false);
	for (size_t i = 0; i < call->args.n; i++)
		if (grub_script_look(x, call->args.v[i], &size) != GRUB_FILE)
			return 1;
	return 0;
}

int grub_script_chain(struct script *x, const struct script_call *call)
{
	struct grub_menu_entry *ent = current(x);

	(void)call;
	if (ent)
		ent->chain = true;
	return 0;
}

/* Under a hypervisor: no kernel of this guest that starts by itself. */
int grub_script_multiboot(struct script *x, const struct script_call *call)
{
	struct grub_menu_entry *ent = current(x);

	if (!ent)
		return 0;
	ent->kernel = ent->args = ent->initrd = (struct str){"", 0};
	return grub_script_chain(x, call);
}

/* The first module is its kernel, the second that one's initramfs. */
int grub_script_module(struct script *x, const struct script_call *call)
{
	struct grub_menu_entry *ent = current(x);
	size_t i = 0;

	while (i < call->args.n && str_starts(call->args.v[i], "--"))
		i++;
	if (!ent || !ent->chain || i == call->args.n)
		return 0;
	if (!ent->kernel.n) {
		ent->kernel = call->args.v[i];
		ent->args = join(x, call->args, i + 1, true);
	} else if (!ent->initrd.n) {
		ent->initrd = call->args.v[i];
	}
	return 0;
}

/* --- search --------------------------------------------------------------------------- */

struct search {
	enum grub_search by;
	struct str what, var;
	bool set;
	struct script_args hints;
};

/* "hd0," as a hint means the disk's partitions as well: the search of all finds those. */
static bool try_device(struct script *x, const struct search *s, struct str device)
{
	if (str_ends(device, ","))
		device.n--;
	if (!grub_script_charge(x, 256) ||
		!x->host->matches(x->host->ctx, device, s->by, s->what))
		return false;
	if (s->set)
		grub_script_set(x, s->var, device);
	return true;
}

static bool search_all(struct script *x, const struct search *s)
{
	struct strbuf name = {0};
	bool found = false;

	for (size_t i = 0; i < s->hints.n && !found; i++)
		found = try_device(x, s, s->hints.v[i]);
	for (size_t i = 0; !found && x->host->device(x->host->ctx, i, &name); i++) {
		found = try_device(x, s, grub_script_take(x, &name));
		if (x->stop)
			break;
	}
	strbuf_done(&name);
	return found;
}

/* Hints for other firmware than a PC's BIOS are passed over. */
static bool take_hint(
	const struct script_args *args, size_t *i, struct search *s, struct script *x)
{
	static const char *const others[] = {
		"--hint-ieee1275", "--hint-efi", "--hint-arc", "--hint-xen"};
	static const char *const mine[] = {"--hint", "--hint-bios", "--hint-baremetal"};
	struct str hint = {0};

	for (size_t n = 0; n < ARRAY_SIZE(others); n++)
		if (grub_script_option(args, i, others[n], NULL, &hint))
			return true;
	for (size_t n = 0; n < ARRAY_SIZE(mine); n++)
		if (grub_script_option(args, i, mine[n], NULL, &hint)) {
			grub_script_add(x, &s->hints, hint);
			return true;
		}
	return false;
}

static void read_words(struct script *x, const struct script_args *args, struct search *s)
{
	static const struct {
		const char *name, *letter;
		enum grub_search by;
	} kinds[] = {
		{"--file", "-f", GRUB_SEARCH_FILE},
		{"--label", "-l", GRUB_SEARCH_LABEL},
		{"--fs-uuid", "-u", GRUB_SEARCH_FS_UUID},
	};

	for (size_t i = 0; i < args->n; i++) {
		struct str *word = &args->v[i];
		bool known = take_hint(args, &i, s, x);

		for (size_t n = 0; n < ARRAY_SIZE(kinds) && !known; n++) {
			known = grub_script_option(
				args, &i, kinds[n].name, kinds[n].letter, NULL);
			s->by = known ? kinds[n].by : s->by;
		}
		if (known || str_is(*word, "--no-floppy") || str_is(*word, "-n"))
			continue;
		/* `--set` alone may have what is searched behind it, not its variable. */
		if (str_is(*word, "--set") || str_is(*word, "-s"))
			s->set = true;
		else if (grub_script_option(args, &i, "--set", NULL, &s->var))
			s->set = true;
		else if (s->what.n && s->set) {
			s->var = s->what;
			s->what = *word;
		} else if (!str_starts(*word, "--")) {
			s->what = *word;
		}
	}
}

/* search.fs_uuid WHAT [VARIABLE [HINT...]] */
static void read_plain(struct script *x, const struct script_call *call, struct search *s)
{
	s->by = str_ends(call->name, "uuid")    ? GRUB_SEARCH_FS_UUID
		: str_ends(call->name, "label") ? GRUB_SEARCH_LABEL
						: GRUB_SEARCH_FILE;
	s->what = call->args.n ? call->args.v[0] : (struct str){0};
	s->set = call->args.n > 1;
	if (s->set)
		s->var = call->args.v[1];
	for (size_t i = 2; i < call->args.n; i++)
		grub_script_add(x, &s->hints, call->args.v[i]);
}

int grub_script_search(struct script *x, const struct script_call *call)
{
	static const char *const names[] = {[GRUB_SEARCH_FILE] = "device with the file ",
		[GRUB_SEARCH_LABEL] = "file system labelled ",
		[GRUB_SEARCH_FS_UUID] = "file system "};
	struct search s = {.var = STR("root")};
	struct strbuf lost = {0};

	if (str_is(call->name, "search"))
		read_words(x, &call->args, &s);
	else
		read_plain(x, call, &s);
	if (!s.what.n)
		return 1;
	if (search_all(x, &s)) {
		x->lost = (struct str){0};
		return 0;
	}
	strbuf_addf(&lost, "%s" STR_FMT, names[s.by], STR_ARG(s.what));
	x->lost = grub_script_take(x, &lost);
	return 1;
}

/* --- the menu --------------------------------------------------------------------------- */

struct grub_menu_entry *grub_script_add_entry(struct script *x)
{
	struct grub_menu *m = x->menu;

	if (!m->v) {
		m->v = grub_script_alloc(x, GRUB_MENU_MAX * sizeof(*m->v));
		if (!m->v)
			return NULL;
	}
	if (m->n >= GRUB_MENU_MAX) {
		x->stop = x->stop ? x->stop : -E2BIG;
		return NULL;
	}
	m->v[m->n].in = x->in;
	return &m->v[m->n++];
}

int grub_script_menuentry(struct script *x, const struct script_call *call)
{
	static const char *const valued[] = {"--class", "--users", "--hotkey"};
	struct str body = call->block, id = {0}, ignored;
	const struct script_args *args = &call->args;
	bool has_body = call->has_block, plain = false;
	struct grub_menu_entry *ent;
	struct script_args rest = {0};

	for (size_t i = 0; i < args->n && !x->stop; i++) {
		bool known = plain || *args->v[i].p != '-' || args->v[i].n < 2;

		if (known) {
			grub_script_add(x, &rest, args->v[i]);
			continue;
		}
		for (size_t n = 0; n < ARRAY_SIZE(valued) && !known; n++)
			known = grub_script_option(args, &i, valued[n], NULL, &ignored);
		if (known || str_is(args->v[i], "--unrestricted") ||
			grub_script_option(args, &i, "--id", NULL, &id))
			continue;
		if (grub_script_option(args, &i, "--source", NULL, &body))
			has_body = true;
		else if (str_is(args->v[i], "--"))
			plain = true;
		else
			return 1; /* GRUB: unknown argument */
	}
	/* Entries of the menu are made while it is read, not when one of them is executed. */
	if (!rest.n || !has_body || x->entry != GRUB_MENU_TOP)
		return 1;
	ent = grub_script_add_entry(x);
	if (!ent)
		return 1;
	ent->title = rest.v[0];
	ent->id = id.n ? id : rest.v[0];
	ent->submenu = str_is(call->name, "submenu");
	ent->body = body;
	ent->params = rest.v;
	ent->n_params = rest.n;
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See inittab.h. */
#include <string.h>

#include "text/edit.h"
#include "text/inittab.h"

static const char *const xen_consoles[] = {"hvc0", "xvc0"};

struct entry {
	struct str id, runlevels, action, process;
};

/* The entry of an active line; false for comments and what init(8) does not run. */
static bool parse(struct str line, struct entry *ret)
{
	struct str rest = str_trim(line);

	if (!rest.n || *rest.p == '#')
		return false;
	return str_cut(rest, ':', &ret->id, &rest) &&
	       str_cut(rest, ':', &ret->runlevels, &rest) &&
	       str_cut(rest, ':', &ret->action, &ret->process) &&
	       !str_is(ret->action, "off");
}

static bool is_getty(const struct entry *ent)
{
	struct str rest = ent->process, word;

	while (str_word(&rest, &word))
		if (str_contains(word, "getty"))
			return true;
	return false;
}

/* sysvinit demands runlevels and takes the id as a name only; for busybox the id is the
 * terminal, and runlevels mean nothing. */
static bool id_is_tty(const struct entry *ent, const char *tty)
{
	return !ent->runlevels.n && str_is(ent->id, tty);
}

/* The next word of the process that is the tty, without "/dev/"; the getty's own name is
 * no such word. */
static bool next_tty(struct str *rest, const char *tty, struct str *ret_word)
{
	while (str_word(rest, ret_word)) {
		(void)str_skip(ret_word, "/dev/");
		if (str_is(*ret_word, tty))
			return true;
	}
	return false;
}

/* True if the entry gives people a login or a shell on the tty. */
static bool serves(const struct entry *ent, const char *tty)
{
	struct str rest = ent->process, word;

	return id_is_tty(ent, tty) || (is_getty(ent) && next_tty(&rest, tty, &word));
}

bool inittab_has_getty(struct str in, const char *name)
{
	struct entry ent;

	STR_FOREACH_LINE (line, in) {
		if (parse(line, &ent) && serves(&ent, name))
			return true;
	}
	return false;
}

static void move(
	struct edit *ed, const struct entry *ent, const char *from, struct str to)
{
	struct str rest = ent->process, word;

	if (id_is_tty(ent, from))
		edit_replace(ed, ent->id, to);
	while (next_tty(&rest, from, &word))
		edit_replace(ed, word, to);
}

int inittab_console(
	struct str in, const char *console, struct strbuf *ret_out, struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};
	bool served = inittab_has_getty(in, console);

	STR_FOREACH_LINE (line, in) {
		struct entry ent;

		if (!parse(line, &ent) || serves(&ent, console))
			continue;
		for (size_t i = 0; i < ARRAY_SIZE(xen_consoles); i++) {
			if (str_is(str_from(console), xen_consoles[i]) ||
				!serves(&ent, xen_consoles[i]))
				continue;
			if (served)
				edit_insert(&ed, line.p, STR("#"));
			else
				move(&ed, &ent, xen_consoles[i], str_from(console));
			served = true;
			break;
		}
	}
	return edit_finish(&ed, ret_out, e);
}

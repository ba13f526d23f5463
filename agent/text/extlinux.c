/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See extlinux.h. A line is a keyword of any case, blanks, and its argument. */
#include <errno.h>
#include <strings.h>

#include "text/extlinux.h"

static bool parse_line(struct str line, struct str *ret_keyword, struct str *ret_arg)
{
	line = str_chomp(line);
	/* The '#' of a comment makes it a key that is not asked for. */
	if (!str_word(&line, ret_keyword))
		return false;
	*ret_arg = line;
	return true;
}

static bool is_keyword(struct str word, const char *keyword)
{
	struct str want = str_from(keyword);

	return word.n == want.n && strncasecmp(word.p, want.p, want.n) == 0;
}

int extlinux_edit(struct str in, const struct cmdline_edit *req, struct strbuf *ret_out,
	struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};
	size_t number = 0;

	STR_FOREACH_LINE (line, in) {
		struct str keyword, arg;
		int r;

		number++;
		if (!parse_line(line, &keyword, &arg) || !is_keyword(keyword, "append"))
			continue;
		r = cmdline_edit_words(&ed, arg, req, e);
		if (r < 0)
			return err_wrap(e, r, "line %zu", number);
	}
	return edit_finish(&ed, ret_out, e);
}

/* What mboot.c32 is given: "xen.gz args --- vmlinuz args --- initrd". */
static void read_mboot(struct extlinux_entry *ent)
{
	struct str rest = ent->args, word, kernel = {0}, args = {0}, initrd = {0};
	unsigned part = 0;
	bool first = true;

	while (str_word(&rest, &word)) {
		if (str_is(word, "---")) {
			part++;
			first = true;
			continue;
		}
		if (part == 1 && first) {
			kernel = word;
			args = str_from_pos(word, word.n);
		} else if (part == 1) {
			args.n = (size_t)(word.p + word.n - args.p);
		} else if (part == 2 && first) {
			initrd = word;
		}
		first = false;
	}
	if (!kernel.n)
		return;
	ent->kernel = kernel;
	ent->args = str_trim(args);
	ent->initrd = initrd;
}

static void finish_entry(struct extlinux_entry *ent)
{
	if (str_ends(ent->kernel, "mboot.c32"))
		read_mboot(ent);
	else if (!ent->initrd.n)
		cmdline_get(ent->args, "initrd", &ent->initrd);
}

bool extlinux_next(struct str *rest, size_t *line, struct extlinux_entry *ret)
{
	struct extlinux_entry ent = {0};
	struct str text, keyword, arg;
	bool in_entry = false;

	for (;;) {
		struct str before = *rest;

		if (!str_line(rest, &text))
			break;
		++*line;
		if (!parse_line(text, &keyword, &arg))
			continue;
		if (is_keyword(keyword, "label")) {
			if (in_entry) {
				*rest = before;
				--*line;
				break;
			}
			in_entry = true;
			ent.label = str_trim(arg);
			ent.line = *line;
		} else if (!in_entry) {
			continue;
		} else if (is_keyword(keyword, "kernel") ||
			   is_keyword(keyword, "linux")) {
			str_word(&arg, &ent.kernel);
		} else if (is_keyword(keyword, "append")) {
			ent.args = str_trim(arg);
		} else if (is_keyword(keyword, "initrd")) {
			ent.initrd = str_trim(arg);
		}
	}
	if (!in_entry)
		return false;
	finish_entry(&ent);
	*ret = ent;
	return true;
}

struct str extlinux_default(struct str in)
{
	struct str label = {0}, marked = {0}, found = {0}, late = {0};
	uint64_t timeout = 0;

	STR_FOREACH_LINE (line, in) {
		struct str keyword, arg, word;

		if (!parse_line(line, &keyword, &arg))
			continue;
		if (is_keyword(keyword, "label"))
			label = str_trim(arg);
		else if (is_keyword(keyword, "default"))
			str_word(&arg, &found);
		else if (is_keyword(keyword, "ontimeout"))
			str_word(&arg, &late);
		else if (is_keyword(keyword, "timeout"))
			str_u64(str_trim(arg), &timeout);
		else if (is_keyword(keyword, "menu") && str_word(&arg, &word) &&
			 is_keyword(word, "default"))
			marked = label;
	}
	if (timeout && late.n)
		return late;
	return !found.n || str_ends(found, ".c32") ? marked : found;
}

/* The first words that say which label starts: "DEFAULT x", "ONTIMEOUT x"; whether DEFAULT names
 * a menu program, which looks for MENU DEFAULT; the line behind which that may stand. */
struct choice {
	struct str named, late;
	bool menu;
	const char *behind_label;
};

static struct choice find_choice(struct str in, struct str label)
{
	struct choice c = {0};

	STR_FOREACH_LINE (line, in) {
		struct str keyword, arg;

		if (!parse_line(line, &keyword, &arg))
			continue;
		if (is_keyword(keyword, "label") && str_eq(str_trim(arg), label))
			c.behind_label = line.p + line.n;
		else if (is_keyword(keyword, "default"))
			str_word(&arg, &c.named);
		else if (is_keyword(keyword, "ontimeout"))
			str_word(&arg, &c.late);
	}
	c.menu = str_ends(c.named, ".c32");
	return c;
}

static bool is_menu_default(struct str line)
{
	struct str keyword, arg, word;

	return parse_line(line, &keyword, &arg) && is_keyword(keyword, "menu") &&
	       str_word(&arg, &word) && is_keyword(word, "default");
}

int extlinux_set_default(
	struct str in, struct str label, struct strbuf *ret_out, struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};
	cleanup_(strbuf_done) struct strbuf first = {0};
	const struct choice c = find_choice(in, label);

	if (c.menu && !c.behind_label)
		return err_set(e, -ENOENT, "it has no label " STR_FMT, STR_ARG(label));
	strbuf_addf(&first, "DEFAULT " STR_FMT "\n", STR_ARG(label));
	if (strbuf_err(&first) < 0)
		return err_oom(e);
	if (!c.named.n)
		edit_insert(&ed, in.p, strbuf_str(&first));
	STR_FOREACH_LINE (line, in) {
		const bool marks = c.menu && is_menu_default(line);
		struct str keyword, arg, word;

		if (marks && line.p != c.behind_label)
			edit_remove(&ed, line);
		else if (c.menu && !marks && line.p == c.behind_label)
			edit_insert(&ed, line.p, STR("\tMENU DEFAULT\n"));
		if (parse_line(line, &keyword, &arg) && str_word(&arg, &word) &&
			((is_keyword(keyword, "default") && !c.menu) ||
				is_keyword(keyword, "ontimeout")))
			edit_replace(&ed, word, label);
	}
	if (c.menu && c.behind_label == in.p + in.n)
		edit_insert(&ed, c.behind_label,
			str_ends(in, "\n") ? STR("\tMENU DEFAULT\n")
					   : STR("\n\tMENU DEFAULT\n"));
	return edit_finish(&ed, ret_out, e);
}

struct str extlinux_global_append(struct str in)
{
	struct str found = {0};

	STR_FOREACH_LINE (line, in) {
		struct str keyword, arg;

		if (!parse_line(line, &keyword, &arg))
			continue;
		if (is_keyword(keyword, "label"))
			break;
		if (is_keyword(keyword, "append"))
			found = str_trim(arg);
	}
	return found;
}

struct str extlinux_include(struct str line)
{
	struct str keyword, arg, word = {0};

	if (!parse_line(line, &keyword, &arg) || !str_word(&arg, &word))
		return (struct str){0};
	if (is_keyword(keyword, "include"))
		return word;
	if (!is_keyword(keyword, "menu") || !is_keyword(word, "include") ||
		!str_word(&arg, &word))
		return (struct str){0};
	return word;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See menu_lst_kernel.h. */
#include <errno.h>

#include "text/edit.h"
#include "text/menu_lst.h"
#include "text/menu_lst_kernel.h"

/* The command of a line, and the rest of it: they are parted by blanks or one '='. */
static bool command(struct str line, struct str *ret_name, struct str *ret_value)
{
	struct str rest = str_chomp(line), word, head, tail;

	if (!str_word(&rest, &word) || *word.p == '#')
		return false;
	if (str_cut(word, '=', &head, &tail)) {
		*ret_name = head;
		*ret_value = str_trim(str_range(tail.p, rest.p + rest.n));
		return true;
	}
	rest = str_trim(rest);
	(void)str_skip(&rest, "=");
	*ret_name = word;
	*ret_value = str_trim(rest);
	return true;
}

/* The line that is the first entry's; the end where there is none. */
static const char *first_title(struct str in)
{
	STR_FOREACH_LINE (line, in) {
		struct str name, value;

		if (command(line, &name, &value) && str_is(name, "title"))
			return line.p;
	}
	return in.p + in.n;
}

/* What stands before the first title is edited line by line: not where a line goes on in the next,
 * as none does that a tool writes. A comment does not. */
static int check_lines(struct str in, struct err *e)
{
	struct str head = str_range(in.p, first_title(in));

	STR_FOREACH_LINE (line, head)
		if (!str_starts(str_trim(line), "#") &&
			(str_ends(str_chomp(line), "\\") || str_ends(line, "\\\r")))
			return err_set(e, -EINVAL,
				"a line before the first title goes on in the next one");
	return 0;
}

/* An entry has come before the others: each number of `fallback` is one more. */
static void shift_numbers(struct edit *ed, struct str list)
{
	struct str word;
	uint64_t n;

	while (str_word(&list, &word)) {
		cleanup_(strbuf_done) struct strbuf text = {0};

		if (!str_u64(word, &n))
			continue;
		strbuf_addf(&text, "%llu", (unsigned long long)n + 1);
		ed->out.oom |= text.oom;
		edit_replace(ed, word, strbuf_str(&text));
	}
}

/* What a line that is put at `at` needs before it: the last one may have no end. */
static const char *newline_before(struct str in, const char *at)
{
	return at == in.p || at[-1] == '\n' ? "" : "\n";
}

/* The commands before the first title; an entry that is `added` stands in front of them all. */
static void edit_commands(
	struct edit *ed, unsigned index, bool added, const char *at, struct str entry)
{
	cleanup_(strbuf_done) struct strbuf number = {0}, line_of_it = {0};
	const char *end = first_title(ed->in);
	struct str head = str_range(ed->in.p, end);
	bool found = false;

	strbuf_addf(&number, "%u", index);
	strbuf_addf(&line_of_it, "%sdefault %u\n", newline_before(ed->in, end), index);
	ed->out.oom |= number.oom || line_of_it.oom;
	STR_FOREACH_LINE (line, head) {
		struct str name, value;

		if (added && line.p == at)
			edit_insert(ed, at, entry);
		if (!command(line, &name, &value))
			continue;
		if (str_is(name, "default")) {
			if (!value.n)
				edit_insert(ed, value.p, STR(" "));
			edit_replace(ed, value, strbuf_str(&number));
			found = true;
		} else if (added && str_is(name, "fallback")) {
			shift_numbers(ed, value);
		}
	}
	if (added && at == end)
		edit_insert(ed, at, entry);
	if (!found && index)
		edit_insert(ed, end, strbuf_str(&line_of_it));
}

int menu_lst_set_default(
	struct str in, unsigned index, struct strbuf *ret_out, struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};
	int r = check_lines(in, e);

	if (r < 0)
		return r;
	edit_commands(&ed, index, false, NULL, (struct str){0});
	return edit_finish(&ed, ret_out, e);
}

/* Before the entries that Debian's update-grub writes anew each time; what stands above them it
 * keeps. */
static const char *place_of_entry(struct str in)
{
	const char *end = first_title(in);
	struct str head = str_range(in.p, end);

	STR_FOREACH_LINE (line, head) {
		if (str_starts(line, "### BEGIN AUTOMAGIC KERNELS LIST"))
			return line.p;
	}
	return end;
}

int menu_lst_add_timeout(
	struct str in, unsigned seconds, struct strbuf *ret_out, struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};
	cleanup_(strbuf_done) struct strbuf line = {0};
	const char *at = place_of_entry(in);
	int r;

	if (!menu_lst_waits(in))
		return 0;
	r = check_lines(in, e);
	if (r < 0)
		return r;
	strbuf_addf(&line, "%stimeout %u\n", newline_before(in, at), seconds);
	if (strbuf_err(&line) < 0)
		return err_oom(e);
	edit_insert(&ed, at, strbuf_str(&line));
	return edit_finish(&ed, ret_out, e);
}

int menu_lst_set_saved(
	struct str in, unsigned index, struct strbuf *ret_out, struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};
	cleanup_(strbuf_done) struct strbuf text = {0};
	struct str rest = in, word = str_upto(in, 0);

	(void)str_word(&rest, &word);
	strbuf_addf(&text, "%u", index);
	if (strbuf_err(&text) < 0)
		return err_oom(e);
	edit_replace(&ed, word, strbuf_str(&text));
	return edit_finish(&ed, ret_out, e);
}

int menu_lst_add_kernel(struct str in, const struct menu_lst_kernel *k,
	struct strbuf *ret_out, struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};
	cleanup_(strbuf_done) struct strbuf text = {0};
	struct menu_lst_entry ent;
	struct str rest = in;
	size_t line = 0;
	unsigned i = 0;
	bool found = false;

	while (!found && menu_lst_next(&rest, &line, &ent))
		found = i++ == k->like;
	if (!found || !ent.kernel.n)
		return err_set(
			e, -EINVAL, "the menu has no entry %u with a kernel", k->like);
	strbuf_addf(&text, "title\t\t" STR_FMT "\n", STR_ARG(k->title));
	if (ent.root.n)
		strbuf_addf(&text, "root\t\t" STR_FMT "\n", STR_ARG(ent.root));
	strbuf_addf(&text, "kernel\t\t" STR_FMT "%s" STR_FMT "\n", STR_ARG(k->path),
		ent.args.n ? " " : "", STR_ARG(ent.args));
	if (k->initrd.n)
		strbuf_addf(&text, "initrd\t\t" STR_FMT "\n", STR_ARG(k->initrd));
	strbuf_addc(&text, '\n');
	if (strbuf_err(&text) < 0)
		return err_oom(e);
	edit_commands(&ed, 0, true, place_of_entry(in), strbuf_str(&text));
	return edit_finish(&ed, ret_out, e);
}

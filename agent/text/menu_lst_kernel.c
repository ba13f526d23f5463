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

static void edit_default(struct edit *ed, const char *before, unsigned index)
{
	cleanup_(strbuf_done) struct strbuf text = {0};
	struct str head = str_range(ed->in.p, before);
	bool found = false;

	strbuf_addf(&text, "%u", index);
	ed->out.oom |= text.oom;
	STR_FOREACH_LINE (line, head) {
		struct str name, value;

		if (!command(line, &name, &value) || !str_is(name, "default"))
			continue;
		edit_replace(ed, value, strbuf_str(&text));
		found = true;
	}
	if (found || !index)
		return;
	strbuf_done(&text);
	strbuf_addf(&text, "default %u\n", index);
	ed->out.oom |= text.oom;
	edit_insert(ed, before, strbuf_str(&text));
}

int menu_lst_set_default(
	struct str in, unsigned index, struct strbuf *ret_out, struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};

	edit_default(&ed, first_title(in), index);
	return edit_finish(&ed, ret_out, e);
}

int menu_lst_add_kernel(struct str in, const struct menu_lst_kernel *k,
	struct strbuf *ret_out, struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};
	cleanup_(strbuf_done) struct strbuf text = {0};
	struct menu_lst_entry ent;
	const char *before = first_title(in);
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
	edit_default(&ed, before, 0);
	edit_insert(&ed, before, strbuf_str(&text));
	return edit_finish(&ed, ret_out, e);
}

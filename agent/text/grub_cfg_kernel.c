/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See grub_cfg_kernel.h. */
#include <errno.h>
#include <string.h>

#include "text/edit.h"
#include "text/grub_cfg.h"
#include "text/grub_cfg_kernel.h"

struct block {
	struct grub_cfg_entry ent;
	struct str text; /* its lines, without the last one's end */
};

static const char *line_start(struct str in, const char *at)
{
	while (at > in.p && at[-1] != '\n')
		at--;
	return at;
}

/* /boot/vmlinuz-RELEASE */
static bool starts(const struct grub_cfg_entry *ent, struct str release)
{
	const struct str path = ent->kernel;

	return path.n > release.n && path.p[path.n - release.n - 1] == '-' &&
	       str_eq(str_from_pos(path, path.n - release.n), release);
}

/* The entry that starts `release`, one in a submenu rather than one outside. */
static bool find(struct str in, struct str release, struct block *ret)
{
	struct grub_cfg_cursor c = {0};
	struct grub_cfg_entry ent;
	bool found = false;

	while ((!found || !ret->ent.depth) && grub_cfg_next(in, &c, &ent)) {
		if (!ent.title.n || !starts(&ent, release) || (found && !ent.depth))
			continue;
		*ret = (struct block){
			ent, str_range(line_start(in, ent.title.p), c.rest.p)};
		found = true;
	}
	return found;
}

/* Each `from` within `range` becomes `to`; false where there is none. */
static bool rename(struct edit *ed, struct str range, struct str from, struct str to)
{
	bool found = false;

	while (range.n >= from.n && from.n) {
		if (!str_eq(str_upto(range, from.n), from)) {
			range = str_from_pos(range, 1);
			continue;
		}
		edit_replace(ed, str_upto(range, from.n), to);
		range = str_from_pos(range, from.n);
		found = true;
	}
	return found;
}

static bool is_in(struct str range, struct str line)
{
	return range.n && range.p >= line.p && range.p < line.p + line.n;
}

/* The block with `to` in the place of `from`: not in the words for the kernel. */
static int copy(const struct block *b, struct str from, struct str to, struct strbuf *ret,
	struct err *e)
{
	const struct str ranges[] = {
		b->ent.title, b->ent.id, b->ent.kernel, b->ent.initrd};
	cleanup_(edit_done) struct edit ed = {.in = b->text};
	struct str head = b->text, first = {0};
	size_t left = 0;

	(void)str_word(&head, &first);
	if (!str_is(first, "menuentry"))
		return err_set(e, -EINVAL, "line %zu: something stands before menuentry",
			b->ent.line);
	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++)
		left += ranges[i].n > 0;
	STR_FOREACH_LINE (line, b->text) {
		struct str rest = line, word;

		if (str_word(&rest, &word) && str_is(word, "echo"))
			(void)rename(&ed, line, from, to);
		for (size_t i = 0; i < ARRAY_SIZE(ranges); i++)
			if (is_in(ranges[i], line))
				left -= rename(&ed, ranges[i], from, to);
	}
	if (left)
		return err_set(e, -EINVAL,
			"the entry \"" STR_FMT "\" does not say everywhere which kernel "
			"it starts",
			STR_ARG(b->ent.title));
	return edit_finish(&ed, ret, e);
}

int grub_cfg_add_kernel(struct str in, struct str from, struct str to,
	struct strbuf *ret_out, struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};
	cleanup_(strbuf_done) struct strbuf text = {0}, more = {0}, out = {0};
	struct block like, have;
	int r;

	if (!find(in, from, &like))
		return err_set(e, -EINVAL, "no entry starts " STR_FMT, STR_ARG(from));
	if (find(in, to, &have))
		return err_set(e, -EINVAL,
			"\"" STR_FMT "\" is there, but does not start it",
			STR_ARG(have.ent.title));
	r = copy(&like, from, to, &text, e);
	if (r < 0)
		return r;
	strbuf_addc(&more, '\n');
	strbuf_add(&more, strbuf_str(&text));
	if (strbuf_err(&more) < 0)
		return err_oom(e);
	edit_insert(&ed, like.text.p + like.text.n, strbuf_str(&more));
	r = edit_finish(&ed, &out, e);
	if (r < 0)
		return r;
	if (!find(strbuf_str(&out), to, &have) || have.ent.depth != like.ent.depth ||
		!str_eq(have.text, strbuf_str(&text)))
		return err_set(e, -EINVAL, "the end of \"" STR_FMT "\" is not clear",
			STR_ARG(like.ent.title));
	strbuf_done(ret_out);
	*ret_out = out;
	out = (struct strbuf){0};
	return 1;
}

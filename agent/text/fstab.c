/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See fstab.h. */
#include <limits.h>

#include "text/edit.h"
#include "text/fstab.h"

static unsigned number(struct str s)
{
	uint64_t v;

	return str_u64(s, &v) && v <= UINT_MAX ? (unsigned)v : 0;
}

/* One line's fields; false for comments, empty and malformed lines. mntops may be left
 * out (libmount reads such lines), the type may not. */
static bool parse_line(struct str line, struct fstab_entry *ret)
{
	struct fstab_entry ent = {0};
	struct str word;

	line = str_chomp(line);
	if (!str_word(&line, &ent.spec) || *ent.spec.p == '#')
		return false;
	if (!str_word(&line, &ent.file) || !str_word(&line, &ent.vfstype))
		return false;
	/* Empty, but in its place: behind the type. */
	ent.mntops = str_upto(line, 0);
	if (str_word(&line, &word))
		ent.mntops = word;
	if (str_word(&line, &word))
		ent.freq = number(word);
	if (str_word(&line, &word))
		ent.passno = number(word);
	*ret = ent;
	return true;
}

bool fstab_next(struct str *rest, size_t *line, struct fstab_entry *ret)
{
	struct str text;

	while (str_line(rest, &text)) {
		++*line;
		if (parse_line(text, ret)) {
			ret->line = *line;
			return true;
		}
	}
	return false;
}

bool fstab_has_option(struct str mntops, const char *option)
{
	struct str item, name, value;

	while (str_item(&mntops, ',', &item)) {
		if (str_is(item, option))
			return true;
		if (str_cut(item, '=', &name, &value) && str_is(name, option))
			return true;
	}
	return false;
}

bool fstab_is_swap(const struct fstab_entry *ent)
{
	return str_is(ent->vfstype, "swap");
}

/* Replaces a field and keeps the column behind it in its place, if it was put there by
 * more than one blank. `line` is what the field stands in. */
static void replace_field(
	struct edit *ed, struct str line, struct str field, struct str with)
{
	struct str rest = str_range(field.p + field.n, line.p + line.n);
	cleanup_(strbuf_done) struct strbuf text = {0};
	size_t blanks = 0, width;

	while (blanks < rest.n && rest.p[blanks] == ' ')
		blanks++;
	if (blanks < 2 || blanks == rest.n || rest.p[blanks] == '\t') {
		edit_replace(ed, field, with);
		return;
	}
	width = field.n + blanks;
	strbuf_add(&text, with);
	strbuf_addc(&text, ' ');
	strbuf_pad(&text, ' ', width);
	ed->out.oom |= text.oom;
	edit_replace(ed, (struct str){field.p, width}, strbuf_str(&text));
}

/* Options whose value is a device: external journals of ext3/4, xfs's log and realtime
 * devices, loop devices' backing disk, btrfs's members. */
static bool is_device_option(struct str name)
{
	static const char *const names[] = {
		"journal_path", "logdev", "rtdev", "loop", "device"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (str_is(name, names[i]))
			return true;
	return false;
}

static void rename_options(struct edit *ed, struct str mntops, const struct dev_map *map)
{
	struct str item, name, value;

	while (str_item(&mntops, ',', &item)) {
		cleanup_(strbuf_done) struct strbuf to = {0};

		if (!str_cut(item, '=', &name, &value) || !is_device_option(name) ||
			dev_map_find(map, value, &to) != DEV_RENAMED)
			continue;
		ed->out.oom |= to.oom;
		edit_replace(ed, value, strbuf_str(&to));
	}
}

int fstab_rename(
	struct str in, const struct dev_map *map, struct strbuf *ret_out, struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};

	STR_FOREACH_LINE (line, in) {
		cleanup_(strbuf_done) struct strbuf to = {0};
		struct fstab_entry ent;

		if (!parse_line(line, &ent))
			continue;
		if (dev_map_find_spec(map, ent.spec, &to) == DEV_RENAMED) {
			ed.out.oom |= to.oom;
			replace_field(&ed, str_chomp(line), ent.spec, strbuf_str(&to));
		}
		rename_options(&ed, ent.mntops, map);
	}
	return edit_finish(&ed, ret_out, e);
}

static bool same_spec(struct str a, struct str b)
{
	struct str tag_a, value_a, tag_b, value_b;

	if (str_eq(a, b))
		return true;
	return str_cut(a, '=', &tag_a, &value_a) && str_cut(b, '=', &tag_b, &value_b) &&
	       str_eq(tag_a, tag_b) && str_eq(str_unquote(value_a), str_unquote(value_b));
}

static bool has_spec(const struct strv *specs, struct str spec)
{
	STRV_FOREACH (it, specs)
		if (same_spec(spec, str_from(*it)))
			return true;
	return false;
}

int fstab_drop_swap(
	struct str in, const struct strv *specs, struct strbuf *ret_out, struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};

	STR_FOREACH_LINE (line, in) {
		struct fstab_entry ent;

		if (parse_line(line, &ent) && fstab_is_swap(&ent) &&
			has_spec(specs, ent.spec))
			edit_remove(&ed, line);
	}
	return edit_finish(&ed, ret_out, e);
}

int fstab_nofail(
	struct str in, const struct strv *specs, struct strbuf *ret_out, struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};

	STR_FOREACH_LINE (line, in) {
		cleanup_(strbuf_done) struct strbuf mntops = {0};
		struct fstab_entry ent;

		if (!parse_line(line, &ent) || !has_spec(specs, ent.spec) ||
			fstab_has_option(ent.mntops, "nofail"))
			continue;
		if (!ent.mntops.n) {
			edit_insert(&ed, ent.mntops.p, STR(" nofail"));
			continue;
		}
		strbuf_add(&mntops, ent.mntops);
		strbuf_adds(&mntops, ",nofail");
		ed.out.oom |= mntops.oom;
		replace_field(&ed, str_chomp(line), ent.mntops, strbuf_str(&mntops));
	}
	return edit_finish(&ed, ret_out, e);
}

int fstab_comment_out(
	struct str in, const char *vfstype, struct strbuf *ret_out, struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};

	STR_FOREACH_LINE (line, in) {
		struct fstab_entry ent;

		if (parse_line(line, &ent) && str_is(ent.vfstype, vfstype))
			edit_insert(&ed, line.p, STR("#"));
	}
	return edit_finish(&ed, ret_out, e);
}

int fstab_retype(struct str in, const struct fstab_type *what, struct strbuf *ret_out,
	struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};

	STR_FOREACH_LINE (line, in) {
		struct fstab_entry ent;

		if (parse_line(line, &ent) && str_is(ent.file, what->file) &&
			str_is(ent.vfstype, what->from))
			replace_field(
				&ed, str_chomp(line), ent.vfstype, str_from(what->to));
	}
	return edit_finish(&ed, ret_out, e);
}

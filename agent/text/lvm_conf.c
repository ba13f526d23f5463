/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See lvm_conf.h. The syntax is that of lvm.conf(5): key = value, value a string or an
 * array of strings over any number of lines, '#' comments, sections in braces. */
#include <errno.h>
#include <string.h>

#include "text/dev_pattern.h"
#include "text/edit.h"
#include "text/lvm_conf.h"

enum key {
	KEY_OTHER,
	KEY_FILTER, /* "a|regex|" or "r|regex|" */
	KEY_NAMES,  /* paths or regular expressions as they are */
};

static enum key key_of(struct str word)
{
	struct str section;

	(void)str_cut(word, '/', &section, &word); /* devices/filter */
	if (str_is(word, "filter") || str_is(word, "global_filter"))
		return KEY_FILTER;
	if (str_is(word, "scan") || str_is(word, "preferred_names"))
		return KEY_NAMES;
	return KEY_OTHER;
}

static bool is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '/';
}

/* What can stand before a device name inside a pattern. A '/' must be that of "/dev/"
 * ("\/dev\/" too), or the one that begins the pattern. */
static bool may_begin(struct str pattern, size_t at)
{
	struct str before = str_upto(pattern, at);

	if (!at || (at == 1 && *pattern.p == '/'))
		return true;
	if (str_ends(before, "/")) {
		before.n--;
		if (str_ends(before, "\\"))
			before.n--;
		return str_ends(before, "dev") &&
		       (before.n == 3 || !is_word_char(before.p[before.n - 4]) ||
			       before.p[before.n - 4] == '/');
	}
	return !is_word_char(pattern.p[at - 1]) && !strchr(".-:", pattern.p[at - 1]);
}

/* The end of the alternative that `at` is in. */
static size_t alternative_end(struct str pattern, size_t at)
{
	while (at < pattern.n && pattern.p[at] != '|' && pattern.p[at] != ')')
		at++;
	return at;
}

static int rename_pattern(
	struct edit *ed, const struct dev_map *map, struct str pattern, const char *widen)
{
	cleanup_(strbuf_done) struct strbuf name = {0};

	for (size_t at = 0, end = 0; at < pattern.n; at++) {
		struct str range;

		if (at >= end)
			end = alternative_end(pattern, at);
		if (!strchr("xshv", pattern.p[at]) || !pattern.p[at] ||
			!may_begin(pattern, at))
			continue;
		strbuf_reset(&name);
		if (!dev_pattern_rename(map, str_range(pattern.p + at, pattern.p + end),
			    widen, &range, &name))
			continue;
		if (strbuf_err(&name) < 0)
			return -ENOMEM;
		edit_replace(ed, range, strbuf_str(&name));
		at += range.n - 1;
	}
	return 0;
}

static int rename_string(
	struct edit *ed, const struct dev_map *map, enum key key, struct str s)
{
	bool accept;

	if (key == KEY_OTHER)
		return 0;
	if (key == KEY_NAMES)
		return rename_pattern(ed, map, s, NULL);
	if (s.n < 2 || (*s.p != 'a' && *s.p != 'r'))
		return 0;
	accept = *s.p == 'a';
	s = str_from_pos(s, 1);
	/* The delimiter is any character; of brackets the closing one is the last. */
	if (s.n > 1 && (s.p[s.n - 1] == *s.p || strchr(")]}", s.p[s.n - 1])))
		s.n--;
	return rename_pattern(ed, map, s, accept ? "" : NULL);
}

/* The end of the string that begins at in.p[at] with its quote; in.n where it has none. */
static size_t string_end(struct str in, size_t at)
{
	char quote = in.p[at++];

	while (at < in.n && in.p[at] != quote)
		at += quote == '"' && in.p[at] == '\\' ? 2 : 1;
	return at < in.n ? at : in.n;
}

int lvm_conf_rename(
	struct str in, const struct dev_map *map, struct strbuf *ret_out, struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};
	struct str word = {0};
	enum key key = KEY_OTHER;

	for (size_t at = 0; at < in.n; at++) {
		size_t end = at;

		switch (in.p[at]) {
		case '#':
			while (at < in.n && in.p[at] != '\n')
				at++;
			break;
		case '"':
		case '\'':
			end = string_end(in, at);
			if (end < in.n &&
				rename_string(&ed, map, key,
					str_range(in.p + at + 1, in.p + end)) < 0)
				return err_oom(e);
			at = end;
			break;
		case '=':
			key = key_of(word);
			break;
		case ']':
		case '{':
		case '}':
			key = KEY_OTHER;
			break;
		default:
			while (end < in.n && is_word_char(in.p[end]))
				end++;
			if (end == at)
				break;
			word = str_range(in.p + at, in.p + end);
			at = end - 1;
		}
	}
	return edit_finish(&ed, ret_out, e);
}

/* The value of KEY= among the words of a line, and the whole word. */
static bool field(struct str line, const char *key, struct str *ret_value)
{
	while (str_word(&line, ret_value))
		if (str_skip(ret_value, key))
			return true;
	return false;
}

/* IDNAME=, DEVNAME= and PART= of one line, in whatever order they stand. */
static int devices_line(struct edit *ed, const struct dev_map *map, struct str line)
{
	cleanup_(strbuf_done) struct strbuf name = {0};
	struct str rest = line, word, device, number = {0};
	const char *before = line.p;
	size_t digits = 0;

	if (!field(line, "IDTYPE=", &device) || !str_is(device, "devname") ||
		!field(line, "IDNAME=", &device) ||
		dev_map_find(map, device, &name) != DEV_RENAMED)
		return 0;
	if (strbuf_err(&name) < 0)
		return -ENOMEM;
	while (digits < name.n && name.p[name.n - 1 - digits] >= '0' &&
		name.p[name.n - 1 - digits] <= '9')
		digits++;
	number = str_from_pos(strbuf_str(&name), name.n - digits);
	while (str_word(&rest, &word)) {
		struct str value = word;

		if (str_skip(&value, "PART=")) {
			if (number.n)
				edit_replace(ed, value, number);
			else
				edit_remove(ed, str_range(before, rest.p));
		} else if ((str_skip(&value, "IDNAME=") ||
				   str_skip(&value, "DEVNAME=")) &&
			   str_eq(value, device)) {
			edit_replace(ed, value, strbuf_str(&name));
		}
		before = rest.p;
	}
	return 0;
}

int lvm_devices_rename(
	struct str in, const struct dev_map *map, struct strbuf *ret_out, struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in}, unhashed = {0};
	struct strbuf renamed = {0};
	int r;

	STR_FOREACH_LINE (line, in) {
		struct str text = str_trim(line);

		if (text.n && *text.p != '#' && devices_line(&ed, map, line) < 0)
			return err_oom(e);
	}
	r = edit_finish(&ed, &renamed, e);
	if (r != 1)
		return r;
	unhashed.in = strbuf_str(&renamed);
	STR_FOREACH_LINE (line, unhashed.in) {
		if (str_starts(str_trim(line), "HASH="))
			edit_remove(&unhashed, line);
	}
	r = edit_finish(&unhashed, ret_out, e);
	if (r == 0) {
		*ret_out = renamed;
		return 1;
	}
	strbuf_done(&renamed);
	return r;
}

/* `KEY = "value"` on a line. */
static bool backup_value(struct str line, const char *key, struct str *ret_value)
{
	struct str rest = str_trim(line), tail;

	if (!str_skip(&rest, key))
		return false;
	rest = str_trim(rest);
	if (!str_skip(&rest, "="))
		return false;
	rest = str_trim(rest);
	return str_skip(&rest, "\"") && str_cut(rest, '"', ret_value, &tail);
}

bool lvm_backup_next(struct str *rest, struct lvm_backup_pv *ret)
{
	struct str line, id = {0}, device;

	while (str_line(rest, &line)) {
		struct str text = str_trim(line);

		if (str_ends(text, "{") || str_ends(text, "}"))
			id = (struct str){0};
		else if (backup_value(line, "id", &id))
			continue;
		else if (id.n && backup_value(line, "device", &device)) {
			*ret = (struct lvm_backup_pv){id, device};
			return true;
		}
	}
	return false;
}

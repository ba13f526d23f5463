/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See lilo_conf.h. */
#include "text/lilo_conf.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Length of the value that `s` begins with: a quoted string, or up to a blank. */
static size_t value_length(struct str s)
{
	size_t n = 0;

	if (!str_starts(s, "\"")) {
		while (n < s.n && !is_blank(s.p[n]))
			n++;
		return n;
	}
	for (n = 1; n < s.n && s.p[n] != '"'; n++)
		n += s.p[n] == '\\' && n + 1 < s.n;
	return n < s.n ? n + 1 : s.n;
}

static struct str unquote(struct str s)
{
	if (str_skip(&s, "\"") && str_ends(s, "\""))
		s.n--;
	return s;
}

/* The next option off *rest; blanks may stand around the '='. */
static bool next_option(struct str *rest, struct str *ret_name, struct str *ret_value)
{
	struct str s = *rest;
	size_t n = 0;

	for (;;) {
		while (s.n && is_blank(*s.p))
			s = str_from_pos(s, 1);
		if (!s.n || *s.p != '#')
			break;
		while (s.n && *s.p != '\n')
			s = str_from_pos(s, 1);
	}
	if (!s.n)
		return false;
	while (n < s.n && !is_blank(s.p[n]) && s.p[n] != '=' && s.p[n] != '#')
		n++;
	*ret_name = str_upto(s, n);
	*ret_value = (struct str){0};
	s = str_from_pos(s, n);
	for (n = 0; n < s.n && is_blank(s.p[n]) && s.p[n] != '\n';)
		n++;
	if (n < s.n && s.p[n] == '=') {
		s = str_from_pos(s, n + 1);
		while (s.n && is_blank(*s.p) && *s.p != '\n')
			s = str_from_pos(s, 1);
		n = value_length(s);
		*ret_value = unquote(str_upto(s, n));
		s = str_from_pos(s, n);
	}
	*rest = s;
	return true;
}

static bool begins_entry(struct str name)
{
	return str_is(name, "image") || str_is(name, "other");
}

static void take(struct lilo_entry *ent, struct str name, struct str value)
{
	if (str_is(name, "label"))
		ent->label = value;
	else if (str_is(name, "initrd"))
		ent->initrd = value;
	else if (str_is(name, "root"))
		ent->root = value;
	else if (str_is(name, "append"))
		ent->append = value;
	else if (str_is(name, "addappend"))
		ent->addappend = value;
	else if (str_is(name, "read-only"))
		ent->read_only = true;
	else if (str_is(name, "read-write"))
		ent->read_only = false;
}

/* "/boot/vmlinuz" is labelled "vmlinuz". */
static struct str base_name(struct str path)
{
	size_t n = path.n;

	while (n && path.p[n - 1] != '/')
		n--;
	return str_from_pos(path, n);
}

bool lilo_conf_next(struct str in, struct str *rest, struct lilo_entry *ret)
{
	struct lilo_entry ent = {0};
	struct str name, value, path = {0}, before;
	bool in_entry = false;

	for (struct str s = in; next_option(&s, &name, &value) && !begins_entry(name);)
		take(&ent, name, value);
	ent.label = (struct str){0};
	for (;;) {
		before = *rest;
		if (!next_option(rest, &name, &value))
			break;
		if (begins_entry(name)) {
			if (in_entry) {
				*rest = before;
				break;
			}
			in_entry = true;
			path = value;
			if (str_is(name, "image"))
				ent.image = value;
			else
				ent.initrd = ent.root = ent.append = (struct str){0};
		} else if (in_entry) {
			take(&ent, name, value);
		}
	}
	if (!in_entry)
		return false;
	if (!ent.label.n)
		ent.label = base_name(path);
	*ret = ent;
	return true;
}

bool lilo_conf_global(struct str in, const char *option, struct str *ret_value)
{
	struct str name, value;

	while (next_option(&in, &name, &value) && !begins_entry(name))
		if (str_is(name, option)) {
			*ret_value = value;
			return true;
		}
	return false;
}

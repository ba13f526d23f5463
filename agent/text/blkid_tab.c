/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See blkid_tab.h. */
#include <stdlib.h>

#include "text/blkid_tab.h"

/* Takes `NAME="value"` off *rest; a backslash protects a quote. */
static bool attribute(struct str *rest, struct str *ret_name, struct str *ret_value)
{
	struct str s = *rest;
	size_t n = 0;

	while (s.n && (*s.p == ' ' || *s.p == '\t'))
		s = str_from_pos(s, 1);
	if (!str_cut(s, '=', ret_name, &s) || !str_skip(&s, "\""))
		return false;
	while (n < s.n && s.p[n] != '"')
		n += s.p[n] == '\\' ? 2 : 1;
	if (n >= s.n)
		return false;
	*ret_value = str_upto(s, n);
	*rest = str_from_pos(s, n + 1);
	return true;
}

static unsigned long devno(struct str value)
{
	unsigned long v = 0;

	if (!str_skip(&value, "0x") || !value.n || value.n > 2 * sizeof(v))
		return 0;
	for (size_t i = 0; i < value.n; i++) {
		char c = value.p[i];

		if (c >= '0' && c <= '9')
			v = v << 4 | (unsigned long)(c - '0');
		else if (c >= 'a' && c <= 'f')
			v = v << 4 | (unsigned long)(c - 'a' + 10);
		else if (c >= 'A' && c <= 'F')
			v = v << 4 | (unsigned long)(c - 'A' + 10);
		else
			return 0;
	}
	return v;
}

static bool parse(struct str line, struct blkid_tab_entry *ret)
{
	struct blkid_tab_entry ent = {0};
	struct str rest = str_trim(line), name, value;

	if (!str_skip(&rest, "<device "))
		return false;
	while (attribute(&rest, &name, &value)) {
		if (str_is(name, "DEVNO"))
			ent.devno = devno(value);
		else if (str_is(name, "UUID"))
			ent.uuid = value;
		else if (str_is(name, "LABEL"))
			ent.label = value;
		else if (str_is(name, "TYPE"))
			ent.type = value;
	}
	rest = str_trim(rest);
	if (!str_skip(&rest, ">") || !str_cut(rest, '<', &ent.device, &rest) ||
		!str_starts(rest, "/device>"))
		return false;
	ent.device = str_trim(ent.device);
	if (!ent.device.n)
		return false;
	*ret = ent;
	return true;
}

bool blkid_tab_next(struct str *rest, struct blkid_tab_entry *ret)
{
	struct str line;

	while (str_line(rest, &line))
		if (parse(line, ret))
			return true;
	return false;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See upstart.h. */
#include <string.h>

#include "text/edit.h"
#include "text/upstart.h"

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

int upstart_console(struct str in, const char *from, const char *to,
	struct strbuf *ret_out, struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};
	size_t at = 0;

	while (at < in.n) {
		size_t end = at;

		while (end < in.n && is_alnum(in.p[end]))
			end++;
		if (end > at && str_is(str_range(in.p + at, in.p + end), from))
			edit_replace(&ed, str_range(in.p + at, in.p + end), str_from(to));
		at = end > at ? end : at + 1;
	}
	return edit_finish(&ed, ret_out, e);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text of the guest's, made harmless for the operator's terminal. Pure. */
#pragma once

#include "base/strbuf.h"

/* Adds `s` as one line's worth of text: every control character (C0, DEL, C1), every
 * character that steers the direction of writing, and every byte that is not UTF-8 becomes
 * '?'; so does all that is not ASCII unless `utf8`. At most `max` characters; what is cut
 * ends in "...". */
void show_text(struct strbuf *out, struct str s, size_t max, bool utf8);

/* Adds the last `lines` lines of a console log: escape sequences are left out, a carriage
 * return ends a line like a newline does, empty lines are dropped, the rest is shown as
 * show_text() does, each line with `indent` before it and a newline behind it. */
void show_console_tail(struct strbuf *out, struct str log, unsigned lines,
	const char *indent, bool utf8);

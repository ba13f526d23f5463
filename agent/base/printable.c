/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See printable.h. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/printable.h"

/* Length of the character in front, 0 where it is a control character or no UTF-8
 * (RFC 3629: no overlong forms, no surrogates, nothing past U+10FFFF). */
static size_t character(struct str s)
{
	const uint8_t *b = (const uint8_t *)s.p;
	const uint8_t second = s.n > 1 ? b[1] : 0;
	size_t n = b[0] < 0x80   ? 1
		   : b[0] < 0xc2 ? 0
		   : b[0] < 0xe0 ? 2
		   : b[0] < 0xf0 ? 3
				 : 4;

	if (b[0] < ' ' || b[0] == 0x7f || b[0] > 0xf4 || n > s.n)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((b[i] & 0xc0) != 0x80)
			return 0;
	switch (b[0]) {
	case 0xc2:
	case 0xe0:
		return second < 0xa0 ? 0 : n;
	case 0xed:
		return second > 0x9f ? 0 : n;
	case 0xf0:
		return second < 0x90 ? 0 : n;
	case 0xf4:
		return second > 0x8f ? 0 : n;
	default:
		return n;
	}
}

void printable_add(struct strbuf *out, struct str text, const char *keep)
{
	while (text.n) {
		size_t n = character(text);

		if (n)
			strbuf_add(out, str_upto(text, n));
		else
			strbuf_addc(
				out, *text.p && strchr(keep, *text.p) ? *text.p : '?');
		text = str_from_pos(text, n ? n : 1);
	}
}

void printable_line(struct strbuf *out, const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0) {
		out->oom = true;
		return;
	}
	printable_add(out, str_from(text), "");
	strbuf_addc(out, '\n');
	free(text);
}

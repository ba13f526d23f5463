/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See show.h. */
#include "host/show.h"

enum { CONSOLE_LINE_MAX = 240 };

/* Length of the UTF-8 sequence at the front of `s` and its character; 0 where the bytes are
 * none (overlong forms, surrogates and what lies past U+10FFFF included). */
static size_t utf8_char(struct str s, uint32_t *ret)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char c = (unsigned char)s.p[0];
	size_t n = c < 0x80   ? 1
		   : c < 0xc2 ? 0
		   : c < 0xe0 ? 2
		   : c < 0xf0 ? 3
		   : c < 0xf5 ? 4
			      : 0;
	uint32_t u;

	if (!n || n > s.n)
		return 0;
	u = n == 1 ? c : c & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		unsigned char next = (unsigned char)s.p[i];

		if ((next & 0xc0) != 0x80)
			return 0;
		u = u << 6 | (next & 0x3f);
	}
	if (u < least[n] || u > 0x10ffff || (u >= 0xd800 && u <= 0xdfff))
		return 0;
	*ret = u;
	return n;
}

static bool steers(uint32_t u)
{
	return u < 0x20 || (u >= 0x7f && u <= 0x9f) || u == 0x61c || u == 0x200e ||
	       u == 0x200f || (u >= 0x2028 && u <= 0x202e) ||
	       (u >= 0x2066 && u <= 0x2069) || u == 0xfeff;
}

void show_text(struct strbuf *out, struct str s, size_t max, bool utf8)
{
	static const char dots[] = "...";
	size_t shown = 0, keep = out->n;

	while (s.n) {
		uint32_t u = 0;
		size_t n = utf8_char(s, &u);

		if (shown == max) {
			out->n = keep;
			strbuf_adds(out, dots);
			return;
		}
		if (!n || steers(u) || (n > 1 && !utf8))
			strbuf_addc(out, '?');
		else
			strbuf_add(out, str_upto(s, n));
		s = str_from_pos(s, n ? n : 1);
		/* Where the text is cut so that the dots still fit. */
		if (++shown + sizeof(dots) - 1 <= max)
			keep = out->n;
	}
}

/* ECMA-48: ESC [ parameters final; ESC ] (and P, X, ^, _) text up to BEL or ESC \; ESC
 * intermediates final. Answers how many bytes the sequence at the front of `s` has. */
static size_t escape_len(struct str s)
{
	size_t i = 2;

	if (s.n < 2)
		return s.n;
	switch (s.p[1]) {
	case '[':
		while (i < s.n && s.p[i] >= 0x20 && s.p[i] < 0x40)
			i++;
		return i < s.n && s.p[i] >= 0x40 ? i + 1 : i;
	case ']':
	case 'P':
	case 'X':
	case '^':
	case '_':
		/* A string that is never ended must not swallow the lines behind it. */
		for (; i < s.n && s.p[i] != '\n' && s.p[i] != '\r'; i++) {
			if (s.p[i] == '\a')
				return i + 1;
			if (s.p[i] == '\033')
				return i + 1 < s.n && s.p[i + 1] == '\\' ? i + 2 : i;
		}
		return i;
	}
	for (i = 1; i < s.n && s.p[i] >= 0x20 && s.p[i] < 0x30; i++)
		;
	return i < s.n && s.p[i] >= 0x30 && s.p[i] < 0x7f ? i + 1 : i;
}

static void without_escapes(struct strbuf *out, struct str s)
{
	while (s.n) {
		char c = s.p[0];
		size_t n = 1;

		if (c == '\033')
			n = escape_len(s);
		else if (c == '\r')
			strbuf_addc(out, '\n');
		else if (c != '\b' && c != '\a' && c != '\0')
			strbuf_addc(out, c == '\t' ? ' ' : c);
		s = str_from_pos(s, n);
	}
}

void show_console_tail(
	struct strbuf *out, struct str log, unsigned lines, const char *indent, bool utf8)
{
	struct strbuf clean = {0};
	struct str text, from;

	without_escapes(&clean, log);
	if (clean.oom)
		out->oom = true;
	text = str_trim_end(strbuf_str(&clean));
	/* Walk back to where the last `lines` lines that are not empty begin. */
	from = str_from_pos(text, text.n);
	for (size_t end = text.n; end && lines;) {
		size_t start = end;

		while (start && text.p[start - 1] != '\n')
			start--;
		from = str_from_pos(text, start);
		if (str_trim((struct str){text.p + start, end - start}).n)
			lines--;
		end = start ? start - 1 : 0;
	}
	STR_FOREACH_LINE (line, from) {
		line = str_trim_end(line);
		if (!line.n)
			continue;
		strbuf_adds(out, indent);
		show_text(out, line, CONSOLE_LINE_MAX, utf8);
		strbuf_addc(out, '\n');
	}
	strbuf_done(&clean);
}

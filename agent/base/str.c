/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See str.h. */
#include <fnmatch.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct str str_from(const char *cstr)
{
	return (struct str){cstr, cstr ? strlen(cstr) : 0};
}

struct str str_range(const char *from, const char *to)
{
	return (struct str){from, (size_t)(to - from)};
}

bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool str_is(struct str s, const char *cstr)
{
	return str_eq(s, str_from(cstr));
}

bool str_starts(struct str s, const char *prefix)
{
	return str_skip(&s, prefix);
}

bool str_ends(struct str s, const char *suffix)
{
	size_t n = strlen(suffix);

	return s.n >= n && memcmp(s.p + s.n - n, suffix, n) == 0;
}

bool str_contains(struct str s, const char *needle)
{
	return s.n && memmem(s.p, s.n, needle, strlen(needle)) != NULL;
}

int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int r = n ? memcmp(a.p, b.p, n) : 0;

	return r ? r : (a.n > b.n) - (a.n < b.n);
}

bool str_has_nul(struct str s)
{
	return s.n && memchr(s.p, '\0', s.n) != NULL;
}

bool str_skip(struct str *s, const char *prefix)
{
	size_t n = strlen(prefix);

	if (s->n < n || (n && memcmp(s->p, prefix, n) != 0))
		return false;
	*s = str_from_pos(*s, n);
	return true;
}

struct str str_from_pos(struct str s, size_t pos)
{
	if (!s.p)
		return s;
	if (pos > s.n)
		pos = s.n;
	return (struct str){s.p + pos, s.n - pos};
}

struct str str_upto(struct str s, size_t n)
{
	return (struct str){s.p, n < s.n ? n : s.n};
}

struct str str_trim_end(struct str s)
{
	while (s.n && is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

struct str str_trim(struct str s)
{
	s = str_trim_end(s);
	while (s.n && is_space(*s.p))
		s = str_from_pos(s, 1);
	return s;
}

struct str str_unquote(struct str s)
{
	if (s.n >= 2 && (*s.p == '"' || *s.p == '\'') && s.p[s.n - 1] == *s.p)
		return (struct str){s.p + 1, s.n - 2};
	return s;
}

bool str_cut(struct str s, char c, struct str *ret_head, struct str *ret_tail)
{
	const char *at = s.n ? memchr(s.p, c, s.n) : NULL;

	if (!at)
		return false;
	*ret_head = str_range(s.p, at);
	*ret_tail = str_range(at + 1, s.p + s.n);
	return true;
}

bool str_line(struct str *rest, struct str *ret_line)
{
	const char *end;

	if (!rest->n)
		return false;
	end = memchr(rest->p, '\n', rest->n);
	*ret_line = end ? str_range(rest->p, end + 1) : *rest;
	*rest = str_from_pos(*rest, ret_line->n);
	return true;
}

struct str str_chomp(struct str line)
{
	if (line.n && line.p[line.n - 1] == '\n') {
		line.n--;
		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
	}
	return line;
}

bool str_word(struct str *rest, struct str *ret_word)
{
	size_t n = 0;

	while (rest->n && is_space(*rest->p))
		*rest = str_from_pos(*rest, 1);
	if (!rest->n)
		return false;
	while (n < rest->n && !is_space(rest->p[n]))
		n++;
	*ret_word = str_upto(*rest, n);
	*rest = str_from_pos(*rest, n);
	return true;
}

bool str_item(struct str *rest, char sep, struct str *ret_item)
{
	if (!rest->p)
		return false;
	if (str_cut(*rest, sep, ret_item, rest))
		return true;
	*ret_item = *rest;
	*rest = (struct str){0};
	return true;
}

bool str_u64(struct str s, uint64_t *ret)
{
	uint64_t v = 0;

	if (!s.n)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9' || __builtin_mul_overflow(v, 10, &v) ||
			__builtin_add_overflow(v, (uint64_t)(s.p[i] - '0'), &v))
			return false;
	}
	*ret = v;
	return true;
}

char *str_dup(struct str s)
{
	char *copy = malloc(s.n + 1);

	if (!copy)
		return NULL;
	if (s.n)
		memcpy(copy, s.p, s.n);
	copy[s.n] = '\0';
	return copy;
}

char *str_printf(const char *fmt, ...)
{
	va_list ap;
	char *text;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	return n < 0 ? NULL : text;
}

bool str_glob(const char *pattern, struct str s)
{
	char text[PATH_MAX];

	/* Not in memory of its own: there is no answer but yes and no. */
	if (s.n >= sizeof(text))
		return false;
	if (s.n)
		memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	return fnmatch(pattern, text, FNM_PATHNAME) == 0;
}

void free_charp(char **p)
{
	free(*p);
}

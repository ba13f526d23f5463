/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See strv.h. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strv.h"

/* Room for n strings and the NULL: the next power of two, so that adding is not quadratic. */
static size_t room_for(size_t n)
{
	size_t room = 4;

	while (room < n + 1)
		room *= 2;
	return room;
}

static int add_owned(struct strv *l, char *s)
{
	if (!s)
		return -ENOMEM;
	if (!l->v || room_for(l->n) != room_for(l->n + 1)) {
		char **v = reallocarray(l->v, room_for(l->n + 1), sizeof(*v));

		if (!v) {
			free(s);
			return -ENOMEM;
		}
		l->v = v;
	}
	l->v[l->n++] = s;
	l->v[l->n] = NULL;
	return 0;
}

void strv_done(struct strv *l)
{
	STRV_FOREACH (s, l)
		free(*s);
	free(l->v);
	*l = (struct strv){0};
}

int strv_add(struct strv *l, struct str s)
{
	return add_owned(l, str_dup(s));
}

int strv_adds(struct strv *l, const char *cstr)
{
	return strv_add(l, str_from(cstr));
}

int strv_addf(struct strv *l, const char *fmt, ...)
{
	va_list ap;
	char *text;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	return add_owned(l, n < 0 ? NULL : text);
}

int strv_add_new(struct strv *l, struct str s)
{
	int r;

	if (strv_has(l, s))
		return 0;
	r = strv_add(l, s);
	return r < 0 ? r : 1;
}

bool strv_has(const struct strv *l, struct str s)
{
	STRV_FOREACH (it, l)
		if (str_is(s, *it))
			return true;
	return false;
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void strv_sort(struct strv *l)
{
	if (l->n)
		qsort(l->v, l->n, sizeof(*l->v), by_bytes);
}

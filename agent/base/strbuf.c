/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See strbuf.h. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"

/* Room for `more` bytes and a NUL. */
static bool reserve(struct strbuf *b, size_t more)
{
	size_t want, cap;
	char *p;

	if (b->oom)
		return false;
	if (__builtin_add_overflow(b->n, more, &want) ||
		__builtin_add_overflow(want, 1, &want)) {
		b->oom = true;
		return false;
	}
	if (want <= b->cap)
		return true;
	cap = b->cap * 2 > want ? b->cap * 2 : want < 64 ? 64 : want;
	p = realloc(b->p, cap);
	if (!p) {
		b->oom = true;
		return false;
	}
	b->p = p;
	b->cap = cap;
	return true;
}

void strbuf_done(struct strbuf *b)
{
	free(b->p);
	*b = (struct strbuf){0};
}

void strbuf_reset(struct strbuf *b)
{
	b->n = 0;
	b->oom = false;
	if (b->p)
		b->p[0] = '\0';
}

void strbuf_add(struct strbuf *b, struct str s)
{
	if (!s.n || !reserve(b, s.n))
		return;
	memcpy(b->p + b->n, s.p, s.n);
	b->n += s.n;
	b->p[b->n] = '\0';
}

void strbuf_adds(struct strbuf *b, const char *cstr)
{
	strbuf_add(b, str_from(cstr));
}

void strbuf_addc(struct strbuf *b, char c)
{
	strbuf_add(b, (struct str){&c, 1});
}

void strbuf_addf(struct strbuf *b, const char *fmt, ...)
{
	va_list ap;
	char *text;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0) {
		b->oom = true;
		return;
	}
	strbuf_add(b, (struct str){text, (size_t)n});
	free(text);
}

void strbuf_pad(struct strbuf *b, char c, size_t to_length)
{
	if (to_length <= b->n || !reserve(b, to_length - b->n))
		return;
	memset(b->p + b->n, c, to_length - b->n);
	b->n = to_length;
	b->p[b->n] = '\0';
}

int strbuf_err(const struct strbuf *b)
{
	return b->oom ? -ENOMEM : 0;
}

struct str strbuf_str(const struct strbuf *b)
{
	return (struct str){b->p ? b->p : "", b->n};
}

char *strbuf_take(struct strbuf *b)
{
	char *p;

	if (b->oom || !reserve(b, 0))
		return NULL;
	p = b->p;
	p[b->n] = '\0';
	*b = (struct strbuf){0};
	return p;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A growing byte buffer. Running out of memory is remembered, not returned: add freely,
 * then ask strbuf_err() once at the end. A zeroed struct is an empty buffer. */
#pragma once

#include "base/str.h"

struct strbuf {
	char *p; /* NUL-terminated when not NULL; the NUL is not counted in n */
	size_t n, cap;
	bool oom; /* once set, adds do nothing */
};

void strbuf_done(struct strbuf *b);
void strbuf_reset(struct strbuf *b); /* empty again, memory kept, oom forgotten */

void strbuf_add(struct strbuf *b, struct str s);
void strbuf_adds(struct strbuf *b, const char *cstr);
void strbuf_addc(struct strbuf *b, char c);
void strbuf_addf(struct strbuf *b, const char *fmt, ...) printf_like(2, 3);
void strbuf_pad(struct strbuf *b, char c, size_t to_length); /* no-op when longer */

/* 0, or -ENOMEM if an add failed. */
int strbuf_err(const struct strbuf *b) must_check;
struct str strbuf_str(const struct strbuf *b);
/* Hands the bytes over (NUL-terminated, freed by the caller; "" when empty), leaves the
 * buffer empty. NULL when out of memory. */
char *strbuf_take(struct strbuf *b) must_check;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Borrowed bytes: a pointer and a length, never owned, not NUL-terminated, may hold NULs.
 * What every parser in text/ reads. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

struct str {
	const char *p;
	size_t n;
};

#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})
#define STR_FMT "%.*s"
#define STR_ARG(s) (int)(s).n, (s).n ? (s).p : ""

struct str str_from(const char *cstr); /* NULL gives the empty string */
struct str str_range(const char *from, const char *to);

bool str_eq(struct str a, struct str b);
bool str_is(struct str s, const char *cstr);
bool str_starts(struct str s, const char *prefix);
bool str_ends(struct str s, const char *suffix);
bool str_contains(struct str s, const char *needle);
int str_cmp(struct str a, struct str b); /* bytes, like strcmp() */
bool str_has_nul(struct str s);

/* If `s` starts with `prefix`, takes it off and answers true. */
bool str_skip(struct str *s, const char *prefix);
struct str str_from_pos(struct str s, size_t pos); /* empty past the end */
struct str str_upto(struct str s, size_t n);

/* Without white space (blank, tab, CR, LF) at the ends. */
struct str str_trim(struct str s);
struct str str_trim_end(struct str s);
/* Without a pair of quotes, single or double, around the whole. */
struct str str_unquote(struct str s);

/* Splits at the first `c`: *ret_head before it, *ret_tail behind it. False (and nothing
 * set) where there is none. */
bool str_cut(struct str s, char c, struct str *ret_head, struct str *ret_tail);

/* Takes the next line off *rest, its "\n" included; false at the end. */
bool str_line(struct str *rest, struct str *ret_line);
/* The line without its "\n" or "\r\n". */
struct str str_chomp(struct str line);

/* Takes the next word (run of bytes other than blank, tab, CR, LF) off *rest; false when
 * only white space is left. */
bool str_word(struct str *rest, struct str *ret_word);
/* Takes the next item off *rest, split at `sep`; items may be empty; false at the end,
 * which is when rest->p is NULL. */
bool str_item(struct str *rest, char sep, struct str *ret_item);

/* Decimal, the whole string, no sign; false where it is not a number or too large. */
bool str_u64(struct str s, uint64_t *ret);

/* NUL-terminated copy, freed by the caller; NULL when out of memory. */
char *str_dup(struct str s) must_check;
/* printf into fresh memory; NULL when out of memory. */
char *str_printf(const char *fmt, ...) must_check printf_like(1, 2);

/* Shell wildcard match (* ? [..]) of the whole string. */
bool str_glob(const char *pattern, struct str s);

/* For cleanup_(free_charp): frees what a `char *` variable points to. */
void free_charp(char **p);

#define STR_FOREACH_LINE(line, text)                                                     \
	for (struct str rest_ = (text), line; str_line(&rest_, &line);)

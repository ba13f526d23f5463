/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A growing list of owned strings, NULL-terminated, so that v can serve as an argv. */
#pragma once

#include "base/str.h"

struct strv {
	char **v; /* NULL while empty */
	size_t n;
};

void strv_done(struct strv *l);
int strv_add(struct strv *l, struct str s) must_check; /* 0 or -ENOMEM */
int strv_adds(struct strv *l, const char *cstr) must_check;
int strv_addf(struct strv *l, const char *fmt, ...) must_check printf_like(2, 3);
/* Adds it only if it is not there: 1 added, 0 there already, -ENOMEM. */
int strv_add_new(struct strv *l, struct str s) must_check;
bool strv_has(const struct strv *l, struct str s);
void strv_sort(struct strv *l); /* by bytes */

#define STRV_FOREACH(it, l)                                                              \
	for (char **it = (l)->v, **it##_end_ = (l)->n ? (l)->v + (l)->n : NULL;          \
		it != it##_end_; it++)

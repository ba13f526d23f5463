/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why something failed, for a person. Fixed size, so that reporting an error never needs
 * memory; text that does not fit is cut and ends in "...".
 *
 * A function that takes `struct err *e` returns a negative errno and has set the text.
 * `e` may be NULL where the caller does not care. Callers add context on the way up with
 * err_wrap(); only main/ prints. */
#pragma once

#include "base/attr.h"

struct err {
	int code; /* negative errno of the first err_set(), 0 when nothing failed */
	char text[480];
};

/* Sets the text and returns `code` (a negative errno), so that it can be returned at
 * once. */
int err_set(struct err *e, int code, const char *fmt, ...) printf_like(3, 4);

/* Like err_set(), with ": " and the errno's own description behind the text. */
int err_errno(struct err *e, int code, const char *fmt, ...) printf_like(3, 4);

/* Puts "context: " before the text that is there; returns the code that is there. */
int err_wrap(struct err *e, int code, const char *fmt, ...) printf_like(3, 4);

/* -ENOMEM with its text. */
int err_oom(struct err *e);

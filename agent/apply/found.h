/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A repair of our own that is found again: done, and the guest has not started since. */
#pragma once

#include "sys/root.h"

struct found {
	char run[16];   /* the transaction's id */
	int64_t when;   /* of it; 0: not known */
	unsigned times; /* that it was found, this one included */
};

/* 1: the last run is such a repair; 0: there is none, its guest has started, or would not note
 * it. Only looks. Negative errno: not known. */
int found_again(const struct root *r, struct found *ret, struct err *e) must_check;
/* Notes in the guest, durably, that it was found once more. */
int found_note(const struct root *r, const struct found *f, struct err *e) must_check;

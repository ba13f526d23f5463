/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs programs of the guest's own, in its tree: those without which it would not boot within
 * the transaction, the others behind it. Private to apply/. */
#pragma once

#include "apply/apply.h"
#include "txn/txn.h"

/* What the guest's programs see as PACKAGES_PAYLOAD. */
#define PROGRAMS_PAYLOAD "/run/xvd2vd/packages"

/* One program by itself. -EIO, with its last line, where it ended badly. */
int programs_call(const struct root *root, char *const *argv, struct err *e) must_check;
bool programs_await(const struct plan *p, bool optional);
/* Notes the packages that will be installed, before anything is. */
int programs_note(const struct plan *p, struct txn *t, struct err *e) must_check;
/* The others see the files as they will be: published, but not committed. */
int programs_run(const struct apply *a, struct txn *t, struct err *e) must_check;
/* What fails of these is pending. 0 or -ENOMEM. */
int programs_run_optional(const struct apply *a, struct err *e) must_check;

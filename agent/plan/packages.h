/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packages that a guest lacks, installed by its own package tool. */
#pragma once

#include "plan/plan.h"

/* Plans to install `package`; `id` names the steps, `why` says what for. Where the options or
 * the guest allow no such run, and later where it fails, it is pending: the guest boots without
 * it. 0 or -ENOMEM. */
int plan_install(const struct plan_input *in, struct plan *p, const char *id,
	const char *package, const char *why, struct err *e) must_check;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The entry that a boot menu starts by itself: which one it is to be, and saying so wherever the
 * loader looks for that. */
#pragma once

#include "plan/plan.h"

/* Of the entries whose kernel runs here, and may follow `old`, the newest that an administrator
 * would start daily; n_menu where there is none. */
size_t default_entry_find(const struct guest *g, const struct kernel *old);
/* -EUSERS where this loader cannot be told so. */
int default_entry_set(const struct plan_input *in, size_t entry, struct plan *p,
	struct err *e) must_check;

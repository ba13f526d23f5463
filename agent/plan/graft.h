/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cpio segment that is appended to an initramfs: drivers that are missing, the indexes
 * and the load list that name them, and corrected copies of what was baked in on Xen. */
#pragma once

#include "plan/plan.h"

/* Adds a STEP_GRAFT for the kernel's image where there is something to graft. */
int graft_plan(const struct plan_input *in, const struct kernel *k,
	const struct snap_archive *a, struct plan *p, struct err *e) must_check;
/* True where what the image then holds would be loaded there. False: its own tool has to make it
 * anew. */
bool graft_can(const struct plan_input *in, const struct kernel *k,
	const struct snap_archive *a);

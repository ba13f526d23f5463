/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SELinux labels of what a plan makes anew, from the guest's own policy. */
#pragma once

#include "plan/plan.h"

/* Sets the label of each step that makes a file or link where there is none; where a package is
 * to be installed, asks the guest to relabel its files. The plan stays as it is in a guest
 * without SELinux, or where it is disabled. 0 or -ENOMEM. */
int labels_build(const struct snapshot *snap, struct plan *p, struct err *e) must_check;

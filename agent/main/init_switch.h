/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Leaves the initramfs for another root, the guest's or our own, as switch_root(8) does. */
#pragma once

#include "base/err.h"

/* Makes the tree at `target`, a mount point, the root and executes its init in our place: `init`,
 * or NULL for the one that a guest has. As PID 1; returns only on failure. Once it has begun to
 * move file systems, failures end in a reboot by the kernel (panic=). */
int init_switch_root(const char *target, const char *init, struct err *e) must_check;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Leaves the rescue system for the guest, as switch_root(8) does. */
#pragma once

#include "base/err.h"

/* Makes the tree at `target` the root and executes its init in our place. As PID 1; returns
 * only on failure. Once it has begun to move file systems, failures end in a reboot by the
 * kernel (panic=). */
int init_switch_root(const char *target, struct err *e) must_check;

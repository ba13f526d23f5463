/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In a rescue system that was booted from a disk, that disk is one of the machine's too. What it
 * uses itself must not be taken for the guest's. */
#pragma once

#include "guest/machine.h"

/* It is mounted already, by whoever runs us or looks around. */
bool probe_in_use(const struct device *d) must_check;
/* Leaves out the disks that are used so, but for the one that m->root lies on. */
int probe_leave_out_used(struct machine *m, struct err *e) must_check;

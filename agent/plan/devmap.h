/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From old names to new devices, by evidence (docs/REPAIRS.md, "Device map"). */
#pragma once

#include "plan/plan.h"

/* Fills the plan's map, renames and gone_specs. -EUSERS: refused, the text names the
 * candidates and what would decide. */
int devmap_build(const struct plan_input *in, struct plan *p, struct err *e) must_check;

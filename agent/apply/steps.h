/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is said of a step while it is done. Private to apply/. */
#pragma once

#include "apply/apply.h"

void step_tell(const struct apply *a, size_t step, const char *status);
/* It failed: says which it was, and answers `r`. */
int step_fail(struct step *s, int r, struct err *e);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Order of kernel releases and of distribution versions. */
#pragma once

#include "base/str.h"

/* <0, 0, >0. Digit runs compare as numbers, other runs by bytes, '~' before everything
 * (deb-version(7) without epoch and revision): 2.6.9 < 2.6.32, 4.19.0-9 < 4.19.0-10. */
int version_cmp(struct str a, struct str b);

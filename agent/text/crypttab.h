/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crypttab(5): name, device, key file, options. */
#pragma once

#include "base/err.h"
#include "text/dev_map.h"

/* Renames the second field of active lines, and a key file that is a block device or lies
 * on one ("/dev/xvdb1:/key"). A gone device's line stays. */
int crypttab_rename(struct str in, const struct dev_map *map, struct strbuf *ret_out,
	struct err *e) must_check;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GRUB's device.map: "(hd0) /dev/xvda". */
#pragma once

#include "base/err.h"
#include "text/dev_map.h"

/* Renames; a line whose device is gone is removed. */
int device_map_rename(struct str in, const struct dev_map *map, struct strbuf *ret_out,
	struct err *e) must_check;

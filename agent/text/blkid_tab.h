/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libblkid's cache (blkid.tab): <device DEVNO="0xca01" UUID="..." TYPE="ext3">/dev/xvda1
 * </device>, one a line (util-linux, libblkid/src/save.c). */
#pragma once

#include "base/str.h"

struct blkid_tab_entry {
	struct str device, uuid, label, type;
	unsigned long devno; /* 0 where missing */
};
bool blkid_tab_next(struct str *rest, struct blkid_tab_entry *ret);

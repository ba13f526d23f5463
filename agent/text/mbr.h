/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The partition table in a disk's first sector: four entries of 16 bytes from byte 446 on (as
 * fdisk(8) calls it, "dos"). Only what growing a partition needs. */
#pragma once

#include "base/err.h"
#include "base/str.h"

enum { MBR_SECTOR = 512 };

/* Makes primary partition `number` (from 1), which begins at sector `start`, `sectors` long.
 * `ret` (MBR_SECTOR bytes) is the whole sector; only that entry's end and length differ.
 * 1 changed, 0 the same; -EINVAL: no such table, not that partition, it holds others, one lies
 * behind it, or it would shrink. */
int mbr_grow(struct str sector, unsigned number, uint64_t start, uint64_t sectors,
	char *ret, struct err *e) must_check;

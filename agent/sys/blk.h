/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What lies on a block device or in a disk image: libblkid's low-level probe, and the ext
 * superblock's last mount point. */
#pragma once

#include "base/err.h"

struct blk_info {
	char type[32]; /* "ext4", "swap", "LVM2_member"; "" when nothing was recognised */
	char uuid[64]; /* "" where there is none */
	char label[256];
	char table[8]; /* "none", "dos", "gpt" */
	char table_id[64];
	char partuuid[64];     /* of the partition itself; "" for a disk */
	char last_mounted[64]; /* ext2/3/4 only */
	char boot_code
		[16]; /* first sector: "none", "grub", "grub2", "syslinux", "unknown" */
};
/* `path`: a device node. */
int blk_probe(const char *path, struct blk_info *ret, struct err *e) must_check;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What lies on a block device or in a disk image: libblkid's low-level probe, and the ext
 * superblock's last mount point. */
#pragma once

#include "base/err.h"
#include "base/str.h"

struct blk_info {
	/* "ext4", "swap", "LVM2_member"; "" when nothing was recognised; "ambivalent" where
	 * signatures of several file systems are there. */
	char type[32];
	char uuid[64]; /* "" where there is none */
	char label[256];
	/* "none", "dos", "gpt" or another that libblkid knows. An empty dos table in the boot
	 * sector of a file system is "none". */
	char table[8];
	char table_id[64];
	char partuuid[64];     /* of the partition itself; "" for a disk */
	char partlabel[256];   /* likewise; a GUID table alone has them */
	char part_type[64];    /* of the partition: its type's GUID, "0x83"; "" */
	char last_mounted[65]; /* ext2/3/4 only */
	uint64_t fs_size;      /* bytes, ext2/3/4 only; 0: not known */
	/* What the firmware would start in the first sector: "none" (no code, or not signed
	 * as bootable), "grub" (0.9x), "grub2", "syslinux", "lilo", "pvgrub" (ours,
	 * docs/BOOTCODE.md), "unknown". */
	char boot_code[16];
};
/* `path`: a device node or an image file, which is only read. -ENOMEDIUM: of size 0. */
int blk_probe(const char *path, struct blk_info *ret, struct err *e) must_check;

/* A file system that is mounted from it, a swap area in use, a volume made of it. */
bool blk_in_use(const char *path) must_check;

/* The name for `boot_code`; pure. `sector`: the first 512 bytes. */
const char *blk_boot_code(struct str sector) must_check;

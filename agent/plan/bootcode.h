/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Boot code for a disk that has none: which way there is on this disk, and the bytes of its
 * sectors, so that firmware starts kvm-pvgrub's GRUB and that the guest's own menu. Pure: what
 * is known of the disk goes in, data comes out. docs/BOOTCODE.md has the layouts. */
#pragma once

#include "base/err.h"
#include "base/strbuf.h"

#define BOOTCODE_SECTOR 512
/* Behind the code: the disk's signature and the partition table, where it has one. */
#define BOOTCODE_CODE_END 0x1b8
/* Where the file lies in the guest when the way is BOOTCODE_FILE: the bytes of
 * kvm-pvgrub.img. It must not move afterwards. */
#define BOOTCODE_FILE_PATH "/boot/xvd2vd/kvm-pvgrub.img"
/* At byte 3 of a first sector that was made here. */
#define BOOTCODE_MARK "XVD2VD"

enum bootcode_way {
	BOOTCODE_GAP,       /* the core between MBR and first partition */
	BOOTCODE_BIOS_BOOT, /* in GPT's partition for it */
	BOOTCODE_FILE,      /* in a file, by a list of its sectors in ext's boot block */
};

/* Sectors are of 512 bytes, and counted from the disk's first. */
struct bootcode_disk {
	const char *table;   /* "", "dos" or "gpt" */
	struct str sector0;  /* its first 512 bytes */
	uint64_t size;       /* sectors */
	uint64_t first_part; /* where the first partition begins; 0: there is none */
	uint64_t bios_boot, bios_boot_size; /* GPT's "BIOS boot" partition; 0: none */
	/* The file system that holds /boot, where it lies on this disk without LVM or RAID
	 * between; else "". */
	const char *fs_type;
	uint64_t fs_start;
	struct str fs_head; /* its first 1024 bytes */
};

struct bootcode_pieces {
	struct str boot;  /* GRUB's boot.img, 512 bytes */
	struct str image; /* kvm-pvgrub.img: lnxboot.img, then the core; or */
	bool own;         /* core.img of the guest's own GRUB, the core alone */
};

/* A run of the file's bytes on the disk, in the file's order, without holes. */
struct bootcode_extent {
	uint64_t start, n; /* sectors */
};

struct bootcode {
	struct bootcode_write {
		uint64_t sector;
		struct strbuf data; /* whole sectors */
	} writes[2];                /* to be written in any order, but together */
	size_t n_writes;
};

/* What boot code of the disk that holds /boot is made from. */
struct bootcode_source {
	struct bootcode_disk disk;
	struct bootcode_pieces pieces;
	const char *problem; /* why it is not known; NULL */
	bool in_place;       /* the disk holds already what would be written */
};

void bootcode_done(struct bootcode *b);

/* -ENOTSUP: this disk cannot start itself; the text says why and what can be done instead.
 * -EINVAL: the pieces are not GRUB's, of 1.99 or later. The guest's own core is put into no
 * file: it would be one more. */
int bootcode_choose(const struct bootcode_disk *d, const struct bootcode_pieces *p,
	enum bootcode_way *ret, struct err *e) must_check;

/* The sectors for it. `extents`: of the whole file when the way is BOOTCODE_FILE. */
int bootcode_build(enum bootcode_way way, const struct bootcode_disk *d,
	const struct bootcode_pieces *p, const struct bootcode_extent *extents, size_t n,
	struct bootcode *ret, struct err *e) must_check;

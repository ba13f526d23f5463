/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts boot code where plan/bootcode.h chose: the file it starts, then sectors of the disk. */
#pragma once

#include "apply/apply.h"
#include "plan/bootcode.h"
#include "txn/txn.h"

/* Where boot code goes, and what it is made from. */
struct bootsector {
	const struct bootcode_source *source;
	struct txn_disk disk;
	/* The partition that holds /boot, if it is one: its boot block is written through it, as
	 * its file system has that in a cache of its own. */
	struct txn_disk part;
};

/* The sectors, with the file as it lies in the guest now. -ENOENT: it is not there. */
int bootsector_bytes(const struct root *root, const struct bootcode_source *src,
	enum bootcode_way way, struct bootcode *ret, struct err *e) must_check;

/* True for what goes through the partition. */
bool bootsector_in_part(const struct bootcode_source *src, enum bootcode_way way,
	const struct bootcode_write *w);

#define BOOTSECTOR_NEEDS 2
int bootsector_needs(const struct bootsector *b, struct str images,
	struct txn_need ret[BOOTSECTOR_NEEDS], size_t *ret_n, struct err *e) must_check;
/* Publishes what the transaction has staged so far: a file has its place only then. `images`:
 * the folder of the guest's own, as they are now; empty: ours. */
int bootsector_stage(const struct root *root, const struct bootsector *b,
	struct str images, struct txn *t, struct err *e) must_check;

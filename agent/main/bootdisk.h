/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What boot=self needs to know and to have: the beginnings of the disk that holds /boot, and
 * the two pieces of boot code in the rescue system. */
#pragma once

#include "guest/guest.h"
#include "plan/bootcode.h"
#include "sys/root.h"

struct bootdisk {
	struct bootcode_source source; /* of what is below */
	char sector0[BOOTCODE_SECTOR], fs_head[2 * BOOTCODE_SECTOR];
	char *boot, *image;
	struct err why;
};

/* Of /boot's disk, which is one of this machine's; `root`: the guest's. Where something cannot
 * be known, the source has a problem; negative errno only when out of memory. */
int bootdisk_load(const struct machine *m, const struct guest *g, const struct root *root,
	struct bootdisk *ret, struct err *e) must_check;
void bootdisk_done(struct bootdisk *b);
/* What firmware would start now, on each disk. */
int bootdisk_look_again(struct machine *m, struct err *e) must_check;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is done to the root's own device, behind the transaction, by e2fsprogs of this machine.
 * Each can be stopped at any instant and begun again, and leaves what boots; none can be taken
 * back. docs/JOURNAL.md argues it. */
#pragma once

#include "guest/machine.h"
#include "plan/growth.h"

/* Makes ext4 of the ext3 file system at `path`, which must not be mounted, after a whole
 * check. -EUCLEAN: errors are left that a person must judge; nothing was converted. */
int rootfs_to_ext4(const char *path, struct err *e) must_check;
/* Makes a partition longer, in the disk's table and for the kernel; it may be mounted. */
int rootfs_grow_partition(const struct machine *m, const struct device *d, uint64_t size,
	struct err *e) must_check;
/* Makes the mounted file system at `path` as long as its device. */
int rootfs_grow(const char *path, struct err *e) must_check;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a file system was left, by what its superblock says of itself. */
#pragma once

#include "base/str.h"

enum fs_state {
	FS_STATE_CLEAN,   /* or not known: XFS's log says more than its superblock */
	FS_STATE_REPLAY,  /* its journal is to be replayed */
	FS_STATE_UNCLEAN, /* not unmounted, and there is no journal */
	FS_STATE_ERRORS,  /* errors were met, and noted */
	FS_STATE_UNKNOWN, /* ext's journal notes errors too, and was not found */
};

enum { FS_STATE_HEAD = 72 * 1024 }; /* bytes that hold every superblock known here */

/* By its superblock, and ext's journal. Of a device that holds `type` (as sys/blk.h names it). What cannot be read is clean here:
 * the mount tells. */
enum fs_state fs_state_read(const char *path, const char *type) must_check;
/* Pure. `head`: the first FS_STATE_HEAD bytes, or fewer. */
enum fs_state fs_state_of(const char *type, struct str head) must_check;
/* Pure. Where the journal of an ext file system notes its errors, 4 bytes, from the device's begin
 * on; 0: not known. */
uint64_t fs_state_journal(struct str head) must_check;

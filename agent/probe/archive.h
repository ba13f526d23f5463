/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists a guest's initramfs for the snapshot. */
#pragma once

#include "guest/snapshot.h"
#include "sys/root.h"

/* Adds the archive at `path` (a regular file of `size` bytes, no link) with its members and the
 * few files that guest/files.c wants; those may hold *budget bytes, which is lessened.
 * What is wrong with the archive is noted in it. -ENOMEM. */
int probe_archive(const struct root *r, const char *path, uint64_t size, size_t *budget,
	struct snapshot *snap, struct err *e) must_check;

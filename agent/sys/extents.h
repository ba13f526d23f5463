/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a file's bytes lie in its file system, for a boot loader that reads them without
 * knowing it (ioctl FIEMAP). */
#pragma once

#include "base/err.h"
#include "base/str.h"

struct extent {
	uint64_t start, n; /* sectors of 512 bytes, from the file system's first */
};

#define EXTENTS_MAX 64

/* The extents of the whole file, in its order; the last may reach past its end. Written out
 * first. -ENOTSUP where a boot loader could not read it: holes, compressed, inline, shared or
 * unwritten parts, more than EXTENTS_MAX extents, a file system that does not say. */
int extents_get(
	int fd, struct extent ret[EXTENTS_MAX], size_t *ret_n, struct err *e) must_check;

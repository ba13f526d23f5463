/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A disk's own sectors, and what the kernel takes for its partitions. */
#pragma once

#include "base/err.h"
#include "base/str.h"

/* A whole disk for writing, or for reading; an fd. -EINVAL: its sectors are not of 512 bytes. */
int partition_open_disk(const char *path, struct err *e) must_check;
int partition_look_at_disk(const char *path, struct err *e) must_check;
/* All `n` bytes from `offset` on; fewer are -EIO. */
int partition_read(
	int fd, uint64_t offset, char *ret, size_t n, struct err *e) must_check;
/* Durable when it returns. */
int partition_write(int fd, uint64_t offset, struct str data, struct err *e) must_check;
/* Tells the kernel a partition's new length, also while it is mounted (BLKPG). Bytes. */
int partition_resize(
	int fd, unsigned number, uint64_t start, uint64_t size, struct err *e) must_check;

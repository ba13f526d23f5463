/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists a guest's initramfs for the snapshot. */
#pragma once

#include <sys/types.h>

#include "guest/snapshot.h"
#include "sys/root.h"

/* What may still be read of one guest, in all: one bomb after the other must end as well. */
#define ARCHIVES_MAX 64
struct probe_budget {
	size_t content;    /* bytes kept of files, of the guest's and of its archives' */
	size_t names;      /* bytes of memory for what archives list */
	uint64_t unpacked; /* bytes that archives unpack to */
	struct archive_seen {
		dev_t dev;
		ino_t ino;
		size_t at; /* in the snapshot */
	} seen[ARCHIVES_MAX];
	size_t n_seen;
	const struct snapshot *known; /* an earlier one, for its archives; NULL */
};

/* Adds the archive at `path` (a regular file of `size` bytes, no link) with its members and the
 * few files that guest/files.c wants, and lessens the budget. A file that has several names
 * is read once. Of one that is known, and whose bytes are the same and now only followed by
 * others, what follows is unpacked. What is wrong with the archive is noted in it. -ENOMEM. */
int probe_archive(const struct root *r, const char *path, uint64_t size,
	struct probe_budget *budget, struct snapshot *snap, struct err *e) must_check;

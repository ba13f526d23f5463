/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What became of the guest's file systems before they were written to. Owns its strings. */
#pragma once

#include "base/attr.h"

#include <stddef.h>

enum fs_result {
	FS_CLEAN,       /* the check found nothing */
	FS_REPLAYED,    /* its journal was replayed */
	FS_CORRECTED,   /* the check put it right */
	FS_ERRORS_LEFT, /* a person must look: it was not mounted for writing */
	FS_NOT_CHECKED, /* only looked at, and it wants a check or its journal replayed */
};
const char *fs_result_name(enum fs_result r);

struct fs_check {
	char *device, *type, *detail; /* "/dev/vda1", "ext4"; what it said */
	const char *check; /* "e2fsck -p", "mount" for a replay; static; NULL: none ran */
	enum fs_result result;
};
struct fs_checks {
	struct fs_check *v;
	size_t n;
};
void fs_checks_done(struct fs_checks *l);
/* NULL where nothing was told of this device. */
struct fs_check *fs_checks_find(const struct fs_checks *l, const char *device);
/* One a device: what is told later replaces what was. 0 or -ENOMEM. */
int fs_checks_tell(struct fs_checks *l, const char *device, const char *type,
	const char *check, enum fs_result result, const char *detail) must_check;

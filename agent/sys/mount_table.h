/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's table of mounts, proc_pid_mountinfo(5). */
#pragma once

#include "base/err.h"
#include "base/strv.h"

/* The mount points at and below `path` (canonical, without a slash at its end) in a
 * mountinfo text, in the order they must be unmounted. Pure. */
int mount_table_below(
	struct str mountinfo, const char *path, struct strv *ret) must_check;
/* Unmounts all of these. What is no mount point is no error. */
int mount_table_release(const char *path, struct err *e) must_check;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mounting: the rescue system's own file systems, and the guest's. */
#pragma once

#include "base/err.h"
#include "base/strbuf.h"

/* /proc, /sys, /dev (with pts), /run, /tmp of the rescue system; what is mounted stays. */
int mount_api(struct err *e) must_check;
/* Mounts a guest's file system: nosuid is not set (its programs run), noatime is; read-only
 * when asked. `options`: extra data ("subvol=@"), or NULL. -EUCLEAN / -EROFS where the file
 * system has errors. */
int mount_guest(const char *device, const char *type, const char *target, bool readonly,
	const char *options, struct err *e) must_check;
/* Binds /dev, /proc, /sys, /run into a guest tree for its programs; undone by
 * mount_unbind(). */
int mount_bind(const char *root, struct err *e) must_check;
int mount_unbind(const char *root, struct err *e) must_check;
/* Unmounts everything at and below `target`, deepest first; syncs. */
int mount_release(const char *target, struct err *e) must_check;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mounting: the rescue system's own file systems, and the guest's. */
#pragma once

/* This file has the name of libc's: whoever asks for that with agent/ among the include
 * folders gets both. */
#include_next <sys/mount.h>

#include "base/err.h"
#include "base/strbuf.h"

/* /proc, /sys, /dev (with pts), /run, /tmp of the rescue system; what is mounted stays. */
int mount_api(struct err *e) must_check;
/* Lets the block device take writes, or refuse them (BLKROSET): some file systems write even
 * where they are mounted read-only. */
int mount_set_writable(const char *device, bool writable, struct err *e) must_check;

/* Mounts a guest's file system: nosuid is not set (its programs run), noatime is; read-only
 * when asked (ext3/4 still replay their journal then, unless `options` says "noload").
 * `target` is made if its parent is there. `options`: extra data ("subvol=@"), or NULL.
 * -EROFS where it can only be mounted read-only. */
int mount_guest(const char *device, const char *type, const char *target, bool readonly,
	const char *options, struct err *e) must_check;
/* What is mounted read-only at `target` becomes writable as it lies there. */
int mount_make_writable(const char *target, struct err *e) must_check;
/* Binds /dev, /proc, /sys, /run into a guest tree for its programs; undone by
 * mount_unbind(). Directories that the guest has not are left out. */
int mount_bind(const char *root, struct err *e) must_check;
int mount_unbind(const char *root, struct err *e) must_check;
/* Unmounts everything at and below `target`, last mounted first; syncs before, and
 * tells of failed writing. A target that is not there or not mounted is no error. -EBUSY where
 * something uses it still. */
int mount_release(const char *target, struct err *e) must_check;

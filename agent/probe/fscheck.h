/* SPDX-License-Identifier: GPL-2.0-or-later */
/* File systems that need care before they are written to: what the superblock asks for is run
 * first, what a mount trips over is looked at. */
#pragma once

#include "guest/filesystems.h"
#include "guest/machine.h"

/* Mounts `path` (the device's node) read-write at `target`. Where the file system asks for
 * it, or cannot be mounted for damage, its check runs first: e2fsck -p puts right what needs
 * no one to ask, the others only look. A replay by the kernel is told, too.
 * -EUCLEAN: errors are left, or the program for it is missing; it is not mounted, and the
 * text says what a person can do. Else as mount_guest(). */
int fscheck_mount(const struct device *d, const char *path, const char *target,
	const char *options, struct fs_checks *l, struct err *e) must_check;

/* Mounts it read-only at `target` such that nothing is written to the device, which refuses
 * writes from then on: no journal is replayed, and no error noted that is met. Tells what would
 * have to be done before it is written to; `l` may be NULL. */
int fscheck_look(const struct device *d, const char *path, const char *target,
	const char *options, struct fs_checks *l, struct err *e) must_check;

/* Makes writable in place what a look has mounted and told nothing of; the device takes writes
 * again. A negative errno: it is to be mounted anew. */
int fscheck_remount(const struct device *d, const char *path, const char *target,
	struct err *e) must_check;

/* A type that is known here: one that a root file system can have. */
bool fscheck_knows(const char *type) must_check;

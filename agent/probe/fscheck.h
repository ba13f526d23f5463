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

/* Only tells what would have to be done before it is written to. */
int fscheck_look(const struct device *d, const char *path, struct fs_checks *l,
	struct err *e) must_check;

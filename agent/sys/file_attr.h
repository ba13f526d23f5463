/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a file is besides its bytes: owner, mode, time of change, extended attributes (POSIX
 * ACLs, file capabilities and SELinux labels are such attributes). */
#pragma once

#include <sys/stat.h>

#include "base/str.h"

struct file_attr {
	uid_t uid;
	gid_t gid;
	mode_t mode; /* with the file type */
	struct timespec mtime;
	/* Sorted by name: NAME NUL, length of the value (4 bytes, little endian), value. */
	char *xattrs; /* owned; NULL: none */
	size_t xattrs_n;
};

void file_attr_done(struct file_attr *a);
/* Of an open file; `fd` is O_PATH | O_NOFOLLOW for a link. */
int file_attr_get(int fd, struct file_attr *ret) must_check;
/* Owner, mode and exactly these xattrs; `times`: mtime too. What is right already is not
 * touched, and not being allowed to is no error then: tests run as anyone. */
int file_attr_set(int fd, const struct file_attr *a, bool times) must_check;
/* Gives `name` in the folder `dir` this SELinux label, of what it is itself where it is a link;
 * NULL: the folder's, where it has one and `name` has none. Not being able to is no error. */
int file_attr_label(int dir, const char *name, const char *label) must_check;
/* Owner, mode, mtime, xattrs. A link's mode means nothing and is not compared. */
bool file_attr_eq(const struct file_attr *a, const struct file_attr *b);

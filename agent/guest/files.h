/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which files of a guest are looked at, and how much of them. Whatever is not in this table
 * the pure code cannot see. */
#pragma once

#include <stddef.h>

enum look {
	LOOK_STAT,    /* that it is there, its type, where a link leads */
	LOOK_READ,    /* its bytes too; none if there are more than `max` */
	LOOK_HEAD,    /* its first `max` bytes */
	LOOK_KERNEL,  /* a kernel image: the boot header */
	LOOK_ARCHIVE, /* an initramfs: the list of its members */
};

struct file_look {
	const char *pattern; /* absolute; wildcards match inside one path component */
	enum look look;
	size_t max; /* bytes, for LOOK_READ and LOOK_HEAD */
};

extern const struct file_look guest_files[];
extern const size_t n_guest_files;

/* Where initramfs-tools reads RESUME= (patterns). */
extern const char *const resume_files[];
extern const size_t n_resume_files;

/* Files inside an initramfs whose bytes are kept (patterns; '*' crosses no '/'). */
extern const char *const archive_files[];
extern const size_t n_archive_files;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A guest's tree. Every path of a guest goes through here: openat2(2) with RESOLVE_IN_ROOT |
 * RESOLVE_NO_MAGICLINKS, so that no link of the guest's leads out of it or into /proc. */
#pragma once

#include <sys/stat.h>

#include "base/err.h"
#include "base/str.h"

struct root {
	int fd;     /* O_PATH | O_DIRECTORY; -1 when closed */
	char *path; /* as given, for messages and for chroot(2); owned */
};

#define ROOT_CLOSED                                                                      \
	{                                                                                \
		.fd = -1                                                                 \
	}

int root_open(const char *path, struct root *ret, struct err *e) must_check;
void root_done(struct root *r);

/* openat2() below the root; O_CLOEXEC | O_NONBLOCK | O_NOCTTY are added. An fd or negative
 * errno; err is not set, since a missing file is often no error. Kernels without openat2
 * (before 5.6): refused at root_open(). */
int root_openat(
	const struct root *r, const char *path, int flags, mode_t mode) must_check;

/* The directory of `path`, links followed, and in *ret_name the last component (points into
 * `path`), which is not followed. O_PATH fd or negative errno; -EINVAL where `path` names no
 * entry of a directory ("/", "a/", "..", ""). */
int root_parent(const struct root *r, const char *path, const char **ret_name) must_check;

/* lstat() and readlink() of the last component. */
int root_lstat(const struct root *r, const char *path, struct stat *ret) must_check;
int root_readlink(const struct root *r, const char *path, char **ret) must_check;

/* The path with all its links followed, absolute inside the root ("/boot/grub/grub.conf" for
 * "/etc/grub.conf"). The last component must exist. Freed by the caller. */
int root_realpath(const struct root *r, const char *path, char **ret) must_check;

/* Reads a regular file whole. -EFBIG past `max` bytes, -EISDIR / -EINVAL for other types
 * (fifo, device, socket; they are not even opened), -ELOOP, -EXDEV... as openat2 says. *ret is NUL-terminated, freed by
 * the caller. */
int root_read(const struct root *r, const char *path, size_t max, char **ret,
	size_t *ret_n, struct err *e) must_check;
/* As root_read(), but `from`..`from+n`, cut at the end of file. */
int root_read_at(const struct root *r, const char *path, uint64_t from, size_t n,
	char **ret, size_t *ret_n, struct err *e) must_check;

/* Calls `each` for the entries of a directory, sorted by name, without . and .. ; at most
 * `max` of them (-E2BIG). Stops at a non-zero answer and returns it. */
int root_list(const struct root *r, const char *path, size_t max,
	int (*each)(void *ctx, const char *name), void *ctx, struct err *e) must_check;

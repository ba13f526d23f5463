/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Durable changes of files below a root. Everything the guest keeps is written through here:
 * this is the one I/O seam that the transaction's tests make fail. */
#pragma once

#include "sys/root.h"

/* Writes all of it to an fd; negative errno. */
int file_write_all(int fd, struct str data) must_check;
int file_fsync(int fd) must_check;

/* Stages `data` beside `path` under the name `temp` (same directory, O_EXCL): owner, mode,
 * xattrs and ACLs copied from `path` where that exists, else root:root `mode`; written
 * densely, fsynced. The target is not touched. */
int file_stage(const struct root *r, const char *path, const char *temp, struct str data,
	mode_t mode, struct err *e) must_check;
/* rename(temp, path) in the parent directory of `path`. */
int file_publish(const struct root *r, const char *path, const char *temp,
	struct err *e) must_check;
/* unlink; a file that is not there is no error. */
int file_unlink(const struct root *r, const char *path, struct err *e) must_check;
/* Makes the directories of `path` that are missing (0755); 1 if any was made. */
int file_mkdirs(const struct root *r, const char *path, struct err *e) must_check;
/* fsync of the directory that holds `path`. */
int file_sync_parent(const struct root *r, const char *path, struct err *e) must_check;

/* All of the above in one: durable replace without a transaction (reports, state). */
int file_replace(const struct root *r, const char *path, struct str data, mode_t mode,
	struct err *e) must_check;

/* The fault hook for tests: called before every durable operation with its name ("write",
 * "fsync", "rename", "unlink", "mkdir", "symlink", "truncate", "fsync-dir") and path; a
 * non-zero answer makes the operation fail with it. NULL: none. */
extern int (*file_fault)(const char *op, const char *path);

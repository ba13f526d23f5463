/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Durable changes of files below a root. Everything the guest keeps is written through here:
 * this is the one I/O seam that the transaction's tests make fail. */
#pragma once

#include "sys/root.h"

/* Writes all of it to an fd; negative errno. */
int file_write_all(int fd, struct str data) must_check;
int file_fsync(int fd) must_check;

/* Stages `data` beside `path` under the name `temp` (same directory, O_EXCL): owner, mode,
 * xattrs and ACLs copied from `path` where that exists, else the process's owner and `mode`;
 * written densely, fsynced. The target is not touched. A target that is a link is refused
 * (-ELOOP, so that links stay links: give root_realpath()), and so is one that is no regular
 * file. After a failure nothing is left behind. */
int file_stage(const struct root *r, const char *path, const char *temp, struct str data,
	mode_t mode, struct err *e) must_check;
/* rename(temp, path) in the parent directory of `path`. */
int file_publish(const struct root *r, const char *path, const char *temp,
	struct err *e) must_check;
/* unlink; a file that is not there is no error. */
int file_unlink(const struct root *r, const char *path, struct err *e) must_check;
/* Makes the directory `path` and those above it that are missing (0755), each made durable
 * by an fsync of the directory that holds it; 1 if any was made. */
int file_mkdirs(const struct root *r, const char *path, struct err *e) must_check;
/* fsync of the directory that holds `path`. */
int file_sync_parent(const struct root *r, const char *path, struct err *e) must_check;

/* All of the above in one: durable replace without a transaction (reports, state). Follows
 * `path` where it is a link; its directory must exist. */
int file_replace(const struct root *r, const char *path, struct str data, mode_t mode,
	struct err *e) must_check;

/* The single operations, for those who need another order than the above. None syncs by
 * itself. What is made anew gets the SELinux label of its folder, as a kernel with a policy would
 * give it: ours has none. */

/* Makes a new empty file for writing, exactly `mode` whatever the umask; an fd. -EEXIST. */
int file_create(
	const struct root *r, const char *path, mode_t mode, struct err *e) must_check;
/* Opens a regular file for writing in place; an fd. */
int file_open_rw(const struct root *r, const char *path, struct err *e) must_check;
/* 1 made, 0 there already (whatever it is). */
int file_mkdir(
	const struct root *r, const char *path, mode_t mode, struct err *e) must_check;
/* A directory that is not there is no error; -ENOTEMPTY. */
int file_rmdir(const struct root *r, const char *path, struct err *e) must_check;
int file_symlink(const struct root *r, const char *path, const char *target,
	struct err *e) must_check;
/* Gives it this SELinux label, durable with the name that it gets. Where labels cannot be kept it
 * is none. */
int file_label(const struct root *r, const char *path, const char *label,
	struct err *e) must_check;
int file_truncate(int fd, uint64_t size) must_check;
/* `path` beside which `temp` lies -> path of `temp`; freed by the caller, NULL: no memory. */
char *file_beside(const char *path, const char *temp) must_check;

/* What is about to be done durably; for tests. Names: "create", "write", "fsync", "rename",
 * "unlink", "mkdir", "rmdir", "symlink", "truncate", "attr", "fsync-dir". Long writes ask once
 * every 64 KiB. */
struct file_op {
	const char *name, *path; /* "" where only an fd is known */
	int fd;                  /* -1 where only a path is known */
	const void *caller; /* fsync, fsync-dir: the place in the program that asks */
};

/* The hook: called before every durable operation; a negative errno makes the operation fail
 * with it. NULL: none. */
extern int (*file_fault)(const struct file_op *op);
/* Asks the hook; for the few writers outside file.c. */
int file_ask(const char *name, const char *path, int fd) must_check;

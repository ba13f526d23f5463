/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "newc" cpio archives (Linux,
 * Documentation/driver-api/early-userspace/buffer-format.rst): written to, and read from,
 * memory. */
#pragma once

#include "base/err.h"
#include "base/strbuf.h"

/* Adds one member: directory, regular file or symbolic link (content is the target) by
 * the type in `mode`; uid and gid 0, mtime 0, inode numbers counted by the caller. `path`
 * without leading '/'. */
void cpio_add(struct strbuf *out, const char *path, unsigned mode, unsigned ino,
	struct str content);
/* The trailer; pads to `align` bytes counted from where the buffer began. */
void cpio_end(struct strbuf *out, size_t align);

struct cpio_entry {
	struct str path, content;
	unsigned mode, nlink, ino;
};
/* The next member off *rest ("070701" or "070702"): 1, 0 at the trailer (*rest is then
 * behind it and its padding to 4), -EINVAL for what is no archive, -ENODATA where it is
 * cut short. */
int cpio_next(struct str *rest, struct cpio_entry *ret, struct err *e) must_check;

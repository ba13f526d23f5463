/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small files of the launcher's own. */
#pragma once

#include "base/err.h"
#include "base/strbuf.h"

/* Writes the whole file or leaves it as it was: a temporary file beside it, fsync, rename.
 * What is no regular file (/dev/stdout, a pipe) is written to as it is. */
int savefile_write(const char *path, struct str bytes, struct err *e) must_check;

/* Could it be written? Asked before the boot: that it can't is better known then. */
int savefile_check(const char *path, struct err *e) must_check;

/* Reads a regular file of at most `max` bytes into *ret. */
int savefile_read(
	const char *path, size_t max, struct strbuf *ret, struct err *e) must_check;

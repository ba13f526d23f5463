/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The "newc" cpio format as a stream: bytes are pushed in as they come, members come out.
 * Follows the state machine of Linux, init/initramfs.c, in what it skips and what it
 * accepts. */
#pragma once

#include "sys/initramfs_read.h"

struct newc;
/* `lim` and `sink` must outlive it; no limit may be 0. */
int newc_new(const struct initramfs_limits *lim, const struct initramfs_sink *sink,
	struct newc **ret, struct err *e) must_check;
void newc_free(struct newc *c);

enum newc_stop {
	NEWC_MORE,    /* all bytes were taken */
	NEWC_TRAILER, /* a trailer has just been read */
	NEWC_OTHER,   /* between two members, and what comes next is none */
};
/* Takes bytes off *in. Says in *ret why it stopped. -EBADMSG, -EFBIG, or the sink's own
 * answer. */
int newc_feed(
	struct newc *c, struct str *in, enum newc_stop *ret, struct err *e) must_check;
/* Between two members; padding that the end of the file has cut off does not count. */
bool newc_between(const struct newc *c, bool end_of_file) must_check;
/* A new stream begins: positions, to which members are aligned, count from `pos` on. */
void newc_restart(struct newc *c, uint64_t pos);
/* No more archives: gives the content of files that are still waited for (hard links). */
int newc_finish(struct newc *c, struct err *e) must_check;

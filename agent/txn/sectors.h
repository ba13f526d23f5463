/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes of a disk that lie in no file: boot sectors, what stands behind them. A disk's name
 * tells nothing after another boot, so a disk is known by its size, by the id that the caller
 * has given it, and by holding, in every 512-byte sector concerned, the bytes of before or
 * those of after. Private to txn/. */
#pragma once

#include "base/strv.h"
#include "txn/txn.h"

struct sectors {
	char *disk, *id;
	uint64_t size;   /* of the disk, bytes */
	uint64_t offset; /* bytes */
	uint32_t n;      /* bytes */
	uint32_t crc;    /* of the copy */
	unsigned copy;   /* number of the file: the bytes before, then those after */
	bool chosen, returned; /* as in struct change */
};

void sectors_done(struct sectors *s);
/* "/dev/vda sectors 0-1": for a person, freed by the caller. */
char *sectors_name(const struct sectors *s) must_check;

/* Whether every disk that is not back yet can be told, before anything is touched. 0;
 * -ESTALE: it was changed since (its name is added to *ret_changed); -ENODEV: it is not here,
 * or cannot be told from another one; the text says which, and what to do. */
int sectors_check(struct txn *t, struct strv *ret_changed, struct err *e) must_check;
/* Both durable, and repeatable. -ENOTUNIQ: nothing was written yet, and several disks look
 * as the right one did before. */
int sectors_publish(struct txn *t, struct err *e) must_check;
int sectors_restore(struct txn *t, struct strv *ret_paths, struct err *e) must_check;

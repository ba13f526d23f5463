/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One transaction over a guest's tree: a set of changes that is made whole or not at all,
 * whatever happens, and that can be undone later. The journal and the before-images live in
 * the guest, in /var/lib/xvd2vd/. See the invariants in txn.c. */
#pragma once

#include "sys/file.h"

struct txn;

/* What a run found and did about an unfinished one before it. */
enum txn_recovery { TXN_CLEAN, TXN_ROLLED_BACK, TXN_ROLLED_FORWARD };
/* To be called before anything else writes. Restartable at any point. A journal that cannot
 * be trusted (checksum, version) is refused with -EUCLEAN and a text that says what to do. */
int txn_recover(const struct root *r, enum txn_recovery *ret, struct err *e) must_check;

/* Starts; -EBUSY where another agent holds the lock. */
int txn_begin(const struct root *r, struct txn **ret, struct err *e) must_check;

/* Each stages one change: content beside the target, before-image, journal record. Nothing
 * the guest would read changes before txn_commit(), except txn_append(), whose bytes land at
 * the file's end at commit time too (the old size is the before-image). Two changes of one
 * path in a transaction: the later one replaces the earlier (-EEXIST otherwise documented). */
int txn_write(struct txn *t, const char *path, struct str data, mode_t mode_if_new,
	struct err *e) must_check;
int txn_remove(struct txn *t, const char *path, struct err *e) must_check;
int txn_symlink(
	struct txn *t, const char *path, const char *target, struct err *e) must_check;
int txn_append(
	struct txn *t, const char *path, struct str data, struct err *e) must_check;
/* Keeps a before-image of `path` (file, link or absence) that a program of the guest's may
 * change itself; rolled back like the rest. */
int txn_guard(struct txn *t, const char *path, struct err *e) must_check;

/* Commit record, publish, fsync. After a failure behind the commit record the transaction is
 * finished by the next txn_recover(); before it nothing has changed. */
int txn_commit(struct txn *t, struct err *e) must_check;
/* Takes back what is staged; also after guarded programs have run. */
int txn_abort(struct txn *t, struct err *e) must_check;
void txn_free(struct txn *t); /* without commit: aborts */

/* Puts back what the last committed transaction changed. -ENOENT: none to undo. -ESTALE: a
 * file was changed since; `force` overrides. *ret_paths (a strv) gets what was put back. */
struct strv;
int txn_undo(const struct root *r, bool force, struct strv *ret_paths,
	struct err *e) must_check;

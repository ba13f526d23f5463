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

/* What one change needs room for. */
enum txn_need_kind {
	TXN_NEED_WRITE, /* `size` bytes beside the target, and a copy of what is there */
	TXN_NEED_COPY,  /* the copy alone: removals, guarded paths */
	TXN_NEED_APPEND, /* `size` bytes twice: at the file's end and in the journal's folder */
};
struct txn_need {
	const char *path;
	enum txn_need_kind kind;
	uint64_t size;
};
/* Whether every file system concerned can be written, is free of recorded errors and has room
 * for staging, copies and the journal; changes nothing. -ENOSPC, -EROFS, -EUCLEAN with a text
 * that names the file system. */
int txn_preflight(const struct root *r, const struct txn_need *changes, size_t n,
	struct err *e) must_check;

/* Starts; -EBUSY where another agent holds the lock; -EUCLEAN where recovery has not run. The
 * root must stay open as long as the transaction. */
int txn_begin(const struct root *r, struct txn **ret, struct err *e) must_check;

/* Each stages one change: content beside the target, before-image, journal record. Nothing
 * the guest would read changes before txn_commit(), except txn_append(), whose bytes land at
 * the file's end at commit time too (the old size is the before-image). Two changes of one
 * path in a transaction: the later one replaces the earlier. -EEXIST: txn_append() to, or
 * txn_guard() of, what an earlier change of the transaction replaces and has not published;
 * replacing what was appended to and published.
 *
 * Links: the directory's are followed; txn_write() and txn_append() follow a link at the end
 * too, so that links stay links (-ENOENT where it leads to nothing), txn_remove() and
 * txn_symlink() change the link itself. To put a file in a link's place: txn_remove(), then
 * txn_write(). Missing directories are made (0755) and taken back as well. Removing what is
 * not there does nothing. A path that is a directory or a device is refused (-EISDIR,
 * -EINVAL), and so is one that chattr protects (-EPERM); after these, and after -EEXIST and
 * -ENOENT, the transaction goes on as if not asked. After any other failure it can only be
 * taken back. */
int txn_write(struct txn *t, const char *path, struct str data, mode_t mode_if_new,
	struct err *e) must_check;
int txn_remove(struct txn *t, const char *path, struct err *e) must_check;
int txn_symlink(
	struct txn *t, const char *path, const char *target, struct err *e) must_check;
int txn_append(
	struct txn *t, const char *path, struct str data, struct err *e) must_check;
/* Keeps a before-image of `path` (file, link or absence; a link is not followed) that a
 * program of the guest's may change itself; rolled back like the rest. */
int txn_guard(struct txn *t, const char *path, struct err *e) must_check;

/* Puts what is staged so far to its place, before the commit, for programs of the guest's
 * that must see it (a rebuild reads the new configuration). Still taken back, like the rest,
 * unless txn_commit() comes. */
int txn_publish(struct txn *t, struct err *e) must_check;

/* Commit record, publish, fsync. After a failure behind the commit record the transaction is
 * finished by the next txn_recover() or taken back by txn_abort(), as the caller likes; before
 * it nothing has changed that txn_abort() does not take back. A transaction without changes
 * leaves no trace. */
int txn_commit(struct txn *t, struct err *e) must_check;
/* Takes back what is staged, published or guarded: bytes, owner, mode, times, xattrs. After a
 * failure txn_recover() goes on with it. */
int txn_abort(struct txn *t, struct err *e) must_check;
void txn_free(struct txn *t); /* without commit: aborts */

/* Puts back what the last committed transaction changed. -ENOENT: none to undo. -ESTALE: a
 * file was changed since; `force` overrides, except that a file that was appended to and is
 * another one now is left alone: cutting it would destroy it. *ret_paths (a strv, or NULL)
 * gets what was put back. Called again, it goes on with the transaction before that. */
struct strv;
int txn_undo(const struct root *r, bool force, struct strv *ret_paths,
	struct err *e) must_check;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One transaction over a guest's tree: a set of changes that is made whole or not at all,
 * whatever happens, and that can be undone later. The journal and the before-images live in
 * the guest, in /var/lib/xvd2vd/. See the invariants in txn.c. */
#pragma once

#include "sys/file.h"

struct txn;
struct strv;

/* A whole disk of this machine, or an image of one. Its name may be another one after the next
 * boot. `id`: what tells it from others and is not changed by a repair (a UUID on it, a
 * serial); "" or NULL where there is none. */
struct txn_disk {
	const char *path, *id;
};
/* Those that a journal's boot sectors may be looked for on. */
struct txn_disks {
	const struct txn_disk *v;
	size_t n;
};

/* What a run found and did about an unfinished one before it. */
enum txn_recovery { TXN_CLEAN, TXN_ROLLED_BACK, TXN_ROLLED_FORWARD };
/* To be called before anything else writes. Restartable at any point. A journal that cannot
 * be trusted (checksum, version) is refused with -EUCLEAN and a text that says what to do; so
 * is one that has changed a disk which is not among `disks` (NULL: none). */
int txn_recover(const struct root *r, const struct txn_disks *disks,
	enum txn_recovery *ret, struct err *e) must_check;

/* What one change needs room for. */
enum txn_need_kind {
	TXN_NEED_WRITE, /* `size` bytes beside the target, and a copy of what is there */
	TXN_NEED_COPY,  /* the copy alone: removals, guarded paths */
	TXN_NEED_APPEND, /* `size` bytes twice: at the file's end and in the journal's folder */
	TXN_NEED_TREE,    /* copies of all files of the folder, for txn_guard_tree() */
	TXN_NEED_SECTORS, /* `size` bytes twice in the journal's folder; no path */
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

/* For the history: seconds since 1970, and the agent's version. */
struct txn_about {
	int64_t when;
	const char *version;
	bool continues; /* what the transaction before it began: they are undone together */
};
/* Starts; -EBUSY where another agent holds the lock; -EUCLEAN where recovery has not run. The
 * root must stay open as long as the transaction. `about`: may be NULL. */
int txn_begin(const struct root *r, const struct txn_about *about, struct txn **ret,
	struct err *e) must_check;

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
/* Gives what is staged at `path`, a file or link that is new, this SELinux label ("system_u:
 * object_r:etc_t:s0"); where the file system keeps none, or whoever tests may set none, it has
 * none. */
int txn_label(
	struct txn *t, const char *path, const char *label, struct err *e) must_check;
/* Keeps a before-image of `path` (file, link or absence; a link is not followed) that a
 * program of the guest's may change itself; rolled back like the rest. */
int txn_guard(struct txn *t, const char *path, struct err *e) must_check;

/* Guards every file and link in a folder and below, where they hold at most `max` bytes
 * (-EFBIG; -E2BIG past 5000 files; refused before anything is done). What is as it was when the
 * transaction is committed counts as not guarded. `whole`: what appears there until then is
 * taken back, too; else it stays, as what a package brings must. */
int txn_guard_tree(struct txn *t, const char *path, uint64_t max, bool whole,
	struct err *e) must_check;

/* Stages bytes of a disk that lie in no file of it: boot code, what stands behind it. They are
 * written behind the commit record, after the files, and taken back before them; nothing else
 * of their sectors is. -EINVAL: no such bytes; -EEXIST: a sector of them is changed in this
 * transaction already; as above for the rest. */
int txn_sectors(struct txn *t, const struct txn_disk *disk, uint64_t offset,
	struct str data, struct err *e) must_check;

/* A package that the guest's own tool installs within the transaction, and that was not there
 * before: to be noted (durably, when this returns) before the tool is started. Packages are
 * not taken back with the transaction, see docs/JOURNAL.md, so the note stays in any case. */
struct txn_package {
	char *name, *version, *tool; /* "acpid", "1:2.0.33-2", "dpkg" */
};
int txn_note_package(
	struct txn *t, const struct txn_package *p, struct err *e) must_check;

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

/* How to undo; NULL or all zero: everything of the last run, if nothing was changed since. */
struct txn_undo {
	bool force; /* also what was changed since */
	/* Only these paths, or disks, by name; also where they were changed since. The rest can
	 * be undone later. */
	const struct strv *only;
	const struct txn_disks *disks;
	struct strv *ret_changed; /* gets what was changed since; or NULL */
	/* Removes packages, before the files are put back (their removal may change some), or
	 * NULL: they stay. A failure is its own to report. Not asked with `only`. */
	int (*packages)(void *ctx, const struct txn_package *v, size_t n);
	void *ctx;
};
/* Puts back what the last committed transaction changed. -ENOENT: none to undo. -ESTALE:
 * something was changed since, nothing was touched; in any case where that is a boot sector, or
 * its disk is not here. A file that was appended to and is another one now is left alone with
 * `force`, and refused with `only`: cutting it would destroy it. -EINVAL: a path of `only` that
 * was not changed. *ret_paths (a strv, or NULL) gets what was put back. Called again, it goes on
 * with what is left, and then with the transaction before; it does so by itself where the one
 * that is undone continues that. */
int txn_undo(const struct root *r, const struct txn_undo *how, struct strv *ret_paths,
	struct err *e) must_check;

/* What became of a run. */
enum txn_state {
	TXN_DONE,
	TXN_PARTLY_UNDONE,
	TXN_UNDONE,
	TXN_TAKEN_BACK, /* was never done, but has noted packages */
	TXN_UNFINISHED, /* to be recovered */
	TXN_DAMAGED,    /* the journal cannot be read */
};
struct txn_run {
	char id[16];
	int64_t when;  /* 0: not known */
	char *version; /* NULL: not known */
	enum txn_state state;
	size_t changes, undone; /* files and places of disks */
	struct txn_package *packages;
	size_t n_packages;
	bool packages_gone; /* removed again */
};
struct txn_history {
	struct txn_run *v; /* oldest first */
	size_t n;
};
/* The runs whose journals are kept; writes nothing. */
int txn_history(const struct root *r, struct txn_history *ret, struct err *e) must_check;
void txn_history_done(struct txn_history *h);
void txn_packages_free(struct txn_package *v, size_t n);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One transaction, from its beginning to its commit or its way back. The ways themselves are
 * in steps.c, the journal's records in state.c, recovery in recover.c; docs/JOURNAL.md argues
 * every crash point.
 *
 *    txn_begin()
 *        |
 *    PHASE_BEGUN <--.  txn_write() txn_remove() txn_symlink() txn_append() txn_guard()
 *        |    |  `--'  txn_publish() txn_sectors() txn_note_package()
 *        |    |
 *        |    `--- txn_abort(), txn_recover() -------------------> PHASE_GONE -> no folder
 *        | txn_commit()                                            ^
 *    PHASE_COMMITTED -- txn_abort(), or no way forward --> PHASE_BACK
 *        |
 *        | steps_publish(); txn_recover() after a crash
 *    PHASE_DONE <-- PHASE_PART <-- txn_undo() of chosen paths, where others are left
 *        | txn_undo()
 *    PHASE_UNDO  (txn_recover() after a crash)
 *        |
 *    PHASE_UNDONE
 *
 * A phase is what the last whole frame of the journal says. Invariants:
 *
 *  1. A frame is durable before anything that it announces is done: no temporary name, made
 *     directory or copy exists that the journal (or the folder, for copies) does not lead to.
 *  2. A copy of a path's bytes is durable, and so is its name, before the frame that speaks
 *     of it; a before-image never changes once its path is touched.
 *  3. No target is touched unless a durable frame says that it may be (PUBLISH, or GUARD for
 *     what the guest's programs change), with its before-image in that frame or before it.
 *     Of what is not known to be in a folder guarded whole (WHOLE) that is absence.
 *  4. Everything that publishing needs is durable, names included, before the commit record;
 *     what needs space on the target's file system has it by then: files are staged, appends
 *     are made.
 *  5. Behind the commit record there are only renames, unlinks and, when all of these are
 *     durable, sectors written in place; each is repeatable and needs no space. The record
 *     DONE follows when all of it is synced.
 *  6. PHASE_BACK, PHASE_UNDO and PHASE_PART have one way out (GONE, UNDONE, DONE or UNDONE).
 *     Each step back is repeatable; sectors go back before files; copies go only when
 *     everything is back, durably.
 *  7. A target that is neither what it was nor what we made of it is someone else's work:
 *     going back and undo refuse before they touch anything, going forward leaves it alone.
 *     Undo may be told otherwise, but for a file that was appended to, and for sectors. A
 *     disk that cannot be told for sure is not written to.
 *  8. At most one transaction is in a phase other than DONE or UNDONE, and the lock is held
 *     by whoever changes that.
 *
 * Order across file systems (a /boot, a /var of their own) comes from 1-5 alone: each step is
 * on stable storage, by fsync, before the next one is begun, whichever disk that is on. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "txn/state.h"
#include "txn/tree.h"

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

/* The number behind the last one used. -EUCLEAN where a transaction is unfinished. */
static int next_id(const struct root *r, char *ret, size_t n, struct err *e)
{
	cleanup_(strv_done) struct strv ids = {0};
	uint64_t last = 0;
	int q;

	q = runs_ids(r, &ids, e);
	if (q < 0)
		return q;
	STRV_FOREACH (id, &ids) {
		struct txn *t;
		enum phase phase;

		q = state_load(r, *id, &t, e);
		if (q < 0)
			return q;
		phase = t->phase;
		state_free(t);
		if (phase != PHASE_DONE && phase != PHASE_UNDONE)
			return err_set(e, -EUCLEAN,
				"run %s was not finished; it must be recovered first",
				*id);
		if (!str_u64(str_from(*id), &last))
			return err_set(
				e, -EUCLEAN, "%s/%s: not a number", STATE_DIR, *id);
	}
	(void)snprintf(ret, n, "%06llu", (unsigned long long)last + 1);
	return 0;
}

/* The folder, its journal with one frame, and all names on the way to it, durable. */
static int make_folder(struct txn *t, const struct txn_about *about, struct err *e)
{
	int q = file_mkdir(t->r, t->folder, 0700, e);

	if (q >= 0)
		q = journal_create(t->r, t->file, &t->j, e);
	if (q >= 0)
		q = file_sync_parent(t->r, t->file, e);
	if (q >= 0)
		q = file_sync_parent(t->r, t->folder, e);
	if (q >= 0)
		q = state_begin(t, about) < 0 ? err_oom(e) : state_flush(t, e);
	return q;
}

int txn_begin(const struct root *r, const struct txn_about *about, struct txn **ret,
	struct err *e)
{
	struct txn *t = NULL;
	int lock = -1, q;
	char id[16];

	q = file_mkdirs(r, "/var/lib", e);
	if (q >= 0)
		q = file_mkdir(r, STATE_DIR, 0700, e);
	if (q > 0)
		q = file_sync_parent(r, STATE_DIR, e);
	if (q >= 0)
		q = runs_lock(r, &lock, e);
	if (q < 0)
		return q;
	q = next_id(r, id, sizeof(id), e);
	if (q >= 0) {
		t = state_new(r, id);
		q = t ? 0 : err_oom(e);
	}
	if (q < 0) {
		close(lock);
		return q;
	}
	t->lock = lock;
	t->own = true;
	q = make_folder(t, about, e);
	if (q < 0) {
		struct err ignored;

		/* Nothing but the folder: recovery would remove it as well. */
		if (steps_remove_folder(t, false, &ignored) < 0)
			err_wrap(e, q, "%s is left behind", t->folder);
		state_free(t);
		return q;
	}
	*ret = t;
	return 0;
}

int txn_guard(struct txn *t, const char *path, struct err *e)
{
	cleanup_(free_charp) char *name = NULL;
	struct change *c;
	int q;

	q = state_usable(t, e);
	if (q >= 0)
		q = target_resolve(t, path, false, &name, e);
	if (q < 0)
		return q;
	c = state_find(t, name);
	if (c && c->pending)
		return err_set(e, -EEXIST,
			"%s has a change staged that a program of the guest's would not "
			"see",
			path);
	q = target_keep(t, name, true, e);
	if (q < 0) {
		strbuf_reset(&t->j.payload);
		return q;
	}
	t->failed = true;
	q = state_guard(t, name) < 0 ? err_oom(e) : state_flush(t, e);
	if (q >= 0)
		t->failed = false;
	return q;
}

int txn_note_package(struct txn *t, const struct txn_package *p, struct err *e)
{
	int q = state_usable(t, e);

	if (q < 0)
		return q;
	t->failed = true;
	q = state_package(t, p) < 0 ? err_oom(e) : state_flush(t, e);
	if (q >= 0)
		t->failed = false;
	return q;
}

/* Steps 3 to 5 of the invariants, without the records that come before and behind. */
static int announce(struct txn *t, struct err *e)
{
	int q = steps_sync_staged(t, e);

	if (q >= 0)
		q = state_publish(t) < 0 ? err_oom(e) : state_flush(t, e);
	return q < 0 ? q : steps_publish(t, true, e);
}

int txn_publish(struct txn *t, struct err *e)
{
	int q = state_usable(t, e);

	if (q < 0)
		return q;
	t->failed = true;
	q = announce(t, e);
	if (q >= 0)
		q = steps_publish(t, false, e);
	if (q >= 0)
		q = state_published(t) < 0 ? err_oom(e) : state_flush(t, e);
	if (q >= 0)
		t->failed = false;
	return q;
}

/* What the guest's programs have made of the guarded paths: synced, for they may not have
 * done it, and recorded, for undo to know whether anybody changed it since. */
static int record_guarded(struct txn *t, struct err *e)
{
	int r = tree_appeared(t, true, e);

	if (r < 0)
		return r;
	for (size_t i = 0; i < t->n; i++) {
		cleanup_(image_done) struct image now = {0};
		struct change *c = &t->v[i];
		int q;

		if (!c->guarded || c->pending)
			continue;
		q = image_look(t->r, c->path, &now, e);
		if (q >= 0 && now.kind == IMAGE_FILE) {
			cleanup_(close_fd) int fd =
				root_openat(t->r, c->path, O_RDONLY | O_NOFOLLOW, 0);

			q = fd < 0 ? fd : file_fsync(fd);
			if (q < 0)
				err_errno(e, q, "cannot sync %s", c->path);
		}
		if (q >= 0) {
			q = file_sync_parent(t->r, c->path, e);
			if (q == -ENOENT && now.kind == IMAGE_ABSENT)
				q = 0;
		}
		if (q < 0)
			return q;
		if (c->op == OP_NONE && image_equal(&now, &c->before)) {
			if (state_untouched(t, c->path) < 0)
				return err_oom(e);
			continue;
		}
		file_attr_done(&now.attr); /* never compared */
		if (state_after(t, c->path, &now) < 0)
			return err_oom(e);
	}
	return 0;
}

int txn_commit(struct txn *t, struct err *e)
{
	int q = state_usable(t, e);

	if (q < 0)
		return q;
	if (!t->n && !t->n_sectors && !t->n_packages)
		return txn_abort(t, e);
	t->failed = true;
	q = record_guarded(t, e);
	if (q >= 0)
		q = announce(t, e);
	if (q >= 0)
		q = state_record_phase(t, PHASE_COMMITTED, e);
	if (q >= 0)
		q = steps_finish(t, e);
	if (q >= 0)
		steps_drop_copies(t);
	return q;
}

int txn_abort(struct txn *t, struct err *e)
{
	int q;

	if (t->phase == PHASE_DONE)
		return err_set(e, -EINVAL, "the transaction is done; undo takes it back");
	strbuf_reset(&t->j.payload);
	q = t->phase == PHASE_BEGUN ? tree_appeared(t, false, e) : 0;
	return q < 0 ? q : steps_back(t, e);
}

void txn_free(struct txn *t)
{
	struct err ignored;

	/* Behind the commit record the way is forward, for the next recovery to go. */
	if (t && t->phase == PHASE_BEGUN && txn_abort(t, &ignored) < 0)
		t->failed = true;
	state_free(t);
}

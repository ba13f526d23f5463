/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finishes or takes back what a run before this one has left unfinished. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "txn/state.h"
#include "txn/tree.h"

static int someone_elses(const struct txn *t, const char *path, struct err *e)
{
	return err_set(e, -EUCLEAN,
		"run %s was interrupted, and %s was changed by someone else since; "
		"nothing was "
		"touched. Copies of the files before that run are in %s: put things "
		"right by "
		"hand, then move that folder away",
		t->id, path, t->folder);
}

/* Whether `now` is a point on the way of this change. */
static bool on_the_way(const struct change *c, const struct image *now)
{
	if (steps_on_the_way(c, now))
		return true;
	/* Bytes at the end that were being put there. */
	return c->op == OP_APPEND && now->kind == IMAGE_FILE &&
	       now->size >= c->before.size && now->size <= c->after.size;
}

/* Invariant 7, before anything is touched. */
static int check_files(const struct txn *t, struct err *e)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct change *c = &t->v[i];
		cleanup_(image_done) struct image now = {0};
		int q;

		const bool later = c->touched && c->guarded && state_is_later(t, c->path);

		if (!c->touched || (c->loose && !later))
			continue;
		q = image_look(t->r, c->path, &now, e);
		if (q < 0)
			return q;
		if (later ? !image_same(&now, &c->before) && !image_same(&now, &c->after)
			  : !on_the_way(c, &now))
			return someone_elses(t, c->path, e);
	}
	return 0;
}

/* Disks are asked for on every way: the way back from DONE or COMMITTED writes to them, and
 * they may not be here, or have other names. */
static int check_disks(struct txn *t, struct err *e)
{
	cleanup_(strv_done) struct strv changed = {0};
	int q;

	if (t->phase == PHASE_BEGUN)
		return 0;
	q = sectors_check(t, &changed, e);
	if (q == -ESTALE)
		return someone_elses(t, changed.v[0], e);
	if (q == -ENODEV)
		return err_wrap(e, -EUCLEAN,
			"run %s was interrupted; nothing was touched", t->id);
	return q;
}

/* A folder whose journal has no whole frame: txn_begin() had not come to its end, so there
 * can be nothing in it but the journal; steps_remove_folder() leaves it at that, too. */
static int remove_empty(struct txn *t, struct err *e)
{
	cleanup_(strv_done) struct strv names = {0};
	int q = runs_names(t, &names, e);

	if (q < 0)
		return q;
	STRV_FOREACH (name, &names)
		if (!str_is(str_from(*name), "journal"))
			return err_set(e, -EUCLEAN,
				"%s has lost its journal, nothing was touched; it holds "
				"copies of the files an earlier run changed: compare "
				"them "
				"by hand, then move the folder away",
				t->folder);
	return steps_remove_folder(t, false, e);
}

static int forward(struct txn *t, enum txn_recovery *ret, struct err *e)
{
	struct err why;
	int q = steps_finish(t, e);

	if (q >= 0) {
		*ret = TXN_ROLLED_FORWARD;
		return 0;
	}
	/* A directory that cannot grow, say. Before-images are kept for all; but what the guest
	 * has done since is not to be lost. */
	if (q == -EUCLEAN || check_files(t, &why) < 0 || steps_back(t, &why) < 0)
		return q;
	*ret = TXN_ROLLED_BACK;
	return 0;
}

static int recover(struct txn *t, enum txn_recovery *ret, struct err *e)
{
	int q;

	if (t->phase == PHASE_DONE)
		return 0;
	if (t->phase == PHASE_EMPTY)
		return remove_empty(t, e);
	if (t->phase != PHASE_GONE && t->phase != PHASE_UNDONE) {
		q = check_disks(t, e);
		if (q < 0)
			return q;
	}
	/* Going forward leaves alone what is someone else's (steps.c). Once going back is
	 * decided, what is in between is our own doing. */
	if (t->phase == PHASE_BEGUN) {
		q = tree_appeared(t, false, e);
		if (q >= 0)
			q = check_files(t, e);
		if (q < 0)
			return q;
	}
	/* This syncs it, too: the run that wrote the last frame may have been killed before it
	 * could, and the copies must not go before that frame is durable. */
	q = journal_reopen(t->r, t->file, &t->j, e);
	if (q < 0)
		return q;
	if (t->phase == PHASE_UNDONE)
		return steps_remove_folder(t, true, e);
	if (t->phase == PHASE_COMMITTED)
		return forward(t, ret, e);
	q = t->phase == PHASE_UNDO || t->phase == PHASE_PART ? steps_undo(t, NULL, e)
							     : steps_back(t, e);
	if (q >= 0)
		*ret = TXN_ROLLED_BACK;
	return q;
}

/* Undone transactions are visited on every run; only those with copies left need work. */
static int needs_work(struct txn *t, struct err *e)
{
	cleanup_(strv_done) struct strv names = {0};
	int q;

	if (t->phase != PHASE_UNDONE)
		return t->phase != PHASE_DONE;
	q = runs_names(t, &names, e);
	return q < 0 ? q : names.n > 1;
}

/* No run is begun before the one before it has come to its end (8), so the last word of this
 * one's journal was another one, once: a frame at a file's end that has rotted looks like one
 * that was never written. */
static int lost_its_end(const struct txn *t, struct err *e)
{
	return err_set(e, -EUCLEAN,
		"%s is damaged: it says that run %s was interrupted, but a later one was "
		"finished; nothing was touched. Move that folder away: what that run "
		"changed cannot be undone any more",
		t->file, t->id);
}

/* How many there are up to the last one that is done; later ones were undone or cut short. */
static int count_done(
	const struct root *r, const struct strv *ids, size_t *ret, struct err *e)
{
	bool done = false;
	size_t n = ids->n;

	while (n && !done) {
		struct txn *t;
		int q = state_load(r, ids->v[n - 1], &t, e);

		if (q < 0)
			return q;
		done = t->phase == PHASE_DONE;
		n -= done ? 0 : 1;
		state_free(t);
	}
	*ret = n;
	return 0;
}

static int recover_all(const struct root *r, const struct strv *ids,
	const struct txn_disks *disks, enum txn_recovery *found, struct err *e)
{
	size_t done = 0;
	int q = count_done(r, ids, &done, e);

	for (size_t i = 0; i < ids->n && q >= 0; i++) {
		struct txn *t;

		q = state_load(r, ids->v[i], &t, e);
		if (q < 0)
			return q;
		t->disks = disks;
		q = needs_work(t, e);
		if (q > 0 && i < done && t->phase != PHASE_EMPTY &&
			t->phase != PHASE_GONE && t->phase != PHASE_UNDONE)
			q = lost_its_end(t, e);
		else if (q > 0)
			q = recover(t, found, e);
		state_free(t);
	}
	return q;
}

int txn_recover(const struct root *r, const struct txn_disks *disks,
	enum txn_recovery *ret, struct err *e)
{
	cleanup_(strv_done) struct strv ids = {0};
	enum txn_recovery found = TXN_CLEAN;
	struct stat st;
	int lock, q;

	q = root_lstat(r, STATE_DIR, &st);
	if (q == -ENOENT || q == -ENOTDIR) {
		*ret = TXN_CLEAN;
		return 0;
	}
	if (q < 0)
		return err_errno(e, q, "cannot look at %s", STATE_DIR);
	q = runs_ids(r, &ids, e);
	if (q < 0)
		return q;
	if (!ids.n) {
		*ret = TXN_CLEAN;
		return 0;
	}
	q = runs_lock(r, &lock, e);
	if (q < 0)
		return q;
	q = recover_all(r, &ids, disks, &found, e);
	close(lock);
	if (q < 0)
		return q;
	*ret = found;
	return 0;
}

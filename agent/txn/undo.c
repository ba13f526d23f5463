/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts back what a finished transaction changed. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "txn/state.h"

/* The last one that is done. Its journal is open for writing. */
static int last_done(const struct root *r, struct txn **ret, struct err *e)
{
	cleanup_(strv_done) struct strv ids = {0};
	int q = runs_ids(r, &ids, e);

	if (q < 0)
		return q;
	for (size_t i = ids.n; i; i--) {
		struct txn *t;

		q = state_load(r, ids.v[i - 1], &t, e);
		if (q < 0)
			return q;
		if (t->phase == PHASE_DONE) {
			*ret = t;
			return 0;
		}
		q = t->phase == PHASE_UNDONE ? 0
					     : err_set(e, -EUCLEAN,
						       "run %s was not finished; it must "
						       "be recovered first",
						       t->id);
		state_free(t);
		if (q < 0)
			return q;
	}
	return err_set(e, -ENOENT, "there is nothing to undo");
}

/* Every path must be what we made of it, or what it was before. */
static int check(const struct txn *t, struct err *e)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct change *c = &t->v[i];
		cleanup_(image_done) struct image now = {0};
		int q;

		if (!c->touched)
			continue;
		q = image_look(t->r, c->path, &now, e);
		if (q < 0)
			return q;
		if (!image_same(&now, &c->after) && !image_same(&now, &c->before))
			return err_set(e, -ESTALE, "%s was changed since", c->path);
	}
	return 0;
}

int steps_undo(struct txn *t, struct strv *ret_paths, struct err *e)
{
	int q = steps_restore(t, ret_paths, e);

	if (q >= 0)
		q = state_record_phase(t, PHASE_UNDONE, e);
	return q < 0 ? q : steps_remove_folder(t, true, e);
}

static int undo(const struct root *r, bool force, struct strv *ret_paths, struct err *e)
{
	struct txn *t = NULL;
	int q = last_done(r, &t, e);

	if (q < 0)
		return q;
	q = force ? 0 : check(t, e);
	if (q >= 0)
		q = journal_reopen(t->r, t->file, &t->j, e);
	if (q >= 0)
		q = state_record_phase(t, PHASE_UNDO, e);
	if (q >= 0)
		q = steps_undo(t, ret_paths, e);
	state_free(t);
	return q;
}

int txn_undo(const struct root *r, bool force, struct strv *ret_paths, struct err *e)
{
	struct stat st;
	int lock, q;

	q = root_lstat(r, STATE_DIR, &st);
	if (q == -ENOENT || q == -ENOTDIR)
		return err_set(e, -ENOENT, "there is nothing to undo");
	if (q < 0)
		return err_errno(e, q, "cannot look at %s", STATE_DIR);
	q = runs_lock(r, &lock, e);
	if (q < 0)
		return q;
	q = undo(r, force, ret_paths, e);
	close(lock);
	return q;
}

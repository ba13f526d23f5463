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

/* Could it be put back, whatever is there? Asked before it is decided: a way that was begun
 * must come to its end. */
static int can_go_back(const struct txn *t, const struct change *c,
	const struct image *now, struct err *e)
{
	const char *name;
	int dir;

	if (now->kind == IMAGE_OTHER)
		return err_set(
			e, -ESTALE, "%s is neither a file nor a link now", c->path);
	if (c->before.kind == IMAGE_ABSENT)
		return 0;
	dir = root_parent(t->r, c->path, &name);
	if (dir < 0)
		return err_errno(e, -ESTALE, "the folder of %s is gone", c->path);
	close(dir);
	return 0;
}

/* An appended file that another one has replaced since: to cut it would destroy it. */
static int can_be_cut(const struct txn *t, const struct change *c, struct err *e)
{
	if (c->before.kind != IMAGE_FILE || c->before.copy)
		return 0;
	if (image_begins(t->r, c->path, &c->before))
		return 0;
	return err_set(e, -ESTALE,
		"%s is another file now than the one that was appended to, and is left "
		"alone",
		c->path);
}

/* Every path must be what we made of it, or what it was before; those that are not are added
 * to *ret_changed. */
static int check_file(struct txn *t, const struct change *c, const struct txn_undo *how,
	struct strv *ret_changed, struct err *e)
{
	cleanup_(image_done) struct image now = {0};
	int q = image_look(t->r, c->path, &now, e);

	if (q < 0)
		return q;
	if (image_same(&now, &c->after) || image_same(&now, &c->before))
		return 0;
	q = can_go_back(t, c, &now, e);
	if (q < 0 || how->force)
		return q;
	if (how->only)
		return can_be_cut(t, c, e);
	return strv_adds(ret_changed, c->path) < 0 ? err_oom(e) : 0;
}

static int refuse(const struct strv *changed, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf names = {0};

	STRV_FOREACH (name, changed)
		strbuf_addf(&names, "%s%s", names.n ? ", " : "", *name);
	if (strbuf_err(&names) < 0)
		return err_oom(e);
	return err_set(e, -ESTALE,
		"changed since, and not put back unless told by name: %s", names.p);
}

static int check(struct txn *t, const struct txn_undo *how, struct err *e)
{
	cleanup_(strv_done) struct strv changed = {0};
	int q;

	/* A boot sector that someone has changed is not overwritten, whoever says so. */
	q = sectors_check(t, &changed, e);
	if (q < 0 && (q != -ESTALE || how->force || how->only))
		return q == -ENODEV ? err_wrap(e, -ESTALE, "nothing was touched") : q;
	for (size_t i = 0; i < t->n; i++) {
		if (!table_goes_back(t, &t->v[i]))
			continue;
		q = space_writable(t->r, t->v[i].path, e);
		if (q >= 0)
			q = check_file(t, &t->v[i], how, &changed, e);
		if (q < 0)
			return q;
	}
	if (!changed.n)
		return 0;
	q = refuse(&changed, e);
	if (how->ret_changed && q == -ESTALE) {
		*how->ret_changed = changed;
		changed = (struct strv){0};
	}
	return q;
}

/* Adds the record that chooses the change of that name, or of the file that it leads to. */
static int choose(struct txn *t, const char *path, struct err *e)
{
	int q = -EINVAL;

	for (int follow = 0; follow < 2 && q == -EINVAL; follow++) {
		cleanup_(free_charp) char *name = NULL;

		q = target_resolve(t, path, follow, &name, e);
		if (q < 0)
			q = q == -ENOMEM ? q : -EINVAL;
		else
			q = state_choose(t, name);
	}
	/* A disk has its name on this machine, not in the guest. */
	if (q == -EINVAL)
		q = state_choose(t, path);
	if (q == -EINVAL)
		return err_set(
			e, q, "%s is nothing that run %s has changed", path, t->id);
	return q < 0 ? err_oom(e) : 0;
}

/* The records wait for the frame of the phase. */
static int choose_all(struct txn *t, const struct strv *only, struct err *e)
{
	int q = 0;

	for (size_t i = 0; i < only->n && q >= 0; i++)
		q = choose(t, only->v[i], e);
	return q;
}

static int take_packages(struct txn *t, const struct txn_undo *how, struct err *e)
{
	if (!how->packages || !t->n_packages || t->packages_gone)
		return 0;
	if (how->packages(how->ctx, t->packages, t->n_packages) < 0)
		return 0; /* theirs to tell; the files go back all the same */
	return state_packages_gone(t) < 0 ? err_oom(e) : state_flush(t, e);
}

int steps_undo(struct txn *t, struct strv *ret_paths, struct err *e)
{
	const bool left = t->phase == PHASE_PART && table_is_left(t);
	int q = steps_restore(t, ret_paths, e);

	if (q >= 0)
		q = state_record_phase(t, left ? PHASE_DONE : PHASE_UNDONE, e);
	return q < 0 || left ? q : steps_remove_folder(t, true, e);
}

static int undo(
	struct txn *t, const struct txn_undo *how, struct strv *ret_paths, struct err *e)
{
	int q = how->only ? choose_all(t, how->only, e) : 0;

	if (q < 0)
		return q;
	/* In memory only, for the checks to know what is asked of them. */
	t->phase = how->only ? PHASE_PART : PHASE_UNDO;
	q = check(t, how, e);
	if (q >= 0)
		q = journal_reopen(t->r, t->file, &t->j, e);
	if (q >= 0)
		q = state_record_phase(t, t->phase, e);
	if (q >= 0 && !how->only)
		q = take_packages(t, how, e);
	return q < 0 ? q : steps_undo(t, ret_paths, e);
}

int txn_undo(const struct root *r, const struct txn_undo *how, struct strv *ret_paths,
	struct err *e)
{
	static const struct txn_undo plain;
	struct txn *t = NULL;
	struct stat st;
	int lock, q;
	bool more = false;

	how = how ? how : &plain;
	q = root_lstat(r, STATE_DIR, &st);
	if (q == -ENOENT || q == -ENOTDIR)
		return err_set(e, -ENOENT, "there is nothing to undo");
	if (q < 0)
		return err_errno(e, q, "cannot look at %s", STATE_DIR);
	q = runs_lock(r, &lock, e);
	if (q < 0)
		return q;
	do {
		q = last_done(r, &t, e);
		if (q < 0)
			break;
		t->disks = how->disks;
		q = undo(t, how, ret_paths, e);
		more = q >= 0 && t->continues && !how->only;
		state_free(t);
	} while (more);
	close(lock);
	return q;
}

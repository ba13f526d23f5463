/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See tree.h. */
#include <errno.h>
#include <string.h>

#include "txn/state.h"
#include "txn/tree.h"

/* The table of changes is searched one by one. */
#define FILES_MAX 5000
#define DEPTH_MAX 32u

struct walk {
	const struct root *r;
	const char *dir;
	unsigned depth;
	struct tree *tree;
	struct err *e;
};

static int walk(struct walk *w);

void tree_done(struct tree *tree)
{
	strv_done(&tree->files);
	strv_done(&tree->dirs);
}

static int add(void *ctx, const char *name)
{
	struct walk *w = ctx;
	cleanup_(free_charp) char *path =
		str_printf("%s/%s", strcmp(w->dir, "/") ? w->dir : "", name);
	struct walk below = *w;
	struct stat st;
	int q;

	if (!path)
		return err_oom(w->e);
	q = root_lstat(w->r, path, &st);
	if (q < 0)
		return err_errno(w->e, q, "cannot look at %s", path);
	if (S_ISDIR(st.st_mode)) {
		below.dir = path;
		below.depth++;
		return walk(&below);
	}
	if (!S_ISREG(st.st_mode) && !S_ISLNK(st.st_mode))
		return 0;
	if (w->tree->files.n == FILES_MAX)
		return err_set(w->e, -E2BIG, "more than %d files", FILES_MAX);
	w->tree->bytes += S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
	return strv_adds(&w->tree->files, path) < 0 ? err_oom(w->e) : 0;
}

static int walk(struct walk *w)
{
	if (w->depth == DEPTH_MAX || w->tree->dirs.n == FILES_MAX)
		return err_set(w->e, -E2BIG, "%s is too deep", w->dir);
	if (strv_adds(&w->tree->dirs, w->dir) < 0)
		return err_oom(w->e);
	return root_list(w->r, w->dir, FILES_MAX, add, w, w->e);
}

int tree_list(const struct root *r, const char *path, struct tree *ret, struct err *e)
{
	cleanup_(free_charp) char *real = NULL;
	struct tree tree = {0};
	struct walk w = {r, NULL, 0, &tree, e};
	int q = root_realpath(r, path, &real);

	if (q == -ENOENT) {
		*ret = tree;
		return 0;
	}
	if (q < 0)
		return err_errno(e, q, "cannot look at %s", path);
	w.dir = real;
	q = walk(&w);
	if (q < 0) {
		tree_done(&tree);
		return err_wrap(e, q, "%s", path);
	}
	*ret = tree;
	return 0;
}

/* Those with changes staged: a program of the guest's would not see them. */
static int refuse_pending(struct txn *t, const struct strv *paths, struct err *e)
{
	STRV_FOREACH (path, paths) {
		const struct change *c = state_find(t, *path);

		if (c && c->pending)
			return err_set(e, -EEXIST,
				"%s has a change staged that a program of the guest's "
				"would not see",
				*path);
	}
	return 0;
}

/* What chattr protects, programs leave alone as well; but a folder that is guarded whole must be
 * known whole. */
static int guard_files(struct txn *t, const struct strv *files, bool whole, struct err *e)
{
	STRV_FOREACH (file, files) {
		int q = target_keep(t, *file, true, e);

		if (q == -EPERM && !whole)
			continue;
		if (q >= 0)
			q = state_guard(t, *file) < 0 ? err_oom(e) : 0;
		if (q < 0)
			return q;
	}
	return 0;
}

/* That these folders were there, and what they held is known: all else in them is new. */
static int guard_dirs(struct txn *t, const struct strv *dirs, struct err *e)
{
	STRV_FOREACH (dir, dirs)
		if (!strv_has(&t->whole, str_from(*dir)) && state_whole(t, *dir) < 0)
			return err_oom(e);
	return 0;
}

int txn_guard_tree(
	struct txn *t, const char *path, uint64_t max, bool whole, struct err *e)
{
	cleanup_(tree_done) struct tree tree = {0};
	int q = state_usable(t, e);

	if (q >= 0)
		q = tree_list(t->r, path, &tree, e);
	if (q >= 0 && tree.bytes > max)
		q = err_set(e, -EFBIG, "%s holds %llu KiB, more than can be guarded",
			path, (unsigned long long)tree.bytes >> 10);
	if (q >= 0)
		q = refuse_pending(t, &tree.files, e);
	if (q < 0 || !tree.dirs.n)
		return q;
	t->failed = true; /* copies without their record go with the folder, by abort */
	q = guard_files(t, &tree.files, whole, e);
	if (q >= 0 && whole)
		q = guard_dirs(t, &tree.dirs, e);
	if (q < 0) {
		strbuf_reset(&t->j.payload);
		return q;
	}
	q = state_flush(t, e);
	if (q >= 0)
		t->failed = false;
	return q;
}

/* --- what appears ----------------------------------------------------------------------- */

static int add_dir(struct txn *t, const char *path, bool record, struct err *e)
{
	if (strv_has(&t->whole, str_from(path)) || strv_has(&t->dirs, str_from(path)))
		return 0;
	if ((record ? state_dir(t, path) : strv_adds(&t->dirs, path)) < 0)
		return err_oom(e);
	return record ? file_sync_parent(t->r, path, e) : 0;
}

/* A name that a staged file has until it is published is the transaction's already. */
static int add_file(struct txn *t, const char *path, bool record, struct err *e)
{
	struct image absent = {.kind = IMAGE_ABSENT};
	int q;

	if (state_find(t, path) || strv_has(&t->temps, str_from(path)) ||
		state_is_later(t, path))
		return 0;
	q = record ? state_before(t, path, &absent) : table_before(t, path, &absent);
	if (q >= 0)
		q = record ? state_guard(t, path) : table_guard(t, path);
	return q < 0 ? err_oom(e) : 0;
}

static int appeared_in(struct txn *t, const char *top, bool record, struct err *e)
{
	cleanup_(tree_done) struct tree tree = {0};
	int q = tree_list(t->r, top, &tree, e);

	/* Too many to be told: they stay, rather than be in the way of all else. */
	if (q == -E2BIG && !record)
		return 0;
	STRV_FOREACH (dir, &tree.dirs)
		if (q >= 0)
			q = add_dir(t, *dir, record, e);
	STRV_FOREACH (file, &tree.files)
		if (q >= 0)
			q = add_file(t, *file, record, e);
	return q;
}

int tree_appeared(struct txn *t, bool record, struct err *e)
{
	int q = 0;

	for (size_t i = 0; i < t->whole.n && q >= 0; i++)
		q = appeared_in(t, t->whole.v[i], record, e);
	return q;
}

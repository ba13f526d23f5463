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
	struct strv *paths;
	uint64_t *bytes;
	struct err *e;
};

static int walk(struct walk *w);

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
	if (w->paths->n == FILES_MAX)
		return err_set(w->e, -E2BIG, "more than %d files", FILES_MAX);
	*w->bytes += S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
	return strv_adds(w->paths, path) < 0 ? err_oom(w->e) : 0;
}

static int walk(struct walk *w)
{
	if (w->depth == DEPTH_MAX)
		return err_set(w->e, -E2BIG, "%s is too deep", w->dir);
	return root_list(w->r, w->dir, FILES_MAX, add, w, w->e);
}

int tree_list(const struct root *r, const char *path, struct strv *ret_paths,
	uint64_t *ret_bytes, struct err *e)
{
	cleanup_(free_charp) char *real = NULL;
	cleanup_(strv_done) struct strv paths = {0};
	uint64_t bytes = 0;
	struct walk w = {r, NULL, 0, &paths, &bytes, e};
	int q = root_realpath(r, path, &real);

	if (q == -ENOENT)
		return 0;
	if (q < 0)
		return err_errno(e, q, "cannot look at %s", path);
	w.dir = real;
	q = walk(&w);
	if (q < 0)
		return err_wrap(e, q, "%s", path);
	*ret_bytes += bytes;
	strv_done(ret_paths);
	*ret_paths = paths;
	paths = (struct strv){0};
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

int txn_guard_tree(struct txn *t, const char *path, uint64_t max, struct err *e)
{
	cleanup_(strv_done) struct strv paths = {0};
	uint64_t bytes = 0;
	int q = state_usable(t, e);

	if (q >= 0)
		q = tree_list(t->r, path, &paths, &bytes, e);
	if (q >= 0 && bytes > max)
		q = err_set(e, -EFBIG, "%s holds %llu KiB, more than can be guarded",
			path, (unsigned long long)bytes >> 10);
	if (q >= 0)
		q = refuse_pending(t, &paths, e);
	if (q < 0 || !paths.n)
		return q;
	t->failed = true; /* copies without their record go with the folder, by abort */
	STRV_FOREACH (file, &paths) {
		q = target_keep(t, *file, true, e);
		/* What chattr protects, programs leave alone as well. */
		if (q == -EPERM)
			continue;
		if (q >= 0)
			q = state_guard(t, *file) < 0 ? err_oom(e) : 0;
		if (q < 0) {
			strbuf_reset(&t->j.payload);
			return q;
		}
	}
	q = state_flush(t, e);
	if (q >= 0)
		t->failed = false;
	return q;
}

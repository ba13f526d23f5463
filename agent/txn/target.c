/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a path of the caller's names, and what was there before it is changed. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "txn/state.h"

/* `path` with its directory's links followed; directories that are not there yet stay as they
 * are written. So that a file has one name in the journal. */
static int canonical(const struct root *r, const char *path, char **ret)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	cleanup_(free_charp) char *dir = NULL, *real = NULL;
	int q;

	if (!*name || !strcmp(name, ".") || !strcmp(name, ".."))
		return -EINVAL;
	while (slash && slash > path && slash[-1] == '/')
		slash--;
	if (!slash || slash == path) {
		*ret = str_printf("/%s", name);
		return *ret ? 0 : -ENOMEM;
	}
	dir = str_dup(str_range(path, slash));
	if (!dir)
		return -ENOMEM;
	q = root_realpath(r, dir, &real);
	if (q == -ENOENT)
		q = canonical(r, dir, &real);
	if (q < 0)
		return q;
	*ret = str_printf("%s/%s", strcmp(real, "/") ? real : "", name);
	return *ret ? 0 : -ENOMEM;
}

int target_resolve(
	struct txn *t, const char *path, bool follow, char **ret, struct err *e)
{
	cleanup_(free_charp) char *name = NULL;
	struct change *c;
	struct stat st;
	int q;

	q = canonical(t->r, path, &name);
	if (q < 0)
		return err_errno(e, q, "cannot change %s", path);
	/* A link that this transaction takes away is not followed any more. */
	c = state_find(t, name);
	if (follow && (!c || !c->pending) && root_lstat(t->r, name, &st) == 0 &&
		S_ISLNK(st.st_mode)) {
		free_charp(&name);
		name = NULL;
		q = root_realpath(t->r, path, &name);
		if (q == -ENOENT)
			return err_set(e, q, "%s is a link that leads to nothing", path);
		if (q < 0)
			return err_errno(e, q, "cannot follow %s", path);
	}
	*ret = name;
	name = NULL;
	return 0;
}

int target_keep(struct txn *t, const char *path, bool whole, struct err *e)
{
	struct change *c = state_find(t, path);
	cleanup_(image_done) struct image im = {0};
	int q;

	if (c && (!whole || c->before.kind != IMAGE_FILE || c->before.copy))
		return 0;
	if (c && c->touched)
		return err_set(e, -EEXIST, "%s has been appended to already", path);
	q = whole ? image_save(t->r, path, t->folder, t->next++, &im, e)
		  : image_look(t->r, path, &im, e);
	if (q < 0)
		return q;
	if (im.kind == IMAGE_OTHER)
		return err_set(e, S_ISDIR(im.attr.mode) ? -EISDIR : -EINVAL,
			"%s is neither a file nor a link", path);
	return state_before(t, path, &im) < 0 ? err_oom(e) : 0;
}

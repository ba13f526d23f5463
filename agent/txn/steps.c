/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ways forward and back. Every function here may be stopped at any instruction and begun
 * again by another process: it looks at what is there instead of remembering, and syncs again
 * what it finds done. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "txn/state.h"

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

/* Once for each directory. */
static int sync_parent(
	struct txn *t, struct strv *synced, const char *path, struct err *e)
{
	struct str dir = {path, (size_t)(strrchr(path, '/') - path)};
	int q = strv_add_new(synced, dir);

	if (q < 0)
		return err_oom(e);
	return q ? file_sync_parent(t->r, path, e) : 0;
}

int steps_sync_staged(struct txn *t, struct err *e)
{
	cleanup_(strv_done) struct strv synced = {0};

	for (size_t i = 0; i < t->n; i++) {
		struct change *c = &t->v[i];
		int q;

		if (!c->pending || (c->op != OP_WRITE && c->op != OP_LINK))
			continue;
		q = sync_parent(t, &synced, c->path, e);
		if (q < 0)
			return q;
	}
	return 0;
}

/* Is the target what this change makes of it? The answer where there is nothing left to
 * rename. */
static int must_be_after(struct txn *t, const struct change *c, struct err *e)
{
	cleanup_(image_done) struct image now = {0};
	int q = image_look(t->r, c->path, &now, e);

	if (q < 0)
		return q;
	if (!image_same(&now, &c->after))
		return err_set(e, -EUCLEAN, "what was staged for %s is gone", c->path);
	return 0;
}

/* What is finished by another run than the one that committed it: the guest may have been
 * started in between, and lived. */
static bool may_have_lived(const struct txn *t)
{
	return t->phase == PHASE_COMMITTED && !t->own;
}

bool steps_on_the_way(const struct change *c, const struct image *now)
{
	return c->loose || image_same(now, &c->before) || image_same(now, &c->after);
}

/* Whether the guest has made something else of the target since: that stays. What was appended
 * was all there by the commit record, so there is nothing between. Where nothing is, a file may
 * be put: on vfat our own rename can leave it so. */
static int is_the_guests(struct txn *t, const struct change *c, struct err *e)
{
	cleanup_(image_done) struct image now = {0};
	int q = may_have_lived(t) ? image_look(t->r, c->path, &now, e) : 0;

	if (q < 0 || !may_have_lived(t))
		return q;
	return c->op == OP_APPEND
		       ? !image_same(&now, &c->after)
		       : now.kind != IMAGE_ABSENT && !steps_on_the_way(c, &now);
}

static int publish_rename(struct txn *t, const struct change *c, struct err *e)
{
	char name[TEMP_NAME_MAX];
	cleanup_(free_charp) char *beside =
		file_beside(c->path, state_temp(t, c->number, name));
	struct stat st;
	int q;

	if (!beside)
		return err_oom(e);
	q = root_lstat(t->r, beside, &st);
	/* It was renamed, then; a guest that has lived since may have done anything to it. */
	if ((q == -ENOENT || q == -ENOTDIR) && may_have_lived(t))
		return 0;
	if (q == -ENOENT)
		return must_be_after(t, c, e);
	if (q < 0)
		return err_errno(e, q, "cannot look at %s", beside);
	return file_publish(t->r, c->path, name, e);
}

/* Grows the file by the bytes kept in the folder; from anywhere between the old size and the
 * new one, whatever stands there. */
static int publish_append(struct txn *t, const struct change *c, struct err *e)
{
	cleanup_(free_charp) char *bytes = str_printf("%s/%u", t->folder, c->number);
	cleanup_(close_fd) int from = -1, fd = -1;
	cleanup_(image_done) struct image now = {0};
	uint64_t n = 0;
	uint32_t crc;
	int q;

	if (!bytes)
		return err_oom(e);
	q = image_look(t->r, c->path, &now, e);
	if (q < 0)
		return q;
	if (now.kind != IMAGE_FILE || now.size < c->base || now.size > c->after.size)
		return err_set(e, -ESTALE, "%s was changed meanwhile", c->path);
	fd = file_open_rw(t->r, c->path, e);
	if (fd < 0)
		return fd;
	if (!image_same(&now, &c->after)) {
		from = root_openat(t->r, bytes, O_RDONLY | O_NOFOLLOW, 0);
		if (from < 0)
			return err_errno(e, from, "cannot read %s", bytes);
		q = now.size == c->base ? 0 : file_truncate(fd, c->base);
		if (q >= 0 && lseek(fd, (off_t)c->base, SEEK_SET) < 0)
			q = -errno;
		if (q >= 0)
			q = image_copy(from, fd, &crc, &n);
		if (q >= 0 && n != c->after.size - c->base)
			return err_set(e, -EUCLEAN, "%s is damaged", bytes);
	}
	if (q >= 0)
		q = file_fsync(fd);
	return q < 0 ? err_errno(e, q, "cannot append to %s", c->path) : 0;
}

static int publish(struct txn *t, const struct change *c, struct err *e)
{
	int q = is_the_guests(t, c, e);

	if (q)
		return q < 0 ? q : 0;
	return c->op == OP_APPEND   ? publish_append(t, c, e)
	       : c->op == OP_REMOVE ? file_unlink(t->r, c->path, e)
				    : publish_rename(t, c, e);
}

int steps_publish(struct txn *t, bool appends, struct err *e)
{
	cleanup_(strv_done) struct strv synced = {0};
	int q = 0;

	for (size_t i = 0; i < t->n && q >= 0; i++) {
		struct change *c = &t->v[i];

		if (!c->pending || (c->op == OP_APPEND) != appends)
			continue;
		q = publish(t, c, e);
	}
	for (size_t i = 0; i < t->n && q >= 0; i++) {
		struct change *c = &t->v[i];

		if (!c->pending || (c->op == OP_APPEND) != appends)
			continue;
		if (!appends) {
			q = sync_parent(t, &synced, c->path, e);
			/* A removal of what was in no directory, or one that the guest has
			 * removed. */
			if ((q == -ENOENT || q == -ENOTDIR) &&
				(c->op == OP_REMOVE || may_have_lived(t)))
				q = 0;
		}
	}
	if (q < 0)
		return q;
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].pending && (t->v[i].op == OP_APPEND) == appends)
			t->v[i].pending = false;
	return 0;
}

int steps_remove_temps(struct txn *t, struct err *e)
{
	cleanup_(strv_done) struct strv synced = {0};

	STRV_FOREACH (temp, &t->temps) {
		struct stat st;
		int q = root_lstat(t->r, *temp, &st);

		if (q >= 0)
			q = file_unlink(t->r, *temp, e);
		if (q < 0 && q != -ENOENT && q != -ENOTDIR)
			return q;
	}
	/* Behind all of them: one fsync of a directory speaks for what was done before it.
	 * Also where nothing was left to unlink: the run that did it may not have synced. */
	STRV_FOREACH (temp, &t->temps) {
		int q = sync_parent(t, &synced, *temp, e);

		if (q < 0 && q != -ENOENT && q != -ENOTDIR)
			return q;
	}
	return 0;
}

static int remove_dirs(struct txn *t, struct err *e)
{
	for (size_t i = t->dirs.n; i; i--) {
		const char *path = t->dirs.v[i - 1];
		int q = file_rmdir(t->r, path, e);

		/* Someone has put something there: it stays. */
		if (q == -ENOTEMPTY || q == -EEXIST || q == -ENOTDIR)
			continue;
		if (q >= 0)
			q = file_sync_parent(t->r, path, e);
		if (q < 0 && q != -ENOENT)
			return q;
	}
	return 0;
}

/* A run before this one may have removed what had appeared there, and been killed before it came
 * to sync that: nothing is left that would tell. */
static int sync_whole(struct txn *t, struct err *e)
{
	STRV_FOREACH (dir, &t->whole) {
		cleanup_(free_charp) char *entry = str_printf("%s/any", *dir);
		int q = entry ? file_sync_parent(t->r, entry, e) : err_oom(e);

		if (q < 0 && q != -ENOENT && q != -ENOTDIR)
			return q;
	}
	return 0;
}

/* The boot code first, for it may point at files that the others take away. Before the commit
 * record no disk was touched, and none is asked for. */
int steps_restore(struct txn *t, struct strv *ret_paths, struct err *e)
{
	int r = t->phase == PHASE_BEGUN ? 0 : sectors_restore(t, ret_paths, e);

	if (r < 0)
		return r;
	for (size_t i = t->n; i; i--) {
		struct change *c = &t->v[i - 1];
		char name[TEMP_NAME_MAX];
		int q;

		if (!table_goes_back(t, c))
			continue;
		state_back_temp(t, (unsigned)i, name);
		q = image_restore(t->r, c->path, t->folder, &c->before, name, e);
		if (q < 0 && q != -ESTALE)
			return err_wrap(e, q, "putting %s back", c->path);
		if (q > 0 && ret_paths && strv_adds(ret_paths, c->path) < 0)
			return err_oom(e);
	}
	r = remove_dirs(t, e);
	return r < 0 || t->phase != PHASE_BEGUN ? r : sync_whole(t, e);
}

void steps_drop_copies(struct txn *t)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct change *c = &t->v[i];
		cleanup_(free_charp) char *path = NULL;

		if (c->touched || !c->before.copy)
			continue;
		path = str_printf("%s/%u", t->folder, c->before.copy);
		if (path)
			(void)!file_unlink(t->r, path, NULL);
	}
}

int steps_remove_folder(struct txn *t, bool keep_journal, struct err *e)
{
	cleanup_(strv_done) struct strv names = {0};
	struct stat st;
	int q = root_lstat(t->r, t->folder, &st);

	if (q == -ENOENT)
		return 0;
	q = runs_names(t, &names, e);
	if (q < 0)
		return q;
	STRV_FOREACH (name, &names) {
		cleanup_(free_charp) char *path = str_printf("%s/%s", t->folder, *name);

		if (!path)
			return err_oom(e);
		q = strcmp(*name, "journal") ? file_unlink(t->r, path, e) : 0;
		if (q < 0)
			return q;
	}
	/* Whatever is left after a crash is removed by the next run; nothing waits for it. */
	if (keep_journal)
		return 0;
	/* But a folder with copies and without a journal would look damaged. */
	q = file_sync_parent(t->r, t->file, e);
	if (q >= 0)
		q = file_unlink(t->r, t->file, e);
	return q < 0 ? q : file_rmdir(t->r, t->folder, e);
}

int steps_finish(struct txn *t, struct err *e)
{
	/* The appends were made and synced before the commit record; looked at again, since
	 * they cost a read only. */
	int q = steps_publish(t, true, e);

	if (q >= 0)
		q = steps_publish(t, false, e);
	/* Behind the files, for the boot code may point at them. */
	if (q >= 0)
		q = sectors_publish(t, e);
	if (q >= 0)
		q = steps_remove_temps(t, e);
	return q < 0 ? q : state_record_phase(t, PHASE_DONE, e);
}

int steps_back(struct txn *t, struct err *e)
{
	/* What the guest's package tool has done stays, so its record must stay, too. */
	const enum phase end = t->n_packages ? PHASE_UNDONE : PHASE_GONE;
	/* Sectors are known by their copies, so these must not go before the last record. */
	const bool needed =
		end == PHASE_UNDONE || (t->n_sectors && t->phase != PHASE_BEGUN);
	int q = 0;

	/* Before the commit record nobody would go anywhere else but back; on a full disk one
	 * record less is one that cannot fail. */
	if (t->phase == PHASE_COMMITTED)
		q = state_record_phase(t, PHASE_BACK, e);
	if (q >= 0 && t->phase != end) {
		q = steps_remove_temps(t, e);
		if (q >= 0)
			q = steps_restore(t, NULL, e);
		if (q >= 0) {
			q = state_record_phase(t, end, e);
			/* Everything is back: without this record the next run would find
			 * nothing to do but to remove the folder as well. */
			if (!needed && (q == -ENOSPC || q == -EDQUOT))
				q = 0;
		}
	}
	return q < 0 ? q : steps_remove_folder(t, end == PHASE_UNDONE, e);
}

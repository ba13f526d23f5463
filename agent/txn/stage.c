/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stages the changes of a transaction: before-image, record, content beside the target. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "txn/crc32c.h"
#include "txn/state.h"

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

/* Records the directories of `path` that are missing, outer ones first. */
static int record_dirs(struct txn *t, const char *path, struct strv *made, struct err *e)
{
	for (const char *p = strchr(path + 1, '/'); p; p = strchr(p + 1, '/')) {
		cleanup_(free_charp) char *dir = str_dup(str_range(path, p));
		struct stat st;
		int q;

		if (!dir)
			return err_oom(e);
		q = root_lstat(t->r, dir, &st);
		if (q == 0)
			continue;
		if (q != -ENOENT)
			return err_errno(e, q, "cannot change %s", path);
		if (strv_adds(made, dir) < 0 || state_dir(t, dir) < 0)
			return err_oom(e);
	}
	return 0;
}

static int make_dirs(struct txn *t, const struct strv *made, struct err *e)
{
	STRV_FOREACH (dir, made) {
		int q = file_mkdir(t->r, *dir, 0755, e);

		if (q >= 0)
			q = file_sync_parent(t->r, *dir, e);
		if (q < 0)
			return q;
	}
	return 0;
}

/* Takes away what an earlier change of the same path had staged. */
static int drop_staged(struct txn *t, const char *path, struct err *e)
{
	struct change *c = state_find(t, path);
	char name[TEMP_NAME_MAX];
	cleanup_(free_charp) char *beside = NULL;

	if (!c || !c->pending || (c->op != OP_WRITE && c->op != OP_LINK))
		return 0;
	beside = file_beside(path, state_temp(t, c->number, name));
	return beside ? file_unlink(t->r, beside, e) : err_oom(e);
}

/* Everything up to the point where the temporary name may be made: the before-image, the
 * record of the change, the directories. From the first record on, a failure leaves only the
 * way back. */
static int record_change(struct txn *t, const char *path, enum op op, uint64_t base,
	struct image *after, bool whole, unsigned *ret_number, struct err *e)
{
	cleanup_(strv_done) struct strv made = {0};
	int q;

	q = target_keep(t, path, whole, e);
	if (q < 0) {
		strbuf_reset(&t->j.payload);
		return q;
	}
	t->failed = true;
	q = drop_staged(t, path, e);
	if (q >= 0 && (op == OP_WRITE || op == OP_LINK))
		q = record_dirs(t, path, &made, e);
	if (q < 0)
		return q;
	*ret_number = *ret_number ? *ret_number : t->next;
	if (state_change(t, path, op, base, after, *ret_number) < 0)
		return err_oom(e);
	q = state_flush(t, e);
	return q < 0 ? q : make_dirs(t, &made, e);
}

/* One change on its way. What txn_write() and its sisters have in common: staging_open(),
 * staging_record(), what each does at `beside`, staging_close(). */
struct staging {
	char *name;         /* the target's one name */
	struct image after; /* what it is to become */
	unsigned number;
	char temp[TEMP_NAME_MAX], *beside;
};

static int staging_open(
	struct txn *t, const char *path, bool follow, struct staging *s, struct err *e)
{
	int q = state_usable(t, e);

	return q < 0 ? q : target_resolve(t, path, follow, &s->name, e);
}

/* The temporary name is ours: what stands there is from a run that fell out of the journal. */
static int staging_record(struct txn *t, struct staging *s, enum op op, struct err *e)
{
	int q = record_change(t, s->name, op, 0, &s->after, true, &s->number, e);

	if (q < 0 || op == OP_REMOVE)
		return q;
	s->beside = file_beside(s->name, state_temp(t, s->number, s->temp));
	return s->beside ? file_unlink(t->r, s->beside, e) : err_oom(e);
}

/* From its record on, a change that did not come to its end spoils the transaction. */
static int staging_close(struct txn *t, struct staging *s, int q)
{
	if (q >= 0)
		t->failed = false;
	image_done(&s->after);
	free(s->name);
	free(s->beside);
	return q < 0 ? q : 0;
}

/* Where a file replaces no file, the link it replaces must not be asked for its attributes. */
static int stage_new(
	struct txn *t, const char *beside, struct str data, mode_t mode, struct err *e)
{
	cleanup_(close_fd) int fd = file_create(t->r, beside, mode, e);
	int q;

	if (fd < 0)
		return fd;
	q = file_write_all(fd, data);
	if (q >= 0)
		q = file_fsync(fd);
	return q < 0 ? err_errno(e, q, "cannot write %s", beside) : 0;
}

int txn_write(struct txn *t, const char *path, struct str data, mode_t mode_if_new,
	struct err *e)
{
	struct staging s = {
		.after = {.kind = IMAGE_FILE, .size = data.n, .crc = crc32c(0, data)}};
	int q = staging_open(t, path, true, &s, e);
	struct stat st;

	if (q >= 0)
		q = staging_record(t, &s, OP_WRITE, e);
	if (q < 0)
		return staging_close(t, &s, q);
	if (root_lstat(t->r, s.name, &st) == 0 && S_ISLNK(st.st_mode))
		q = stage_new(t, s.beside, data, mode_if_new, e);
	else
		q = file_stage(t->r, s.name, s.temp, data, mode_if_new, e);
	return staging_close(t, &s, q);
}

int txn_symlink(struct txn *t, const char *path, const char *target, struct err *e)
{
	struct staging s = {.after = {.kind = IMAGE_LINK}};
	int q = staging_open(t, path, false, &s, e);

	if (q >= 0) {
		s.after.target = strdup(target);
		q = s.after.target ? staging_record(t, &s, OP_LINK, e) : err_oom(e);
	}
	if (q >= 0)
		q = file_symlink(t->r, s.beside, target, e);
	return staging_close(t, &s, q);
}

int txn_label(struct txn *t, const char *path, const char *label, struct err *e)
{
	cleanup_(free_charp) char *name = NULL, *beside = NULL;
	const struct change *c;
	char temp[TEMP_NAME_MAX];
	int q = target_resolve(t, path, false, &name, e);

	if (q < 0)
		return q;
	c = state_find(t, name);
	if (!c || !c->pending || (c->op != OP_WRITE && c->op != OP_LINK))
		return err_set(e, -EINVAL, "%s is not staged", path);
	beside = file_beside(name, state_temp(t, c->number, temp));
	return beside ? file_label(t->r, beside, label, e) : err_oom(e);
}

int txn_remove(struct txn *t, const char *path, struct err *e)
{
	struct staging s = {.after = {.kind = IMAGE_ABSENT}};
	int q = staging_open(t, path, false, &s, e);
	struct stat st;

	if (q >= 0 && !state_find(t, s.name)) {
		q = root_lstat(t->r, s.name, &st);
		if (q == -ENOENT || q == -ENOTDIR)
			return staging_close(t, &s, 0);
		q = 0;
	}
	if (q >= 0)
		q = staging_record(t, &s, OP_REMOVE, e);
	return staging_close(t, &s, q);
}

/* The bytes to append, in the folder. Not synced: they are durable at the file's end before
 * the commit record, and without that record nobody asks for them after a crash. */
static int keep_bytes(struct txn *t, unsigned number, struct str data, struct err *e)
{
	cleanup_(free_charp) char *path = str_printf("%s/%u", t->folder, number);
	cleanup_(close_fd) int fd = -1;
	int q;

	if (!path)
		return err_oom(e);
	fd = file_create(t->r, path, 0600, e);
	if (fd < 0)
		return fd;
	q = file_write_all(fd, data);
	return q < 0 ? err_errno(e, q, "cannot write %s", path) : 0;
}

/* What the file is, and that it can be appended to. */
static int look_for_append(
	struct txn *t, const char *name, struct image *ret, struct err *e)
{
	const struct change *c = state_find(t, name);
	int q;

	if (c && c->pending && c->op != OP_APPEND)
		return err_set(e, -EEXIST,
			"%s is replaced in this transaction and cannot be appended to",
			name);
	q = image_look(t->r, name, ret, e);
	if (q >= 0 && ret->kind != IMAGE_FILE)
		q = err_set(e, ret->kind == IMAGE_ABSENT ? -ENOENT : -EINVAL,
			"%s is not there to be appended to", name);
	return q;
}

int txn_append(struct txn *t, const char *path, struct str data, struct err *e)
{
	cleanup_(image_done) struct image now = {0};
	struct staging s = {.after = {.kind = IMAGE_FILE}};
	int q = staging_open(t, path, true, &s, e);

	if (q >= 0)
		q = look_for_append(t, s.name, &now, e);
	if (q < 0)
		return staging_close(t, &s, q);
	s.number = t->next++;
	t->failed = true; /* a copy without its record goes with the folder, by abort */
	q = keep_bytes(t, s.number, data, e);
	s.after.size = now.size + data.n;
	s.after.crc = crc32c(now.crc, data);
	if (q >= 0)
		q = record_change(
			t, s.name, OP_APPEND, now.size, &s.after, false, &s.number, e);
	return staging_close(t, &s, q);
}

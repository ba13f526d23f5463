/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One transaction, from its beginning to its commit or its way back. The ways themselves are
 * in steps.c, the journal's records in state.c, recovery in recover.c; docs/JOURNAL.md argues
 * every crash point.
 *
 *    txn_begin()
 *        |
 *    PHASE_BEGUN <--.  txn_write() txn_remove() txn_symlink() txn_append() txn_guard()
 *        |    |  `--'  txn_publish()
 *        |    |
 *        |    `--- txn_abort(), txn_recover() -------------------> PHASE_GONE -> no folder
 *        | txn_commit()                                            ^
 *    PHASE_COMMITTED -- txn_abort(), or no way forward --> PHASE_BACK
 *        |
 *        | steps_publish(); txn_recover() after a crash
 *    PHASE_DONE
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
 *  4. Everything that publishing needs is durable, names included, before the commit record;
 *     what needs space on the target's file system has it by then: files are staged, appends
 *     are made.
 *  5. Behind the commit record there are only renames and unlinks, each repeatable. The
 *     record DONE follows when the directories of all of them are synced.
 *  6. PHASE_BACK and PHASE_UNDO have one way out (GONE, UNDONE). Each step back is
 *     repeatable; copies go only when everything is back, durably.
 *  7. A target that is neither what it was nor what we made of it is someone else's work:
 *     recovery and undo refuse before they touch anything.
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

#include "txn/crc32c.h"
#include "txn/state.h"

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

	q = state_ids(r, &ids, e);
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
		if (str_u64(str_from(*id), &last) == false)
			return err_set(
				e, -EUCLEAN, "%s/%s: not a number", STATE_DIR, *id);
	}
	(void)snprintf(ret, n, "%06llu", (unsigned long long)(last + 1));
	return 0;
}

/* The folder, its journal with one frame, and all names on the way to it, durable. */
static int make_folder(struct txn *t, struct err *e)
{
	int q = file_mkdir(t->r, t->folder, 0700, e);

	if (q >= 0)
		q = journal_create(t->r, t->file, &t->j, e);
	if (q >= 0)
		q = file_sync_parent(t->r, t->file, e);
	if (q >= 0)
		q = file_sync_parent(t->r, t->folder, e);
	if (q >= 0)
		q = state_begin(t) < 0 ? err_oom(e) : state_flush(t, e);
	return q;
}

int txn_begin(const struct root *r, struct txn **ret, struct err *e)
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
		q = state_lock(r, &lock, e);
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
	q = make_folder(t, e);
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

/* The one name of `path`. `follow`: where it is a link, of the file the link leads to. */
static int resolve(
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

/* Records the before-image of `path` unless there is one that serves; `whole`: with the
 * bytes, not just the size at which to cut. */
static int keep_before(struct txn *t, const char *path, bool whole, struct err *e)
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

static int usable(const struct txn *t, struct err *e)
{
	if (t->phase != PHASE_BEGUN)
		return err_set(e, -EINVAL, "the transaction is over");
	if (t->failed)
		return err_set(e, -ECANCELED,
			"an earlier change could not be staged; the transaction can only "
			"be "
			"taken back");
	return 0;
}

/* Everything up to the point where the temporary name may be made: the before-image, the
 * record of the change, the directories. From the first record on, a failure leaves only the
 * way back. */
static int record_change(struct txn *t, const char *path, enum op op, uint64_t base,
	struct image *after, bool whole, unsigned *ret_number, struct err *e)
{
	cleanup_(strv_done) struct strv made = {0};
	int q;

	q = keep_before(t, path, whole, e);
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
	cleanup_(image_done) struct image after = {.kind = IMAGE_FILE, .size = data.n};
	cleanup_(free_charp) char *name = NULL, *beside = NULL;
	char temp[TEMP_NAME_MAX];
	unsigned number = 0;
	struct stat st;
	int q;

	q = usable(t, e);
	if (q >= 0)
		q = resolve(t, path, true, &name, e);
	if (q < 0)
		return q;
	after.crc = crc32c(0, data);
	q = record_change(t, name, OP_WRITE, 0, &after, true, &number, e);
	if (q < 0)
		return q;
	beside = file_beside(name, state_temp(t, number, temp));
	if (!beside)
		return err_oom(e);
	/* The name is ours: what stands there is from a run that fell out of the journal. */
	q = file_unlink(t->r, beside, e);
	if (q < 0)
		return q;
	if (root_lstat(t->r, name, &st) == 0 && S_ISLNK(st.st_mode))
		q = stage_new(t, beside, data, mode_if_new, e);
	else
		q = file_stage(t->r, name, temp, data, mode_if_new, e);
	if (q >= 0)
		t->failed = false;
	return q;
}

int txn_symlink(struct txn *t, const char *path, const char *target, struct err *e)
{
	cleanup_(image_done) struct image after = {.kind = IMAGE_LINK};
	cleanup_(free_charp) char *name = NULL, *beside = NULL;
	char temp[TEMP_NAME_MAX];
	unsigned number = 0;
	int q;

	q = usable(t, e);
	if (q >= 0)
		q = resolve(t, path, false, &name, e);
	if (q < 0)
		return q;
	after.target = strdup(target);
	if (!after.target)
		return err_oom(e);
	q = record_change(t, name, OP_LINK, 0, &after, true, &number, e);
	if (q < 0)
		return q;
	beside = file_beside(name, state_temp(t, number, temp));
	if (!beside)
		return err_oom(e);
	q = file_unlink(t->r, beside, e);
	if (q >= 0)
		q = file_symlink(t->r, beside, target, e);
	if (q >= 0)
		t->failed = false;
	return q;
}

int txn_remove(struct txn *t, const char *path, struct err *e)
{
	cleanup_(image_done) struct image after = {.kind = IMAGE_ABSENT};
	cleanup_(free_charp) char *name = NULL;
	unsigned number = 0;
	struct stat st;
	int q;

	q = usable(t, e);
	if (q >= 0)
		q = resolve(t, path, false, &name, e);
	if (q < 0)
		return q;
	if (!state_find(t, name)) {
		q = root_lstat(t->r, name, &st);
		if (q == -ENOENT || q == -ENOTDIR)
			return 0;
	}
	q = record_change(t, name, OP_REMOVE, 0, &after, true, &number, e);
	if (q >= 0)
		t->failed = false;
	return q;
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

int txn_append(struct txn *t, const char *path, struct str data, struct err *e)
{
	cleanup_(image_done) struct image now = {0}, after = {.kind = IMAGE_FILE};
	cleanup_(free_charp) char *name = NULL;
	struct change *c;
	unsigned number;
	int q;

	q = usable(t, e);
	if (q >= 0)
		q = resolve(t, path, true, &name, e);
	if (q < 0)
		return q;
	c = state_find(t, name);
	if (c && c->pending && c->op != OP_APPEND)
		return err_set(e, -EEXIST,
			"%s is replaced in this transaction and cannot be appended to",
			path);
	q = image_look(t->r, name, &now, e);
	if (q < 0)
		return q;
	if (now.kind != IMAGE_FILE)
		return err_set(e, now.kind == IMAGE_ABSENT ? -ENOENT : -EINVAL,
			"%s is not there to be appended to", path);
	number = t->next++;
	t->failed = true; /* a copy without its record goes with the folder, by abort */
	q = keep_bytes(t, number, data, e);
	if (q < 0)
		return q;
	after.size = now.size + data.n;
	after.crc = crc32c(now.crc, data);
	q = record_change(t, name, OP_APPEND, now.size, &after, false, &number, e);
	if (q >= 0)
		t->failed = false;
	return q;
}

int txn_guard(struct txn *t, const char *path, struct err *e)
{
	cleanup_(free_charp) char *name = NULL;
	struct change *c;
	int q;

	q = usable(t, e);
	if (q >= 0)
		q = resolve(t, path, false, &name, e);
	if (q < 0)
		return q;
	c = state_find(t, name);
	if (c && c->pending)
		return err_set(e, -EEXIST,
			"%s has a change staged that a program of the guest's would not "
			"see",
			path);
	q = keep_before(t, name, true, e);
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
	int q = usable(t, e);

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
		file_attr_done(&now.attr); /* never compared */
		if (state_after(t, c->path, &now) < 0)
			return err_oom(e);
	}
	return 0;
}

int txn_commit(struct txn *t, struct err *e)
{
	int q = usable(t, e);

	if (q < 0)
		return q;
	if (!t->n)
		return txn_abort(t, e);
	t->failed = true;
	q = record_guarded(t, e);
	if (q >= 0)
		q = announce(t, e);
	if (q >= 0)
		q = state_record_phase(t, PHASE_COMMITTED, e);
	return q < 0 ? q : steps_finish(t, e);
}

int txn_abort(struct txn *t, struct err *e)
{
	if (t->phase == PHASE_DONE)
		return err_set(e, -EINVAL, "the transaction is done; undo takes it back");
	strbuf_reset(&t->j.payload);
	return steps_back(t, e);
}

void txn_free(struct txn *t)
{
	struct err ignored;

	/* Behind the commit record the way is forward, for the next recovery to go. */
	if (t && t->phase == PHASE_BEGUN && txn_abort(t, &ignored) < 0)
		t->failed = true;
	state_free(t);
}

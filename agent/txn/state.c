/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See state.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "txn/state.h"

#define VERSION 1u
/* Each run leaves one folder; anyone in the guest can leave more. */
#define IDS_MAX 1000
#define NAMES_MAX 10000
#define JOURNALS_MAX ((uint64_t)128 << 20)
#define COPIES_MAX 1000000

/* On disk: numbers never change their meaning; a new meaning is a new VERSION. */
enum record {
	RECORD_BEGIN = 1,
	RECORD_DIR,
	RECORD_BEFORE,
	RECORD_CHANGE,
	RECORD_GUARD,
	RECORD_AFTER,
	RECORD_PUBLISH,
	RECORD_PHASE,
	RECORD_PUBLISHED,
};

int state_lock(const struct root *r, int *ret_fd, struct err *e)
{
	static const char path[] = STATE_DIR "/lock";
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int fd, q;

	fd = root_openat(r, path, O_RDWR | O_NOFOLLOW | O_CREAT, 0600);
	if (fd == -EROFS) {
		/* Nobody can be writing, and it may turn out that there is nothing to do. */
		fd = root_openat(r, path, O_RDONLY | O_NOFOLLOW, 0);
		lock.l_type = F_RDLCK;
	}
	if (fd < 0)
		return err_errno(e, fd, "cannot open %s", path);
	/* Of the open file, not of the process: gone with the last copy of the fd. */
	while (fcntl(fd, F_OFD_SETLK, &lock) < 0) {
		if (errno == EINTR)
			continue;
		q = errno == EAGAIN || errno == EACCES ? -EBUSY : -errno;
		close(fd);
		if (q == -EBUSY)
			return err_set(e, q, "another xvd2vd is at work on this guest");
		return err_errno(e, q, "cannot lock %s", path);
	}
	*ret_fd = fd;
	return 0;
}

static int add_id(void *ctx, const char *name)
{
	if (strlen(name) < 6 || strlen(name) > 9 ||
		name[strspn(name, "0123456789")] != '\0')
		return 0; /* the report, the lock */
	return strv_adds(ctx, name);
}

/* All of them are read, at each run. */
static int check_journals(const struct root *r, const struct strv *ids, struct err *e)
{
	uint64_t all = 0;

	STRV_FOREACH (id, ids) {
		char path[64];
		struct stat st;

		(void)snprintf(path, sizeof(path), STATE_DIR "/%s/journal", *id);
		if (root_lstat(r, path, &st) == 0 && S_ISREG(st.st_mode))
			all += (uint64_t)st.st_size;
		if (all > JOURNALS_MAX)
			return err_set(e, -E2BIG,
				"the journals of earlier runs in " STATE_DIR
				" hold more than %llu MiB; move the folders of runs that "
				"need no undo out of it",
				(unsigned long long)JOURNALS_MAX >> 20);
	}
	return 0;
}

int state_ids(const struct root *r, struct strv *ret, struct err *e)
{
	cleanup_(strv_done) struct strv ids = {0};
	struct stat st;
	int q;

	q = root_lstat(r, STATE_DIR, &st);
	if (q == -ENOENT)
		return 0;
	q = root_list(r, STATE_DIR, NAMES_MAX, add_id, &ids, e);
	if (q == -ENOMEM)
		return err_oom(e);
	if (q == -E2BIG || (q >= 0 && ids.n > IDS_MAX))
		return err_set(e, -E2BIG,
			STATE_DIR " holds more than %d runs; move the folders of those "
				  "that need no undo out of it",
			IDS_MAX);
	if (q >= 0)
		q = check_journals(r, &ids, e);
	if (q < 0)
		return q;
	strv_done(ret);
	*ret = ids;
	ids = (struct strv){0};
	return 0;
}

static int add_name(void *ctx, const char *name)
{
	return strv_adds(ctx, name);
}

int state_names(struct txn *t, struct strv *ret, struct err *e)
{
	int q = root_list(t->r, t->folder, COPIES_MAX, add_name, ret, e);

	return q == -ENOMEM ? err_oom(e) : q;
}

struct txn *state_new(const struct root *r, const char *id)
{
	struct txn *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->r = r;
	t->lock = -1;
	t->j = (struct journal)JOURNAL_CLOSED;
	t->next = 1;
	(void)snprintf(t->id, sizeof(t->id), "%s", id);
	(void)snprintf(t->folder, sizeof(t->folder), STATE_DIR "/%s", t->id);
	(void)snprintf(t->file, sizeof(t->file), "%s/journal", t->folder);
	return t;
}

void state_free(struct txn *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->n; i++) {
		image_done(&t->v[i].before);
		image_done(&t->v[i].after);
		free(t->v[i].path);
	}
	free(t->v);
	strv_done(&t->temps);
	strv_done(&t->dirs);
	journal_done(&t->j);
	if (t->lock >= 0)
		close(t->lock);
	free(t);
}

struct change *state_find(struct txn *t, const char *path)
{
	for (size_t i = 0; i < t->n; i++)
		if (!strcmp(t->v[i].path, path))
			return &t->v[i];
	return NULL;
}

const char *state_temp(const struct txn *t, unsigned number, char buf[TEMP_NAME_MAX])
{
	(void)snprintf(buf, TEMP_NAME_MAX, ".xvd2vd-%s-%u", t->id, number);
	return buf;
}

const char *state_back_temp(const struct txn *t, unsigned number, char buf[TEMP_NAME_MAX])
{
	(void)snprintf(buf, TEMP_NAME_MAX, ".xvd2vd-%s-%u-back", t->id, number);
	return buf;
}

/* The table's side of the records: the only code that changes it, run by those who write a
 * record and by those who read it again. */

static void use_number(struct txn *t, unsigned number)
{
	if (number >= t->next)
		t->next = number + 1;
}

static int apply_before(struct txn *t, const char *path, struct image *im)
{
	struct change *c = state_find(t, path);
	struct change *v;

	if (!c) {
		v = reallocarray(t->v, t->n + 1, sizeof(*v));
		if (!v)
			return -ENOMEM;
		t->v = v;
		c = &v[t->n];
		*c = (struct change){.path = strdup(path)};
		if (!c->path)
			return -ENOMEM;
		t->n++;
	}
	image_done(&c->before);
	c->before = *im;
	*im = (struct image){0};
	use_number(t, c->before.copy);
	return 0;
}

static int apply_change(struct txn *t, const char *path, enum op op, uint64_t base,
	struct image *after, unsigned number)
{
	struct change *c = state_find(t, path);
	char name[TEMP_NAME_MAX];

	if (!c)
		return -EUCLEAN;
	if (op == OP_WRITE || op == OP_LINK) {
		cleanup_(free_charp) char *temp =
			file_beside(path, state_temp(t, number, name));

		if (!temp || strv_adds(&t->temps, temp) < 0)
			return -ENOMEM;
	}
	image_done(&c->after);
	c->after = *after;
	*after = (struct image){0};
	c->loose |= c->touched;
	c->op = op;
	c->base = base;
	c->number = number;
	c->pending = true;
	use_number(t, number);
	return 0;
}

static int apply_guard(struct txn *t, const char *path)
{
	struct change *c = state_find(t, path);

	if (!c)
		return -EUCLEAN;
	c->guarded = c->touched = c->loose = true;
	return 0;
}

static int apply_after(struct txn *t, const char *path, struct image *im)
{
	struct change *c = state_find(t, path);

	if (!c)
		return -EUCLEAN;
	image_done(&c->after);
	c->after = *im;
	*im = (struct image){0};
	c->loose = false;
	return 0;
}

static void apply_published(struct txn *t)
{
	for (size_t i = 0; i < t->n; i++)
		t->v[i].pending = false;
}

static void apply_publish(struct txn *t)
{
	for (size_t i = 0; i < t->n; i++)
		t->v[i].touched |= t->v[i].pending;
}

/* The records' side. */

static int add(struct txn *t)
{
	return strbuf_err(&t->j.payload);
}

int state_begin(struct txn *t)
{
	put_u8(&t->j.payload, RECORD_BEGIN);
	put_u32(&t->j.payload, VERSION);
	put_str(&t->j.payload, str_from(t->id));
	t->phase = PHASE_BEGUN;
	return add(t);
}

int state_dir(struct txn *t, const char *path)
{
	put_u8(&t->j.payload, RECORD_DIR);
	put_str(&t->j.payload, str_from(path));
	return add(t) < 0 ? -ENOMEM : strv_adds(&t->dirs, path);
}

int state_before(struct txn *t, const char *path, struct image *im)
{
	put_u8(&t->j.payload, RECORD_BEFORE);
	put_str(&t->j.payload, str_from(path));
	image_put(&t->j.payload, im);
	return add(t) < 0 ? -ENOMEM : apply_before(t, path, im);
}

int state_change(struct txn *t, const char *path, enum op op, uint64_t base,
	struct image *after, unsigned number)
{
	put_u8(&t->j.payload, RECORD_CHANGE);
	put_str(&t->j.payload, str_from(path));
	put_u8(&t->j.payload, op);
	put_u64(&t->j.payload, base);
	image_put(&t->j.payload, after);
	put_u32(&t->j.payload, number);
	return add(t) < 0 ? -ENOMEM : apply_change(t, path, op, base, after, number);
}

int state_guard(struct txn *t, const char *path)
{
	put_u8(&t->j.payload, RECORD_GUARD);
	put_str(&t->j.payload, str_from(path));
	return add(t) < 0 ? -ENOMEM : apply_guard(t, path);
}

int state_after(struct txn *t, const char *path, struct image *im)
{
	put_u8(&t->j.payload, RECORD_AFTER);
	put_str(&t->j.payload, str_from(path));
	image_put(&t->j.payload, im);
	return add(t) < 0 ? -ENOMEM : apply_after(t, path, im);
}

int state_publish(struct txn *t)
{
	put_u8(&t->j.payload, RECORD_PUBLISH);
	apply_publish(t);
	return add(t);
}

int state_published(struct txn *t)
{
	put_u8(&t->j.payload, RECORD_PUBLISHED);
	apply_published(t);
	return add(t);
}

int state_flush(struct txn *t, struct err *e)
{
	return journal_flush(&t->j, e);
}

int state_record_phase(struct txn *t, enum phase to, struct err *e)
{
	int q;

	put_u8(&t->j.payload, RECORD_PHASE);
	put_u8(&t->j.payload, to);
	q = state_flush(t, e);
	if (q >= 0)
		t->phase = to;
	return q;
}

/* Reading. */

static int read_begin(struct txn *t, struct reader *rd, struct err *e)
{
	uint32_t version = get_u32(rd);
	struct str id = get_str(rd);

	if (version != VERSION)
		return err_set(e, -EUCLEAN,
			"its format %u is not known to this version of xvd2vd; use the "
			"one that wrote it",
			version);
	if (rd->bad || !str_is(id, t->id))
		return -EUCLEAN;
	t->phase = PHASE_BEGUN;
	return 0;
}

static int read_record(struct txn *t, struct reader *rd, struct err *e)
{
	enum record type = (enum record)get_u8(rd);
	cleanup_(image_done) struct image im = {0};
	cleanup_(free_charp) char *path = NULL;
	struct str s;
	uint64_t base;
	uint8_t n;
	int q;

	if (type == RECORD_BEGIN)
		return read_begin(t, rd, e);
	if (t->phase == PHASE_EMPTY)
		return -EUCLEAN;
	if (type == RECORD_PUBLISH) {
		apply_publish(t);
		return 0;
	}
	if (type == RECORD_PUBLISHED) {
		apply_published(t);
		return 0;
	}
	if (type == RECORD_PHASE) {
		n = get_u8(rd);
		if (n <= PHASE_BEGUN || n > PHASE_UNDONE)
			return -EUCLEAN;
		t->phase = (enum phase)n;
		return 0;
	}
	s = get_str(rd);
	if (rd->bad || str_has_nul(s) || !str_starts(s, "/"))
		return -EUCLEAN;
	path = str_dup(s);
	if (!path)
		return -ENOMEM;
	switch (type) {
	case RECORD_DIR:
		return strv_adds(&t->dirs, path);
	case RECORD_GUARD:
		return apply_guard(t, path);
	case RECORD_BEFORE:
		q = image_get(rd, &im);
		return q < 0 ? q : apply_before(t, path, &im);
	case RECORD_AFTER:
		q = image_get(rd, &im);
		return q < 0 ? q : apply_after(t, path, &im);
	case RECORD_CHANGE:
		n = get_u8(rd);
		base = get_u64(rd);
		q = image_get(rd, &im);
		if (q < 0)
			return q;
		if (n == OP_NONE || n > OP_APPEND)
			return -EUCLEAN;
		return apply_change(t, path, (enum op)n, base, &im, get_u32(rd));
	case RECORD_BEGIN:
	case RECORD_PUBLISH:
	case RECORD_PUBLISHED:
	case RECORD_PHASE:
		break;
	}
	return -EUCLEAN;
}

static int load(struct txn *t, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf records = {0};
	struct reader rd;
	struct stat st;
	int q;

	q = root_lstat(t->r, t->file, &st);
	if (q == -ENOENT)
		return 0;
	q = journal_read(t->r, t->file, &t->j, &records, e);
	if (q < 0)
		return q;
	rd.in = strbuf_str(&records);
	rd.bad = false;
	while (rd.in.n) {
		struct err why = {0};

		q = read_record(t, &rd, &why);
		if (q >= 0 && rd.bad)
			q = -EUCLEAN;
		if (q == -EUCLEAN && !why.code)
			err_set(&why, q, "a record makes no sense");
		if (q < 0)
			return why.code ? err_set(e, q, "%s: %s", t->file, why.text)
					: err_errno(e, q, "%s", t->file);
	}
	return 0;
}

int state_load(const struct root *r, const char *id, struct txn **ret, struct err *e)
{
	struct txn *t = state_new(r, id);
	int q;

	if (!t)
		return err_oom(e);
	q = load(t, e);
	if (q < 0) {
		state_free(t);
		if (q == -EUCLEAN)
			err_wrap(e, q,
				"the journal of an earlier run cannot be trusted, "
				"nothing was "
				"touched (its folder " STATE_DIR
				"/%s holds copies of the files it changed; compare them "
				"by hand, then move the folder away)",
				id);
		return q;
	}
	*ret = t;
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See state.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "txn/state.h"

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
	for (size_t i = 0; i < t->n_sectors; i++)
		sectors_done(&t->sectors[i]);
	free(t->sectors);
	txn_packages_free(t->packages, t->n_packages);
	free(t->version);
	strv_done(&t->temps);
	strv_done(&t->dirs);
	strv_done(&t->whole);
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

enum { PROGRAM_SECONDS = 3600 };

bool state_is_later(const struct txn *t, const char *path)
{
	struct stat now, journal;

	return !t->own && root_lstat(t->r, path, &now) >= 0 &&
	       root_lstat(t->r, t->file, &journal) >= 0 &&
	       now.st_ctim.tv_sec > journal.st_mtim.tv_sec + PROGRAM_SECONDS;
}

int state_usable(const struct txn *t, struct err *e)
{
	if (t->phase != PHASE_BEGUN)
		return err_set(e, -EINVAL, "the transaction is over");
	if (t->failed)
		return err_set(e, -ECANCELED,
			"an earlier change could not be staged; the transaction can only "
			"be taken back");
	if (t->n >= CHANGES_MAX)
		return err_set(e, -E2BIG,
			"more than %d files are to be changed or kept at once",
			CHANGES_MAX);
	return 0;
}

/* The records. */

static int add(struct txn *t)
{
	return strbuf_err(&t->j.payload);
}

int state_begin(struct txn *t, const struct txn_about *about)
{
	put_u8(&t->j.payload, RECORD_BEGIN);
	put_u32(&t->j.payload, STATE_VERSION);
	put_str(&t->j.payload, str_from(t->id));
	if (about) {
		put_u8(&t->j.payload, RECORD_ABOUT);
		put_u64(&t->j.payload, (uint64_t)about->when);
		put_str(&t->j.payload, str_from(about->version));
		put_u8(&t->j.payload, about->continues);
	}
	t->phase = PHASE_BEGUN;
	return add(t);
}

int state_sectors(struct txn *t, struct sectors *s)
{
	put_u8(&t->j.payload, RECORD_SECTORS);
	put_str(&t->j.payload, str_from(s->disk));
	put_str(&t->j.payload, str_from(s->id));
	put_u64(&t->j.payload, s->size);
	put_u64(&t->j.payload, s->offset);
	put_u32(&t->j.payload, s->n);
	put_u32(&t->j.payload, s->crc);
	put_u32(&t->j.payload, s->copy);
	return add(t) < 0 ? -ENOMEM : table_sectors(t, s);
}

int state_package(struct txn *t, const struct txn_package *p)
{
	put_u8(&t->j.payload, RECORD_PACKAGE);
	put_str(&t->j.payload, str_from(p->name));
	put_str(&t->j.payload, str_from(p->version));
	put_str(&t->j.payload, str_from(p->tool));
	return add(t) < 0 ? -ENOMEM : table_package(t, p);
}

int state_packages_gone(struct txn *t)
{
	put_u8(&t->j.payload, RECORD_PACKAGES_GONE);
	t->packages_gone = true;
	return add(t);
}

int state_choose(struct txn *t, const char *path)
{
	if (!table_choose(t, path))
		return -EINVAL;
	put_u8(&t->j.payload, RECORD_CHOOSE);
	put_str(&t->j.payload, str_from(path));
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
	return add(t) < 0 ? -ENOMEM : table_before(t, path, im);
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
	return add(t) < 0 ? -ENOMEM : table_change(t, path, op, base, after, number);
}

int state_guard(struct txn *t, const char *path)
{
	put_u8(&t->j.payload, RECORD_GUARD);
	put_str(&t->j.payload, str_from(path));
	return add(t) < 0 ? -ENOMEM : table_guard(t, path);
}

int state_whole(struct txn *t, const char *path)
{
	put_u8(&t->j.payload, RECORD_WHOLE);
	put_str(&t->j.payload, str_from(path));
	return add(t) < 0 ? -ENOMEM : strv_adds(&t->whole, path);
}

int state_after(struct txn *t, const char *path, struct image *im)
{
	put_u8(&t->j.payload, RECORD_AFTER);
	put_str(&t->j.payload, str_from(path));
	image_put(&t->j.payload, im);
	return add(t) < 0 ? -ENOMEM : table_after(t, path, im);
}

int state_untouched(struct txn *t, const char *path)
{
	put_u8(&t->j.payload, RECORD_UNTOUCHED);
	put_str(&t->j.payload, str_from(path));
	return add(t) < 0 ? -ENOMEM : table_untouched(t, path);
}

int state_publish(struct txn *t)
{
	put_u8(&t->j.payload, RECORD_PUBLISH);
	table_publish(t);
	return add(t);
}

int state_published(struct txn *t)
{
	put_u8(&t->j.payload, RECORD_PUBLISHED);
	table_published(t);
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
		table_phase(t, to);
	return q;
}

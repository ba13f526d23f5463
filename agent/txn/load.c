/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a journal back into the transaction that it was written from. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "txn/state.h"

static int read_begin(struct txn *t, struct reader *rd, struct err *e)
{
	uint32_t version = get_u32(rd);
	struct str id = get_str(rd);

	if (version != STATE_VERSION)
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
		table_publish(t);
		return 0;
	}
	if (type == RECORD_PUBLISHED) {
		table_published(t);
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
		return table_guard(t, path);
	case RECORD_BEFORE:
		q = image_get(rd, &im);
		return q < 0 ? q : table_before(t, path, &im);
	case RECORD_AFTER:
		q = image_get(rd, &im);
		return q < 0 ? q : table_after(t, path, &im);
	case RECORD_CHANGE:
		n = get_u8(rd);
		base = get_u64(rd);
		q = image_get(rd, &im);
		if (q < 0)
			return q;
		if (n == OP_NONE || n > OP_APPEND)
			return -EUCLEAN;
		return table_change(t, path, (enum op)n, base, &im, get_u32(rd));
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

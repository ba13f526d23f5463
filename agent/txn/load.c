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

	if (version < 1 || version > STATE_VERSION)
		return err_set(e, -EUCLEAN,
			"its format %u is not known to this version of xvd2vd; use the "
			"one that wrote it",
			version);
	if (rd->bad || !str_is(id, t->id))
		return -EUCLEAN;
	t->phase = PHASE_BEGUN;
	return 0;
}

/* A string of its own, or NULL: what is there makes no sense, or memory ran out. */
static char *read_text(struct reader *rd)
{
	struct str s = get_str(rd);

	if (rd->bad || str_has_nul(s)) {
		rd->bad = true;
		return NULL;
	}
	return str_dup(s);
}

static int bad_or_oom(const struct reader *rd)
{
	return rd->bad ? -EUCLEAN : -ENOMEM;
}

static int read_about(struct txn *t, struct reader *rd)
{
	t->when = (int64_t)get_u64(rd);
	free(t->version);
	t->version = read_text(rd);
	t->continues = get_u8(rd);
	return t->version ? 0 : bad_or_oom(rd);
}

static int read_sectors(struct txn *t, struct reader *rd)
{
	cleanup_(sectors_done) struct sectors s = {.disk = read_text(rd)};

	s.id = read_text(rd);
	s.size = get_u64(rd);
	s.offset = get_u64(rd);
	s.n = get_u32(rd);
	s.crc = get_u32(rd);
	s.copy = get_u32(rd);
	if (rd->bad || !s.n || s.offset > s.size || s.n > s.size - s.offset)
		return -EUCLEAN;
	return s.disk && s.id ? table_sectors(t, &s) : -ENOMEM;
}

static int read_package(struct txn *t, struct reader *rd)
{
	cleanup_(free_charp) char *name = read_text(rd);
	cleanup_(free_charp) char *version = read_text(rd);
	cleanup_(free_charp) char *tool = read_text(rd);
	const struct txn_package p = {name, version, tool};

	return name && version && tool ? table_package(t, &p) : bad_or_oom(rd);
}

static int read_phase(struct txn *t, struct reader *rd)
{
	uint8_t n = get_u8(rd);

	if (n <= PHASE_BEGUN || n > PHASE_PART)
		return -EUCLEAN;
	table_phase(t, (enum phase)n);
	return 0;
}

/* The records that begin with a path of the guest's. */
static int read_of_path(
	struct txn *t, enum record type, const char *path, struct reader *rd)
{
	cleanup_(image_done) struct image im = {0};
	uint64_t base;
	uint8_t op;
	int q;

	if (type == RECORD_DIR)
		return strv_adds(&t->dirs, path);
	if (type == RECORD_WHOLE)
		return strv_adds(&t->whole, path);
	if (type == RECORD_GUARD)
		return table_guard(t, path);
	if (type == RECORD_UNTOUCHED)
		return table_untouched(t, path);
	if (type == RECORD_CHOOSE)
		return table_choose(t, path) ? 0 : -EUCLEAN;
	op = type == RECORD_CHANGE ? get_u8(rd) : OP_NONE;
	base = type == RECORD_CHANGE ? get_u64(rd) : 0;
	q = image_get(rd, &im);
	if (q < 0)
		return q;
	if (type == RECORD_BEFORE)
		return table_before(t, path, &im);
	if (type == RECORD_AFTER)
		return table_after(t, path, &im);
	if (op == OP_NONE || op > OP_APPEND)
		return -EUCLEAN;
	return table_change(t, path, (enum op)op, base, &im, get_u32(rd));
}

static int read_record(struct txn *t, struct reader *rd, struct err *e)
{
	enum record type = (enum record)get_u8(rd);
	cleanup_(free_charp) char *path = NULL;

	if (type == RECORD_BEGIN)
		return read_begin(t, rd, e);
	if (t->phase == PHASE_EMPTY)
		return -EUCLEAN;
	switch (type) {
	case RECORD_PUBLISH:
		table_publish(t);
		return 0;
	case RECORD_PUBLISHED:
		table_published(t);
		return 0;
	case RECORD_PACKAGES_GONE:
		t->packages_gone = true;
		return 0;
	case RECORD_PHASE:
		return read_phase(t, rd);
	case RECORD_ABOUT:
		return read_about(t, rd);
	case RECORD_SECTORS:
		return read_sectors(t, rd);
	case RECORD_PACKAGE:
		return read_package(t, rd);
	case RECORD_DIR:
	case RECORD_BEFORE:
	case RECORD_CHANGE:
	case RECORD_GUARD:
	case RECORD_AFTER:
	case RECORD_CHOOSE:
	case RECORD_UNTOUCHED:
	case RECORD_WHOLE:
		path = read_text(rd);
		if (!path)
			return bad_or_oom(rd);
		return *path == '/' ? read_of_path(t, type, path, rd) : -EUCLEAN;
	case RECORD_BEGIN:
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
	for (size_t n = 0; rd.in.n; n++) {
		struct err why = {0};

		q = n < RECORDS_MAX && t->n <= CHANGES_MAX
			    ? read_record(t, &rd, &why)
			    : err_set(&why, -EUCLEAN,
				      "it has more records than any run leaves");
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

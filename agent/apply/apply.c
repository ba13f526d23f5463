/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See apply.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "apply/apply.h"
#include "apply/bootsector.h"
#include "apply/programs.h"
#include "apply/steps.h"
#include "sys/clock.h"
#include "text/cpio.h"
#include "txn/txn.h"

#define MAX_MODULE ((size_t)64 << 20)

static void free_needs(struct txn_need **needs)
{
	free(*needs);
}

/* The segment's members. The modules are copied as the guest has them, compressed or not. */
static int make_archive(
	const struct root *root, const struct step *s, struct strbuf *ret, struct err *e)
{
	for (size_t i = 0; i < s->n_members; i++) {
		const struct graft_member *m = &s->members[i];
		struct str content = strbuf_str(&m->content);
		cleanup_(free_charp) char *bytes = NULL;
		size_t n = 0;
		int r;

		if (m->from) {
			r = root_read(root, m->from, MAX_MODULE, &bytes, &n, e);
			if (r < 0)
				return err_wrap(e, r, "%s", m->from);
			content = (struct str){bytes, n};
		}
		cpio_add(ret, m->path, m->mode, (unsigned)i + 1, content);
	}
	cpio_end(ret, 4);
	return strbuf_err(ret) < 0 ? err_oom(e) : 0;
}

/* What is appended to an image of `size` bytes: zeros, at least one word of them, since the
 * kernel's lz4 takes what follows at once for another chunk; then the archive, at a multiple
 * of 4 in the image. */
static int make_segment(
	const struct root *root, const struct step *s, struct strbuf *ret, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf archive = {0};
	struct stat st;
	int r = root_lstat(root, s->path, &st);

	if (r < 0)
		return err_errno(e, r, "%s", s->path);
	r = make_archive(root, s, &archive, e);
	if (r < 0)
		return r;
	strbuf_pad(ret, '\0', 4 + (size_t)((4 - st.st_size % 4) % 4));
	strbuf_add(ret, strbuf_str(&archive));
	return strbuf_err(ret) < 0 ? err_oom(e) : 0;
}

static int stage(
	const struct apply *a, struct txn *t, const struct step *s, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf segment = {0};
	int r;

	switch (s->kind) {
	case STEP_WRITE:
		r = txn_write(t, s->path, strbuf_str(&s->content), s->mode, e);
		return r < 0 || !s->label ? r : txn_label(t, s->path, s->label, e);
	case STEP_REMOVE:
		return txn_remove(t, s->path, e);
	case STEP_LINK:
		r = txn_symlink(t, s->path, s->content.p, e);
		return r < 0 || !s->label ? r : txn_label(t, s->path, s->label, e);
	case STEP_GRAFT:
		r = make_segment(a->root, s, &segment, e);
		return r < 0 ? r : txn_append(t, s->path, strbuf_str(&segment), e);
	case STEP_BOOTSECTOR:
		return bootsector_stage(
			a->root, a->bootsector, strbuf_str(&s->content), t, e);
	case STEP_RUN:
	case STEP_DISK:
		break;
	}
	return 0;
}

/* What is done to the disk comes later, and is not ours. */
static bool is_ours(const struct step *s)
{
	return s->status == STEP_PLANNED && s->kind != STEP_DISK;
}

/* Boot code comes last: its file must lie where it will stay. */
static int stage_steps(
	const struct apply *a, struct txn *t, bool bootsector, struct err *e)
{
	for (size_t i = 0; i < a->plan->n_steps; i++) {
		struct step *s = &a->plan->steps[i];
		const int64_t from = clock_ms(CLOCK_MONOTONIC);
		int r;

		if (!is_ours(s) || s->kind == STEP_RUN ||
			(s->kind == STEP_BOOTSECTOR) != bootsector)
			continue;
		step_tell(a, i, "start");
		r = stage(a, t, s, e);
		s->ms = clock_since(from);
		if (r < 0)
			return step_fail(s, r, e);
	}
	return 0;
}

/* At least as much as make_segment() will make. */
static uint64_t segment_room(const struct root *root, const struct step *s)
{
	uint64_t n = 1024;

	for (size_t i = 0; i < s->n_members; i++) {
		const struct graft_member *m = &s->members[i];
		int fd = m->from ? root_openat(root, m->from, O_PATH, 0) : -1;
		struct stat st = {0};

		/* What cannot be looked at is complained of when it is to be read. */
		if (fd >= 0 && fstat(fd, &st) < 0)
			st.st_size = 0;
		if (fd >= 0)
			close(fd);
		n += 128 + strlen(m->path) + m->content.n + (uint64_t)st.st_size;
	}
	return n;
}

static int has_room(const struct apply *a, struct err *e)
{
	cleanup_(free_needs) struct txn_need *needs = NULL;
	size_t n = 0, most = BOOTSECTOR_NEEDS * a->plan->n_steps;
	int r = 0;

	for (size_t i = 0; i < a->plan->n_steps; i++)
		most += a->plan->steps[i].guard.n;
	needs = calloc(most, sizeof(*needs));
	if (!needs)
		return err_oom(e);
	for (size_t i = 0; i < a->plan->n_steps && r >= 0; i++) {
		const struct step *s = &a->plan->steps[i];
		size_t more = 0;

		if (!is_ours(s))
			continue;
		STRV_FOREACH (path, &s->guard)
			needs[n++] = (struct txn_need){*path,
				str_ends(str_from(*path), "/") ? TXN_NEED_TREE
							       : TXN_NEED_COPY,
				0};
		if (s->kind == STEP_WRITE || s->kind == STEP_LINK)
			needs[n++] =
				(struct txn_need){s->path, TXN_NEED_WRITE, s->content.n};
		else if (s->kind == STEP_REMOVE)
			needs[n++] = (struct txn_need){s->path, TXN_NEED_COPY, 0};
		else if (s->kind == STEP_GRAFT)
			needs[n++] = (struct txn_need){
				s->path, TXN_NEED_APPEND, segment_room(a->root, s)};
		else if (s->kind == STEP_BOOTSECTOR)
			r = bootsector_needs(a->bootsector, strbuf_str(&s->content),
				needs + n, &more, e);
		n += more;
	}
	return r < 0 ? r : txn_preflight(a->root, needs, n, e);
}

static int make_true(const struct apply *a, struct err *e)
{
	const struct txn_about about = {time(NULL), XVD2VD_VERSION, a->continues};
	struct txn *t = NULL;
	int r = txn_begin(a->root, &about, &t, e);

	if (r >= 0)
		r = stage_steps(a, t, false, e);
	if (r >= 0)
		r = programs_note(a->plan, t, e);
	if (r >= 0 && programs_await(a->plan, false))
		r = programs_run(a, t, e);
	if (r >= 0)
		r = stage_steps(a, t, true, e);
	if (r >= 0)
		r = txn_commit(t, e);
	txn_free(t);
	return r;
}

static bool has_work(const struct plan *p)
{
	for (size_t i = 0; i < p->n_steps; i++)
		if (is_ours(&p->steps[i]))
			return true;
	return false;
}

int apply_plan(struct apply *a, struct err *e)
{
	int r, done = 0;

	if (!has_work(a->plan))
		return 0;
	r = has_room(a, e);
	if (r >= 0)
		r = make_true(a, e);
	a->committed = r >= 0;
	if (r >= 0 && programs_await(a->plan, true))
		r = programs_run_optional(a, e);
	if (r < 0)
		return r;
	for (size_t i = 0; i < a->plan->n_steps; i++)
		if (is_ours(&a->plan->steps[i])) {
			a->plan->steps[i].status = STEP_DONE;
			step_tell(a, i, "done");
			done = 1;
		}
	return done;
}

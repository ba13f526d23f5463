/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See session.h. */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "apply/apply.h"
#include "main/session.h"
#include "probe/probe.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "txn/txn.h"

void session_init(struct session *s)
{
	*s = (struct session){.root = ROOT_CLOSED};
	options_init(&s->options);
}

static void forget_plan(struct session *s)
{
	if (s->has_plan)
		plan_done(&s->plan);
	s->has_plan = false;
}

static void forget_scan(struct session *s)
{
	if (s->has_verdict)
		verdict_done(&s->verdict);
	if (s->has_guest)
		guest_done(&s->guest);
	s->has_verdict = s->has_guest = false;
	snapshot_done(&s->snap);
}

void session_done(struct session *s)
{
	forget_plan(s);
	forget_scan(s);
	machine_done(&s->machine);
	fs_checks_done(&s->filesystems);
	root_done(&s->root);
}

static bool end(struct session *s, enum result result)
{
	s->result = result;
	return false;
}

bool session_recover(struct session *s)
{
	enum txn_recovery how;

	/* A run that was killed may have left the report it was writing. */
	(void)!file_unlink(&s->root, "/var/lib/xvd2vd/.report.json.xvd2vd", NULL);
	return txn_recover(&s->root, &how, &s->err) >= 0 || end(s, RESULT_FAILED);
}

bool session_scan(struct session *s)
{
	const int64_t from = clock_ms(CLOCK_MONOTONIC);
	int r;

	forget_scan(s);
	if (probe_snapshot(&s->root, &s->snap, &s->err) < 0)
		return end(s, RESULT_FAILED);
	r = guest_read(&s->snap, &s->machine, &s->guest, &s->err);
	s->timing.scan += clock_since(from);
	if (r < 0)
		return end(s, r == -ENOMEM ? RESULT_FAILED : RESULT_REFUSED);
	s->has_guest = true;
	return true;
}

/* What apply comes to if every step goes well. */
static enum result expected(const struct plan *p)
{
	if (p->n_pending)
		return RESULT_DEGRADED;
	return p->n_steps ? RESULT_REPAIRED : RESULT_UNCHANGED;
}

bool session_plan(struct session *s)
{
	const struct plan_input in = {
		&s->snap, &s->machine, &s->guest, &s->options, s->offline};
	int r;

	forget_plan(s);
	r = plan_build(&in, &s->plan, &s->err);
	if (r < 0)
		return end(s, r == -ENOMEM ? RESULT_FAILED : RESULT_REFUSED);
	s->has_plan = true;
	s->result = expected(&s->plan);
	return true;
}

/* The first thing in the way of a boot. */
static const struct check *first_failure(const struct verdict *v)
{
	for (size_t i = 0; i < v->n; i++)
		if (!v->v[i].ok)
			return &v->v[i];
	return NULL;
}

bool session_verify(struct session *s)
{
	const int64_t from = clock_ms(CLOCK_MONOTONIC);
	const struct check *why;

	if (verify_guest(&s->snap, &s->machine, &s->guest, &s->options, &s->verdict,
		    &s->err) < 0)
		return end(s, RESULT_FAILED);
	s->has_verdict = true;
	s->timing.verify += clock_since(from);
	why = first_failure(&s->verdict);
	if (!why)
		return true;
	err_set(&s->err, -EIO, "it would not boot here: %s: %s", why->id, why->detail);
	return end(s, RESULT_FAILED);
}

/* True where a program of the guest's that is still to run decides whether it boots. */
static bool awaits_program(const struct plan *p)
{
	for (size_t i = 0; i < p->n_steps; i++)
		if (p->steps[i].status == STEP_PENDING)
			return true;
	return false;
}

/* It was planned wrongly, or the guest is not what it seemed. */
static void take_back(struct session *s)
{
	struct err e;

	if (txn_undo(&s->root, true, NULL, &e) < 0) {
		err_wrap(&s->err, -EIO, "NOT taken back (%s)", e.text);
		return;
	}
	for (size_t i = 0; i < s->plan.n_steps; i++)
		if (s->plan.steps[i].status == STEP_DONE)
			s->plan.steps[i].status = STEP_UNDONE;
}

bool session_apply(struct session *s)
{
	const struct apply a = {&s->root, &s->plan, s->progress, s->ctx};
	const enum result good = expected(&s->plan);
	const enum layout found = s->guest.layout;
	bool good_now;
	int changed;
	const int64_t from = clock_ms(CLOCK_MONOTONIC);

	changed = apply_plan(&a, &s->err);
	if (changed < 0)
		return end(s, RESULT_FAILED);
	s->timing.apply += clock_since(from);
	good_now = session_scan(s);
	if (good_now) {
		/* What was found is reported; the new names no longer tell it. */
		s->guest.layout = found;
		good_now = session_verify(s) || awaits_program(&s->plan);
	}
	if (good_now) {
		s->result = good;
		return true;
	}
	if (changed)
		take_back(s);
	return end(s, RESULT_FAILED);
}

bool session_undo(struct session *s, struct strv *ret_paths)
{
	int r = txn_undo(&s->root, false, ret_paths, &s->err);

	if (r < 0)
		return end(s, r == -ENOENT   ? RESULT_UNCHANGED
			      : r == -ESTALE ? RESULT_REFUSED
					     : RESULT_FAILED);
	s->result = RESULT_UNDONE;
	return true;
}

struct report session_report(struct session *s, const char *mode, bool planned_only)
{
	const bool bad = s->result == RESULT_FAILED || s->result == RESULT_REFUSED ||
			 s->result == RESULT_USAGE;
	const time_t now = time(NULL);
	struct tm utc;

	strftime(s->finished, sizeof(s->finished), "%Y-%m-%dT%H:%M:%SZ",
		gmtime_r(&now, &utc));
	return (struct report){
		.mode = mode,
		.result = s->result,
		.planned_only = planned_only,
		.message = bad && s->err.text[0] ? s->err.text : NULL,
		.guest = s->has_guest ? &s->guest : NULL,
		.machine = &s->machine,
		.filesystems = &s->filesystems,
		.plan = s->has_plan ? &s->plan : NULL,
		.verdict = s->has_verdict ? &s->verdict : NULL,
		.timing = s->timing,
		.finished = s->finished,
	};
}

int session_save_report(const struct session *s, struct str json, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf line = {0};

	strbuf_add(&line, json);
	strbuf_addc(&line, '\n');
	if (strbuf_err(&line) < 0)
		return err_oom(e);
	return file_replace(
		&s->root, "/var/lib/xvd2vd/report.json", strbuf_str(&line), 0600, e);
}

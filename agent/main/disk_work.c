/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See disk_work.h. */
#include <errno.h>
#include <string.h>

#include "apply/rootfs.h"
#include "base/printable.h"
#include "main/disk_work.h"
#include "main/run.h"
#include "sys/clock.h"
#include "sys/file.h"

/* One line for each thing that was begun. */
#define NOTE "/var/lib/xvd2vd/filesystem"
#define MAX_NOTE ((size_t)4 << 10)

static struct step *find_step(struct session *s, const char *id)
{
	for (size_t i = 0; i < s->plan.n_steps; i++) {
		struct step *st = &s->plan.steps[i];

		if (st->kind == STEP_DISK && st->status == STEP_PLANNED &&
			(!id || strcmp(st->id, id) == 0))
			return st;
	}
	return NULL;
}

static bool is_begun_again(const struct session *s, struct str line)
{
	if (!str_skip(&line, "begun "))
		return false;
	for (size_t i = 0; i < s->plan.n_steps; i++)
		if (s->plan.steps[i].kind == STEP_DISK &&
			str_starts(line, s->plan.steps[i].id))
			return true;
	return false;
}

/* Written before it is begun, too: a run that is cut short must not hide what it did. */
static int note(const struct session *s, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf text = {0};
	cleanup_(free_charp) char *old = NULL;
	size_t n = 0;

	if (root_read(&s->root, NOTE, MAX_NOTE / 2, &old, &n, NULL) >= 0)
		STR_FOREACH_LINE (line, ((struct str){old, n}))
			if (!is_begun_again(s, line))
				strbuf_add(&text, line);
	for (size_t i = 0; i < s->plan.n_steps; i++) {
		const struct step *st = &s->plan.steps[i];

		if (st->kind == STEP_DISK && st->status != STEP_PENDING)
			strbuf_addf(&text, "%s %s %s: " STR_FMT "\n",
				st->status == STEP_DONE ? "done" : "begun", st->id,
				st->path, STR_ARG(strbuf_str(&st->detail)));
	}
	if (strbuf_err(&text) < 0)
		return err_oom(e);
	return file_replace(&s->root, NOTE, strbuf_str(&text), 0600, e);
}

void disk_work_text(const struct root *r, struct strbuf *ret)
{
	cleanup_(free_charp) char *text = NULL;
	size_t n = 0;

	if (root_read(r, NOTE, MAX_NOTE, &text, &n, NULL) < 0)
		return;
	STR_FOREACH_LINE (line, ((struct str){text, n}))
		printable_line(ret, "stays, no undo takes it back: " STR_FMT,
			STR_ARG(str_chomp(line)));
}

static void tell(const struct session *s, const struct step *st, const char *status)
{
	if (s->progress)
		s->progress(s->ctx, &s->plan, (size_t)(st - s->plan.steps), status);
}

/* The machine as it is now, and the guest mounted. What borrows from the machine goes. */
static int reopen(struct session *s)
{
	run_release(s);
	if (s->has_guest)
		guest_done(&s->guest);
	s->has_guest = false;
	machine_done(&s->machine);
	return run_open(s, PROBE_WRITE, &s->err);
}

static int convert(struct session *s, const struct step *st, struct err *e)
{
	run_release(s);
	return rootfs_to_ext4(st->path, e);
}

static int grow(struct session *s, const struct step *st, struct err *e)
{
	const struct device *d = machine_device(&s->machine, str_from(st->path));
	struct growth g;
	int r = d ? growth_find(&s->machine, d, &g, e)
		  : err_set(e, -ENODEV, "%s is not there", st->path);

	if (r >= 0 && g.partition)
		r = rootfs_grow_partition(&s->machine, d, g.size, e);
	if (r >= 0)
		r = rootfs_grow(st->path, e);
	return r;
}

/* The guest boots without it: so it is pending where it cannot be done. */
static int leave_pending(struct session *s, struct step *st, const char *why)
{
	st->status = STEP_PENDING;
	return plan_pend(&s->plan, st->id, &s->err, "%s of %s was not done: %s", st->id,
		st->path, why);
}

static int do_step(struct session *s, const char *id,
	int (*act)(struct session *s, const struct step *st, struct err *e))
{
	const int64_t from = clock_ms(CLOCK_MONOTONIC);
	struct step *st = find_step(s, id);
	struct err why = {0};
	int r;

	if (!st)
		return 0;
	tell(s, st, "start");
	r = act(s, st, &why);
	st->ms = clock_since(from);
	if (r < 0) {
		r = leave_pending(s, st, why.text);
	} else {
		st->status = STEP_DONE;
		tell(s, st, "done");
	}
	return r < 0 ? r : reopen(s);
}

static bool all_good(struct session *s, enum layout found)
{
	if (!session_scan(s))
		return false;
	s->guest.layout = found;
	if (!session_verify(s))
		return false;
	s->result = s->plan.n_pending ? RESULT_DEGRADED : RESULT_REPAIRED;
	return true;
}

bool disk_work(struct session *s)
{
	const enum layout found = s->guest.layout;
	struct step *st;
	int r = 0;

	if (!find_step(s, NULL))
		return true;
	/* What a program of the guest's is still to make right is not touched further. */
	if (!s->has_verdict || !s->verdict.bootable) {
		while (r >= 0 && (st = find_step(s, NULL)))
			r = leave_pending(s, st, "the guest does not boot yet");
		s->result = r < 0 ? RESULT_FAILED : RESULT_DEGRADED;
		return r >= 0;
	}
	r = note(s, &s->err);
	if (r >= 0)
		r = do_step(s, "ext4", convert);
	if (r >= 0)
		r = do_step(s, "grow", grow);
	if (r >= 0)
		r = note(s, &s->err);
	if (r >= 0 && all_good(s, found))
		return true;
	s->result = RESULT_FAILED;
	return false;
}

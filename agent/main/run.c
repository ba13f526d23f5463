/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See run.h. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "main/disk_work.h"
#include "main/guard.h"
#include "main/progress.h"
#include "main/run.h"
#include "sys/clock.h"

int run_open(struct session *s, enum probe_mount how, struct err *e)
{
	int r;

	mkdir("/run/xvd2vd", 0700);
	mkdir(RUN_TARGET, 0700);
	r = probe_machine(&s->machine, e);
	if (r >= 0)
		r = probe_find_root(&s->machine, s->options.root, RUN_TARGET, e);
	if (r >= 0)
		r = probe_mount_guest(
			&s->machine, s->options.map, RUN_TARGET, how, &s->filesystems, e);
	if (r >= 0)
		r = root_open(RUN_TARGET, &s->root, e);
	s->looks = how == PROBE_LOOK;
	return r;
}

int run_begin(struct session *s, struct err *e)
{
	int r = run_open(s, PROBE_LOOK, e);

	if (r >= 0 || run_open_result(r) == RESULT_REFUSED)
		return r;
	if (s->writes)
		*s->writes = true;
	machine_done(&s->machine);
	fs_checks_done(&s->filesystems);
	return run_open(s, PROBE_WRITE, e);
}

enum result run_open_result(int r)
{
	return r == -EUSERS || r == -ENOENT || r == -ENODEV ? RESULT_REFUSED
							    : RESULT_FAILED;
}

void run_release(struct session *s)
{
	struct err e;

	root_done(&s->root);
	s->root = (struct root)ROOT_CLOSED;
	if (probe_release(&s->machine, RUN_TARGET, &e) < 0)
		progress_trouble("unmount", e.text);
}

int run_recover(const struct options *o, struct err *e)
{
	struct session s;
	int r;

	session_init(&s);
	s.options = *o;
	run_release(&s); /* what the worker had mounted */
	r = run_open(&s, PROBE_WRITE, e);
	if (r >= 0 && !session_recover(&s))
		r = err_set(e, s.err.code, "%s", s.err.text);
	run_release(&s);
	session_done(&s);
	return r < 0 ? r : (int)s.recovered;
}

/* A step to everyone who looks: console, the launcher. */
static void show_step(void *ctx, const struct plan *p, size_t step, const char *status)
{
	struct run *run = ctx;
	const struct step *s = &p->steps[step];
	cleanup_(strbuf_done) struct strbuf shown = {0}, json = {0};

	strbuf_addf(&json, "{\"step\":%zu,\"of\":%zu,\"id\":\"%s\",\"status\":\"%s\"}",
		step + 1, p->n_steps, s->id, status);
	if (run->console && !json.oom)
		(void)!console_report(run->console, strbuf_str(&json), NULL);
	if (!run->console || strcmp(status, "done") != 0)
		return;
	report_step_text(p, step, &shown);
	if (!shown.oom)
		console_line(run->console, str_chomp(strbuf_str(&shown)));
}

static void show_text(struct run *run, struct str text)
{
	if (run->console)
		STR_FOREACH_LINE (line, text)
			console_line(run->console, str_chomp(line));
}

/* What it is and which disk is which, once: before the first step, since who watches wants
 * to know it then. */
static void show_header(struct run *run, const struct session *s)
{
	cleanup_(strbuf_done) struct strbuf text = {0};

	if (run->headed)
		return;
	run->headed = true;
	if (s->has_guest)
		report_guest_text(&s->guest, &text);
	report_filesystems_text(&s->filesystems, &text);
	if (s->has_plan)
		report_map_text(&s->plan, false, &text);
	show_text(run, strbuf_str(&text));
}

static bool plan(struct session *s)
{
	return session_recover(s) && session_scan(s) && session_plan(s);
}

static bool make_writable(struct session *s)
{
	int r;

	if (s->writes)
		*s->writes = true;
	root_done(&s->root);
	s->root = (struct root)ROOT_CLOSED;
	r = probe_mount_writable(
		&s->machine, s->options.map, RUN_TARGET, &s->filesystems, &s->err);
	if (r >= 0)
		r = root_open(RUN_TARGET, &s->root, &s->err);
	s->looks = false;
	if (r >= 0)
		return true;
	session_forget(s);
	s->result = run_open_result(r);
	return false;
}

/* What is newer may be in them: a person is told how to have it read. */
static bool tell_of_journals(struct session *s)
{
	if (s->filesystems.n)
		err_wrap(&s->err, s->err.code,
			"as %s lies there, without a replay of its journal (the shell of "
			"mode=shell does that, or a start of the guest)",
			s->filesystems.v[0].device);
	return false;
}

bool run_plan(struct session *s)
{
	const bool good = plan(s);

	if (!s->looks)
		return good;
	if (!good && s->result == RESULT_REFUSED)
		return tell_of_journals(s);
	if (good && !s->filesystems.n)
		return true;
	/* A journal, of a file system or ours, may hide that there is something to do. */
	return make_writable(s) && plan(s);
}

/* The plan is for what is there now. */
static bool go_on_writable(struct session *s)
{
	if (!s->looks)
		return true;
	return make_writable(s) && (!s->filesystems.n || plan(s));
}

/* What needs nothing is not written to. */
void run_apply(struct session *s, const struct found *found)
{
	if ((s->plan.n_steps || found->times) && !go_on_writable(s))
		return;
	/* Without the count there would be no end to it. */
	if (found->times && found_note(&s->root, found, &s->err) < 0)
		s->result = RESULT_FAILED;
	else if (session_apply(s))
		disk_work(s);
}

static void repair(struct run *run, struct session *s)
{
	struct found found = {0};

	if (!run_plan(s))
		return;
	run->whole = !plan_repairs(&s->plan);
	show_header(run, s);
	if (run->as_init && !guard_pass(s, &found))
		return;
	run_apply(s, &found);
}

static int open_for_mode(struct session *s)
{
	switch (s->options.mode) {
	case MODE_UNDO:
		return run_open(s, PROBE_WRITE, &s->err);
	case MODE_VERIFY:
	case MODE_PLAN:
		return run_open(s, PROBE_LOOK, &s->err);
	default:
		return run_begin(s, &s->err);
	}
}

static void do_mode(struct run *run, struct session *s)
{
	switch (s->options.mode) {
	case MODE_UNDO:
		if (session_recover(s))
			session_undo(s, NULL);
		return;
	case MODE_VERIFY:
		if (session_scan(s) && session_verify(s))
			s->result = RESULT_UNCHANGED;
		return;
	case MODE_PLAN:
		if (session_scan(s))
			session_plan(s);
		return;
	default:
		repair(run, s);
	}
}

static bool taken_back(const struct plan *p)
{
	for (size_t i = 0; i < p->n_steps; i++)
		if (p->steps[i].status == STEP_UNDONE)
			return true;
	return false;
}

int run_save_report(const struct session *s, struct str json, struct err *e)
{
	const bool changed = s->has_plan && s->plan.n_steps;
	const bool done = s->result == RESULT_UNDONE ||
			  (changed && (s->result == RESULT_REPAIRED ||
					      s->result == RESULT_DEGRADED));
	int r;

	if (s->root.fd < 0 || (!done && !(changed && taken_back(&s->plan))))
		return 0;
	r = session_save_report(s, json, e);
	return done ? r : 0;
}

/* The report, to the guest (where something was done to it), the console and the port. */
static void publish(struct run *run, struct session *s)
{
	const bool dry = s->options.mode == MODE_PLAN;
	const struct report r = session_report(s, options_mode_name(&s->options), dry);
	cleanup_(strbuf_done) struct strbuf text = {0}, json = {0};
	struct err e;

	show_header(run, s);
	if (r.plan && dry)
		report_plan_text(r.plan, &text);
	else if (r.plan)
		report_left_text(r.plan, &text);
	if (r.verdict)
		report_checks_text(r.verdict, true, &text);
	report_verdict_text(&r, &text);
	show_text(run, strbuf_str(&text));

	if (report_json(&r, &json, &e) < 0) {
		show_text(run, str_from(e.text));
		return;
	}
	if (!dry && run_save_report(s, strbuf_str(&json), &e) < 0)
		show_text(run, str_from(e.text));
	if (run->console)
		(void)!console_report(run->console, strbuf_str(&json), NULL);
}

int run_machine(struct run *run, struct err *e)
{
	struct session s;
	const int64_t from = clock_ms(CLOCK_MONOTONIC);
	int r;

	session_init(&s);
	s.options = run->options;
	s.progress = show_step;
	s.ctx = run;
	s.timing.kernel = run->kernel_ms;
	s.timing.devices = run->devices_ms;
	s.writes = &run->writes;
	run->writes = run->options.mode == MODE_UNDO;
	r = open_for_mode(&s);
	if (r < 0)
		s.result = run_open_result(r);
	else
		do_mode(run, &s);
	s.timing.total = run->kernel_ms + run->devices_ms + clock_since(from);
	run->result = s.result;
	run->status = result_status(s.result);
	publish(run, &s);
	run->reported = true;
	r = s.result == RESULT_FAILED || s.result == RESULT_REFUSED
		    ? err_set(e, s.err.code < 0 ? s.err.code : -EIO, "%s", s.err.text)
		    : 0;
	run_release(&s);
	session_done(&s);
	return r;
}

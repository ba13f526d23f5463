/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See fleet.h. */
#include <errno.h>
#include <libvirt/virterror.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "host/child.h"
#include "host/domain.h"
#include "host/fleet.h"
#include "host/progress.h"
#include "host/report.h"
#include "host/savefile.h"
#include "host/show.h"

enum { TICK_MS = 1000, REPORT_MAX = PORT_LINE_MAX };

/* From good to bad: the status of many is that of the worst. */
static const int by_badness[] = {
	0, 4, 3, EXIT_USAGE, EXIT_NOT_STARTED, EXIT_NO_REPORT, 1};

struct job {
	struct domain domain;
	bool used;
};

struct fleet {
	const struct launch *c;
	virConnectPtr connection;
	struct domain_boot boot;
	struct strv names;
	size_t next, told; /* of the names: to be started; with their line */
	struct job *jobs;
	size_t running;
	struct progress progress; /* of the only domain */
	int signals, signal;
	int worst; /* index into by_badness */
};

static void on_tick(int timer, void *opaque)
{
	(void)timer, (void)opaque;
}

static void on_error(void *arg, virErrorPtr error)
{
	(void)arg, (void)error; /* told where it matters */
}

static void on_signal(int watch, int fd, int events, void *opaque)
{
	struct fleet *f = opaque;
	struct signalfd_siginfo si;

	(void)watch, (void)events;
	if (read(fd, &si, sizeof(si)) == (ssize_t)sizeof(si))
		f->signal = (int)si.ssi_signo;
}

static bool many(const struct fleet *f)
{
	return f->c->pattern;
}

/* ---- which ----------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int add_matching(struct fleet *f, const virDomainPtr *all, int n, struct err *e)
{
	for (int i = 0; i < n; i++) {
		const char *name = virDomainGetName(all[i]);

		if (name && str_glob(f->c->pattern, str_from(name)) &&
			strv_adds(&f->names, name) < 0)
			return err_oom(e);
	}
	if (!f->names.n)
		return err_set(e, -ENOENT, "no domain's name matches %s", f->c->pattern);
	qsort(f->names.v, f->names.n, sizeof(*f->names.v), by_name);
	return 0;
}

static int find_names(struct fleet *f, struct err *e)
{
	virDomainPtr *all = NULL;
	int n, r;

	if (!many(f))
		return strv_adds(&f->names, f->c->domain) < 0 ? err_oom(e) : 0;
	n = virConnectListAllDomains(
		f->connection, &all, VIR_CONNECT_LIST_DOMAINS_PERSISTENT);
	if (n < 0)
		return domain_err(e, "libvirt's domains");
	r = add_matching(f, all, n, e);
	for (int i = 0; i < n; i++)
		virDomainFree(all[i]);
	free(all);
	return r;
}

static char *report_path(const struct fleet *f, const char *name)
{
	return str_printf("%s/%s.json", f->c->reports, name);
}

/* A repair that held, or nothing to do: there is nothing more to be had from another boot. */
static bool was_repaired(const struct fleet *f, const char *name)
{
	cleanup_(free_charp) char *path = report_path(f, name);
	cleanup_(strbuf_done) struct strbuf text = {0};
	json_t *report = NULL;
	const char *mode;
	bool was = false;

	if (f->c->again || !path || savefile_read(path, REPORT_MAX, &text, NULL) < 0)
		return false;
	report = port_parse_json(str_trim(strbuf_str(&text)), PORT_DEPTH_MAX, NULL);
	if (report && report_check(report, NULL) == 0) {
		mode = json_string_value(json_object_get(report, "mode"));
		was = mode && !strcmp(mode, "auto") && report_status(report) == 0;
	}
	json_decref(report);
	return was;
}

/* ---- what came of one ------------------------------------------------------------------- */

static void note(struct fleet *f, int status)
{
	for (size_t i = 0; i < ARRAY_SIZE(by_badness); i++)
		if (by_badness[i] == status && f->worst < (int)i)
			f->worst = (int)i;
}

/* "[ 3/10] web1: repaired (12 s)" */
static void tell_line(struct fleet *f, const char *name, struct str what, long long ms)
{
	cleanup_(strbuf_done) struct strbuf b = {0};

	f->told++;
	strbuf_addf(&b, "[%*zu/%zu] ", f->names.n > 99 ? 4 : 2, f->told, f->names.n);
	show_text(&b, str_from(name), 64, f->c->utf8);
	strbuf_adds(&b, ": ");
	show_text(&b, what, 400, f->c->utf8);
	if (ms >= 0)
		strbuf_addf(&b, " (%lld s)", ms / 1000);
	if (strbuf_err(&b) == 0)
		printf("%s\n", b.p);
	fflush(stdout);
}

/* "refused: two roots: /dev/vda and /dev/vdb", as far as the report has it. */
static void describe(const struct outcome *o, struct strbuf *out)
{
	const char *message;

	if (!o->report) {
		outcome_why(o, out);
		return;
	}
	message = json_string_value(json_object_get(o->report, "message"));
	strbuf_adds(out, json_string_value(json_object_get(o->report, "result")));
	if (message)
		strbuf_addf(out, ": %s", message);
}

static int tell_of_many(struct fleet *f, const struct domain *d, const struct outcome *o)
{
	cleanup_(free_charp) char *path = report_path(f, d->name);
	cleanup_(strbuf_done) struct strbuf what = {0};
	struct err e = {0};

	describe(o, &what);
	if (o->report && (!path || outcome_save(path, o->report, &e) < 0))
		strbuf_addf(&what, " (its report could not be kept: %s)", e.text);
	tell_line(f, d->name, strbuf_str(&what), child_now_ms() - d->began_ms);
	return o->report ? report_status(o->report) : EXIT_NO_REPORT;
}

static void end_job(struct fleet *f, struct job *job)
{
	struct domain *d = &job->domain;
	struct outcome o;
	struct err e = {0};
	int status;

	if (!f->c->quiet && !many(f))
		progress_clear(&f->progress);
	domain_outcome(d, &o);
	status = many(f) ? tell_of_many(f, d, &o)
			 : outcome_tell(&o, f->c->report, f->c->utf8);
	note(f, status);
	if (f->c->start && !f->signal && (status == 0 || status == 4) &&
		domain_start(d, &e) < 0) {
		fprintf(stderr, "xvd2vd-run: %s\n", e.text);
		note(f, EXIT_NOT_STARTED);
	}
	domain_done(d);
	job->used = false;
	f->running--;
}

/* ---- running them ----------------------------------------------------------------------- */

static int begin(struct fleet *f, struct job *job, const char *name, struct err *e)
{
	int r = domain_open(f->connection, name, &job->domain, e);

	if (r < 0)
		return r;
	if (!many(f) && !f->c->quiet) {
		job->domain.progress = progress_step;
		job->domain.tick = progress_tick;
		job->domain.arg = &f->progress;
	}
	r = domain_begin(&job->domain, &f->boot, (unsigned)f->c->timeout_s, e);
	if (r < 0)
		domain_done(&job->domain);
	return r;
}

/* Fills the free places. An error only where the only domain could not be started. */
static int start_next(struct fleet *f, struct err *e)
{
	for (size_t i = 0; i < f->c->jobs && f->next < f->names.n && !f->signal; i++) {
		const char *name;

		if (f->jobs[i].used)
			continue;
		name = f->names.v[f->next++];
		if (many(f) && was_repaired(f, name)) {
			tell_line(f, name, STR("repaired before, skipped"), -1);
			i--;
			continue;
		}
		if (begin(f, &f->jobs[i], name, e) == 0) {
			f->jobs[i].used = true;
			f->running++;
		} else if (many(f)) {
			tell_line(f, name, str_from(e->text), -1);
			note(f, EXIT_USAGE);
			i--;
		} else {
			return e->code;
		}
	}
	return 0;
}

static int turn(struct fleet *f, struct err *e)
{
	if (virEventRunDefaultImpl() < 0)
		return domain_err(e, "libvirt's event loop");
	for (size_t i = 0; i < f->c->jobs; i++) {
		struct job *job = &f->jobs[i];

		if (!job->used)
			continue;
		if (f->signal)
			domain_interrupt(&job->domain, f->signal);
		else
			domain_tick(&job->domain);
		if (job->domain.fault)
			return err_errno(
				e, job->domain.fault, "domain %s", job->domain.name);
		if (job->domain.over)
			end_job(f, job);
	}
	if (f->running && virConnectIsAlive(f->connection) != 1)
		return err_set(
			e, -EINTR, "libvirt went away; it ends the rescue systems");
	return 0;
}

static int run(struct fleet *f, struct err *e)
{
	int r = start_next(f, e);

	while (!r && f->running) {
		r = turn(f, e);
		if (!r)
			r = start_next(f, e);
	}
	if (r < 0)
		return r;
	if (f->signal && f->next < f->names.n)
		printf("stopped by signal %d: %zu of %zu domains were not started\n",
			f->signal, f->names.n - f->next, f->names.n);
	return f->signal && many(f) ? EXIT_NO_REPORT : by_badness[f->worst];
}

static int connect_to(struct fleet *f, struct err *e)
{
	/* No dialogue for a password: libvirt's own rules decide who may. */
	f->connection = virConnectOpen(f->c->connect);
	if (!f->connection)
		return domain_err(e, "libvirt");
	/* A dead host must not be waited for: 5 s, five times. */
	virConnectSetKeepAlive(f->connection, 5, 5);
	return 0;
}

static void done(struct fleet *f)
{
	for (size_t i = 0; f->jobs && i < f->c->jobs; i++)
		if (f->jobs[i].used)
			domain_done(&f->jobs[i].domain);
	free(f->jobs);
	strv_done(&f->names);
	if (f->connection)
		virConnectClose(f->connection);
	close_fd(&f->signals);
}

static int prepare(struct fleet *f, struct err *e)
{
	sigset_t mask;

	f->jobs = calloc(f->c->jobs, sizeof(*f->jobs));
	if (!f->jobs)
		return err_oom(e);
	sigemptyset(&mask);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGHUP);
	/* Before libvirt's threads are there, so that they inherit it. */
	sigprocmask(SIG_BLOCK, &mask, NULL);
	f->signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
	if (f->signals < 0)
		return err_errno(e, -errno, "signalfd");
	virSetErrorFunc(NULL, on_error);
	if (virEventRegisterDefaultImpl() < 0 ||
		virEventAddTimeout(TICK_MS, on_tick, NULL, NULL) < 0 ||
		virEventAddHandle(
			f->signals, VIR_EVENT_HANDLE_READABLE, on_signal, f, NULL) < 0)
		return domain_err(e, "libvirt's event loop");
	return connect_to(f, e);
}

int fleet_run(const struct launch *c, struct err *e)
{
	cleanup_(rescue_done) struct rescue rescue = {0};
	struct fleet f = {
		.c = c,
		.signals = -1,
		.boot = {.rescue = &rescue,
			.settings = &c->settings,
			.memory_mb = (unsigned)c->memory_mb,
			.network = c->network},
		.progress = {.to = stderr,
			.utf8 = c->utf8,
			.bar = progress_is_terminal()},
	};
	int r = rescue_find(c->rescue, &rescue, e);

	if (!r && c->report)
		r = savefile_check(c->report, e);
	if (!r && c->reports && access(c->reports, W_OK | X_OK) < 0)
		r = err_errno(e, -errno, "--reports %s", c->reports);
	if (!r)
		r = prepare(&f, e);
	if (!r)
		r = find_names(&f, e);
	if (!r)
		r = run(&f, e);
	done(&f);
	return r;
}

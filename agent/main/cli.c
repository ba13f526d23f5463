/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See cli.h. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/printable.h"
#include "main/cli.h"
#include "main/disk_work.h"
#include "main/guard.h"
#include "main/progress.h"
#include "main/run.h"
#include "main/status.h"
#include "main/target.h"
#include "main/undo_text.h"
#include "sys/power.h"

struct args {
	const char *root, *disks;
	bool offline, json, diff, yes;
	struct session session;
	bool mounted; /* the machine's own guest, to be released */
};

static const char usage[] =
	"usage: xvd2vd scan   [TARGET] [--json]           what this machine and its "
	"guest are\n"
	"       xvd2vd plan   [TARGET] [--json] [--diff]  what would be changed, and "
	"why\n"
	"       xvd2vd apply  [TARGET] [--yes] [--json]   plan, then do it\n"
	"       xvd2vd verify [TARGET] [--json]           would this guest boot here?\n"
	"       xvd2vd undo   [TARGET] [--yes] [PATH...]  put back what apply changed, "
	"or "
	"only these files\n"
	"       xvd2vd status [TARGET] [--json]           what was done here\n"
	"TARGET: --root DIR [--disks FILE] [--offline], --set KEY=VALUE ...\n"
	"        without --root: this machine's own disks. See xvd2vd(8).\n";

/* What is printed may hold a guest's bytes. JSON stays JSON: its strings alone can hold what
 * is replaced. */
static void print_to(FILE *f, struct str text)
{
	cleanup_(strbuf_done) struct strbuf clean = {0};

	printable_add(&clean, text, "\t\n");
	if (clean.oom)
		fputs("xvd2vd: out of memory\n", stderr);
	else if (clean.n)
		fwrite(clean.p, 1, clean.n, f);
}

static void print(struct str text)
{
	print_to(stdout, text);
}

/* One line: "xvd2vd: context: text". */
static void complain(const char *context, const char *text)
{
	cleanup_(strbuf_done) struct strbuf line = {0};

	printable_line(&line, "xvd2vd: %s%s%s", context, *context ? ": " : "", text);
	fputs(line.oom ? "xvd2vd: out of memory\n" : line.p, stderr);
}

static int fail_usage(const struct err *e)
{
	complain("", e->text);
	return result_status(RESULT_USAGE);
}

/* --- arguments ------------------------------------------------------------------------ */

/* The option that getopt stopped at, as it was given. */
static int bad_option(int c, char **argv, struct err *e)
{
	const char *given = argv[optind - 1];
	const size_t name = strcspn(given, "=");

	if (c == ':')
		return err_set(e, -EINVAL, "%s needs a value; see xvd2vd --help", given);
	if (optopt > 0 && optopt < 256)
		return err_set(
			e, -EINVAL, "unknown option -%c; see xvd2vd --help", optopt);
	if (optopt)
		return err_set(e, -EINVAL, "%.*s takes no value; see xvd2vd --help",
			(int)name, given);
	return err_set(e, -EINVAL, "unknown option %s; see xvd2vd --help", given);
}

/* How a command ends is how it ends the machine that it runs on. */
static int check_ends(const struct args *a, struct err *e)
{
	const struct options *o = &a->session.options;

	if (a->root && (o->finish != FINISH_SHELL || o->on_fail != FINISH_SHELL))
		return err_set(e, -EINVAL,
			"finish= and on-fail= are for this machine's own disks, not for "
			"--root");
	if (o->finish == FINISH_KEXEC || o->finish == FINISH_EJECT)
		return err_set(e, -EINVAL,
			"finish=kexec and finish=eject are for the rescue system alone");
	return 0;
}

/* 0; 1: done already (--help, --version); -EINVAL. */
static int parse(int argc, char **argv, struct args *a, struct err *e)
{
	enum { ROOT = 256, DISKS, OFFLINE, JSON, DIFF, ASSENT, SET, HELP, VERSION };
	static const struct option options[] = {
		{"root", required_argument, NULL, ROOT},
		{"disks", required_argument, NULL, DISKS},
		{"offline", no_argument, NULL, OFFLINE},
		{"json", no_argument, NULL, JSON},
		{"diff", no_argument, NULL, DIFF},
		{"yes", no_argument, NULL, ASSENT},
		{"set", required_argument, NULL, SET},
		{"help", no_argument, NULL, HELP},
		{"version", no_argument, NULL, VERSION},
		{NULL, 0, NULL, 0},
	};
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, ":hy", options, NULL)) != -1) {
		switch (c) {
		case ROOT:
			a->root = optarg;
			break;
		case DISKS:
			a->disks = optarg;
			break;
		case OFFLINE:
			a->offline = true;
			break;
		case JSON:
			a->json = true;
			break;
		case DIFF:
			a->diff = true;
			break;
		case 'y':
		case ASSENT:
			a->yes = true;
			break;
		case SET:
			if (options_set(&a->session.options, str_from(optarg), e) < 0)
				return -EINVAL;
			break;
		case 'h':
		case HELP:
			print(str_from(usage));
			return 1;
		case VERSION:
			print(STR("xvd2vd " XVD2VD_VERSION "\n"));
			return 1;
		default:
			return bad_option(c, argv, e);
		}
	}
	for (int i = optind; i < argc; i++)
		if (strv_adds(&a->session.undo_only, argv[i]) < 0)
			return err_oom(e);
	if (a->disks && !a->root)
		return err_set(e, -EINVAL, "--disks goes with --root");
	return check_ends(a, e);
}

/* --- the target ------------------------------------------------------------------------ */

static int look(struct session *s, struct err *e)
{
	return run_open(s, PROBE_LOOK, e);
}

static int write_at_once(struct session *s, struct err *e)
{
	return run_open(s, PROBE_WRITE, e);
}

static int open_target(struct args *a,
	int (*open_guest)(struct session *s, struct err *e), struct err *e)
{
	a->session.offline = a->offline;
	if (a->root)
		return target_open(&a->session, a->root, a->disks, e);
	if (geteuid() != 0)
		return err_set(e, -EPERM,
			"needs root to mount this machine's disks; or give --root");
	a->mounted = true;
	return open_guest(&a->session, e);
}

/* --- output ----------------------------------------------------------------------------- */

/* By the names that locale(7) has for it, in its order. */
static bool shows_utf8(int fd)
{
	static const char *const vars[] = {"LC_ALL", "LC_CTYPE", "LANG"};

	for (size_t i = 0; i < ARRAY_SIZE(vars); i++) {
		const char *v = getenv(vars[i]);

		if (v && *v)
			return isatty(fd) &&
			       (strcasestr(v, "utf-8") || strcasestr(v, "utf8"));
	}
	return false;
}

static int finish(struct args *a, const char *mode, bool dry)
{
	const struct report r = session_report(&a->session, mode, dry);
	cleanup_(strbuf_done) struct strbuf out = {0};
	struct err e;

	progress_result(&r);
	if (a->json) {
		if (report_json(&r, &out, &e) < 0)
			return fail_usage(&e);
		strbuf_addc(&out, '\n');
	} else {
		if (r.guest)
			report_guest_text(r.guest, &out);
		report_filesystems_text(r.filesystems, &out);
		if (r.plan) {
			report_map_text(r.plan, shows_utf8(STDOUT_FILENO), &out);
			report_plan_text(r.plan, &out);
		}
		if (a->diff && r.plan)
			report_diff_text(&a->session.snap, r.plan, &out);
		if (r.verdict)
			report_checks_text(r.verdict, strcmp(mode, "verify") != 0, &out);
		if (!r.message)
			report_verdict_text(&r, &out);
	}
	print(strbuf_str(&out));
	if (r.message)
		complain(result_name(r.result), r.message);
	return result_status(r.result);
}

/* False: the session says why not. */
static bool confirmed(struct args *a, const char *question)
{
	const bool ask = isatty(STDIN_FILENO);
	char answer[16];

	if (a->yes)
		return true;
	if (ask)
		fprintf(stderr, "%s [y/N] ", question);
	if (ask && fgets(answer, sizeof(answer), stdin) &&
		(answer[0] == 'y' || answer[0] == 'Y'))
		return true;
	err_set(&a->session.err, -ECANCELED, "%s; nothing was touched",
		ask ? "not confirmed" : "not a terminal: say --yes to do it");
	a->session.result = RESULT_USAGE;
	return false;
}

/* --- commands --------------------------------------------------------------------------- */

static void print_scan(const struct args *a, const struct guest *g)
{
	cleanup_(strbuf_done) struct strbuf out = {0};
	struct err e;

	if (report_scan_json(&a->session.machine, g, &out, &e) < 0)
		complain("", e.text);
	strbuf_addc(&out, '\n');
	print(strbuf_str(&out));
}

static int cmd_scan(struct args *a)
{
	struct session *s = &a->session;
	cleanup_(strbuf_done) struct strbuf out = {0};
	const bool ok = session_scan(s);

	if (a->json) {
		print_scan(a, ok ? &s->guest : NULL);
	} else if (ok) {
		report_guest_text(&s->guest, &out);
		print(strbuf_str(&out));
	}
	if (ok)
		return 0;
	complain("", s->err.text);
	return result_status(s->result);
}

static int cmd_plan(struct args *a)
{
	if (session_scan(&a->session) && session_plan(&a->session))
		(void)!finish(a, "plan", true);
	else
		return finish(a, "plan", true);
	return 0;
}

/* In the guest, for `status`. */
static void leave_report(struct session *s, const char *mode)
{
	const struct report r = session_report(s, mode, false);
	cleanup_(strbuf_done) struct strbuf json = {0};
	struct err e;

	if (report_json(&r, &json, &e) < 0 ||
		run_save_report(s, strbuf_str(&json), &e) < 0)
		complain("report", e.text);
}

static int cmd_apply(struct args *a)
{
	struct session *s = &a->session;
	struct found found = {0};
	cleanup_(strbuf_done) struct strbuf text = {0};

	if (!run_plan(s) || !guard_pass(s, &found))
		return finish(a, "auto", false);
	if (s->plan.n_steps) {
		report_map_text(&s->plan, shows_utf8(STDERR_FILENO), &text);
		report_plan_text(&s->plan, &text);
		if (!a->yes && isatty(STDIN_FILENO))
			print_to(stderr, strbuf_str(&text));
		if (!confirmed(a, "Change the guest like this?"))
			return finish(a, "auto", false);
	}
	run_apply(s, &found);
	leave_report(s, "auto");
	return finish(a, "auto", false);
}

static int cmd_verify(struct args *a)
{
	if (session_scan(&a->session) && session_verify(&a->session))
		a->session.result = RESULT_UNCHANGED;
	return finish(a, "verify", false);
}

static int cmd_undo(struct args *a)
{
	struct session *s = &a->session;
	cleanup_(strv_done) struct strv paths = {0};
	cleanup_(strbuf_done) struct strbuf text = {0};

	if (!session_recover(s) ||
		!confirmed(a, s->undo_only.n ? "Put these files back?"
					     : "Put back what the last apply changed?"))
		return finish(a, "undo", false);
	session_undo(s, &paths);
	undo_text(s, &paths, &text);
	if (!a->json)
		print(strbuf_str(&text));
	leave_report(s, "undo");
	if (s->undo_only.n && s->result == RESULT_UNDONE && !a->json)
		return 0; /* the rest of the repair stays, as was said */
	return finish(a, "undo", false);
}

static int cmd_status(struct args *a)
{
	cleanup_(strbuf_done) struct strbuf out = {0};
	struct err e;

	if (status_text(&a->session.root, a->json, &out, &e) < 0)
		return fail_usage(&e);
	print(strbuf_str(&out));
	return 0;
}

static const struct command {
	const char *name;
	int (*run)(struct args *a);
	int (*open)(struct session *s, struct err *e); /* this machine's own guest */
} commands[] = {
	{"scan", cmd_scan, look},
	{"plan", cmd_plan, look},
	{"apply", cmd_apply, run_begin},
	{"verify", cmd_verify, look},
	{"undo", cmd_undo, write_at_once},
	{"status", cmd_status, look},
};

/* No guest was found, or no tree: the machine is described all the same. */
static int no_target(struct args *a, const struct command *c, int r, const struct err *e)
{
	enum result result = a->mounted ? run_open_result(r) : RESULT_USAGE;
	const struct report said = {.result = result, .message = e->text};

	if (c->run == cmd_scan && a->json && a->session.machine.n_disks)
		print_scan(a, NULL);
	complain("", e->text);
	progress_result(&said);
	return result_status(result);
}

/* As finish= or on-fail= say, once the guest is unmounted. */
static int end_machine(const struct options *o, int status)
{
	const int how = status == 0 || status == 4 ? o->finish : o->on_fail;
	struct err e;

	if (how == FINISH_SHELL ||
		power_ask(how == FINISH_POWEROFF ? POWER_OFF : POWER_REBOOT, &e) >= 0)
		return status;
	complain("", e.text);
	return status ? status : 1;
}

static int act(struct args *a, const struct command *c)
{
	struct err e = {0};
	int r;

	progress_begin();
	r = open_target(a, c->open, &e);
	return r < 0 ? no_target(a, c, r, &e) : c->run(a);
}

static int run_command(const struct command *c, int argc, char **argv)
{
	struct args a = {0};
	struct err e = {0};
	int status, r;

	session_init(&a.session);
	/* As a command it ends in the shell, or the unit, that it came from; unless asked. */
	a.session.options.finish = a.session.options.on_fail = FINISH_SHELL;
	a.session.progress = progress_step;
	r = parse(argc, argv, &a, &e);
	if (r == 0 && a.diff && c->run != cmd_plan)
		r = err_set(&e, -EINVAL, "--diff goes with plan");
	if (r == 0 && a.session.undo_only.n && c->run != cmd_undo)
		r = err_set(&e, -EINVAL, "unexpected argument \"%s\"",
			a.session.undo_only.v[0]);
	if (r < 0)
		status = fail_usage(&e);
	else if (r > 0)
		status = 0;
	else
		status = act(&a, c);
	if (a.mounted) {
		run_release(&a.session);
		status = end_machine(&a.session.options, status);
	}
	session_done(&a.session);
	return status;
}

/* What was printed is only told once it is written: a full disk or a closed stdout. */
static int flushed(int status)
{
	const bool lost = fflush(stdout) != 0 || ferror(stdout);

	if (lost)
		complain("cannot write the output", strerror(errno));
	return lost && !status ? 1 : status;
}

/* A stream the caller has closed must not become the number of a file of the guest's. Not
 * writable, so that what is printed there counts as lost. */
static void hold_streams(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int cli_main(int argc, char **argv)
{
	hold_streams();
	for (size_t i = 0; argc > 1 && i < ARRAY_SIZE(commands); i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return flushed(run_command(&commands[i], argc - 1, argv + 1));
	if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
		print(str_from(usage));
		return flushed(0);
	}
	if (argc > 1 && strcmp(argv[1], "--version") == 0) {
		print(STR("xvd2vd " XVD2VD_VERSION "\n"));
		return flushed(0);
	}
	fputs(usage, stderr);
	return result_status(RESULT_USAGE);
}

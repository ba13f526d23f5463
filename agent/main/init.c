/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PID 1 of the rescue system. See init.h. */
#include <errno.h>
#include <jansson.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/reboot.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "main/init.h"
#include "main/init_switch.h"
#include "sys/clock.h"
#include "sys/mount.h"

enum {
	WORKER_MS = 30 * 60 * 1000, /* of a whole run */
	FINISH_MS = 3 * 60 * 1000,
	GRACE_MS = 10 * 1000, /* for a killed process to be gone */

	ENDED_BADLY = -1,
	ASKED_TO_REBOOT = -2, /* by Ctrl-Alt-Del */
};

void boot_say(const struct boot *b, const char *fmt, ...)
{
	char text[600];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (b->run.console)
		console_line(b->run.console, str_from(text));
	else
		(void)!write(STDERR_FILENO, text, strlen(text));
}

void boot_report(struct boot *b, enum result result, const char *message)
{
	const struct report r = {.mode = options_mode_name(&b->run.options),
		.result = result,
		.message = message,
		.timing = {.kernel = b->run.kernel_ms,
			.devices = b->run.devices_ms,
			.total = (unsigned)clock_ms(CLOCK_BOOTTIME)}};
	cleanup_(strbuf_done) struct strbuf json = {0};

	b->run.result = result;
	b->run.status = result_status(result);
	b->done = true;
	boot_say(b, "%s: %s", result_name(result), message);
	if (b->run.console && report_json(&r, &json, NULL) >= 0)
		(void)!console_report(b->run.console, strbuf_str(&json), NULL);
}

/* Adopted processes are reaped too. True when `pid` has ended. */
static bool reap(pid_t pid, int *ret_status)
{
	bool ended = false;
	int status;
	pid_t p;

	while ((p = waitpid(-1, &status, WNOHANG)) > 0)
		if (p == pid) {
			*ret_status = status;
			ended = true;
		}
	return ended;
}

/* Waits for `pid` to end: its wait status, or that Ctrl-Alt-Del was pressed, or (-ETIME)
 * that the time is over; 0 ms: no deadline. */
static int await(pid_t pid, const sigset_t *signals, unsigned timeout_ms, int *ret_status)
{
	int64_t end = clock_ms(CLOCK_MONOTONIC) + timeout_ms;

	while (!reap(pid, ret_status)) {
		int64_t left = timeout_ms ? end - clock_ms(CLOCK_MONOTONIC) : 3600 * 1000;
		struct timespec t = {left / 1000, left % 1000 * 1000000};

		if (left <= 0)
			return -ETIME;
		if (sigtimedwait(signals, NULL, &t) == SIGINT)
			return -EINTR;
	}
	return 0;
}

/* Everything but ourselves: what the child has started may have left its process group. */
static void kill_all(pid_t child, const sigset_t *signals)
{
	int status;

	if (getpid() == 1)
		kill(-1, SIGKILL);
	else
		kill(-child, SIGKILL);
	(void)!await(child, signals, GRACE_MS, &status);
}

static pid_t start(struct boot *b, int (*child)(struct boot *b, enum finish how),
	enum finish how, const sigset_t *signals)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	setsid();
	sigprocmask(SIG_UNBLOCK, signals, NULL);
	_exit(child(b, how));
}

/* The child's exit status, or one of the two negative answers above. */
static int supervise(struct boot *b, int (*child)(struct boot *b, enum finish how),
	enum finish how, unsigned timeout_ms, const sigset_t *signals, char *why,
	size_t room)
{
	pid_t pid = start(b, child, how, signals);
	int status = 0, r;

	if (pid < 0) {
		snprintf(why, room, "cannot fork: %s", strerror(errno));
		return ENDED_BADLY;
	}
	r = await(pid, signals, timeout_ms, &status);
	if (r == 0 && WIFEXITED(status))
		return WEXITSTATUS(status);
	if (r == 0) {
		snprintf(why, room, "the agent was killed by signal %d (%s)",
			WTERMSIG(status), strsignal(WTERMSIG(status)));
		return ENDED_BADLY;
	}
	kill_all(pid, signals);
	if (r == -EINTR)
		return ASKED_TO_REBOOT;
	snprintf(why, room, "not done after %u minutes", timeout_ms / 60000);
	return ENDED_BADLY;
}

static int work(struct boot *b, enum finish how)
{
	(void)how;
	return worker_main(b);
}

/* The last resort, and the end of every run that is not the menu's. */
static _Noreturn void power(enum finish how, const sigset_t *signals)
{
	int status;

	sync();
	reboot(how == FINISH_POWEROFF ? RB_POWER_OFF : RB_AUTOBOOT);
	/* No such power (a container, a broken firmware): PID 1 must not end. */
	for (;;)
		(void)!await(-1, signals, 0, &status);
}

static enum finish choose(const struct boot *b)
{
	if (b->run.options.mode == MODE_SHELL)
		return FINISH_SHELL;
	if (b->done && (b->run.status == 0 || b->run.status == 4))
		return (enum finish)b->run.options.finish;
	return (enum finish)b->run.options.on_fail;
}

static int recover(struct boot *b, enum finish how)
{
	struct err e = {0};

	(void)how;
	if (run_recover(&b->run.options, &e) >= 0)
		return 0;
	boot_say(b, "recovery: %s", e.text);
	return 1;
}

/* The worker crashed, hung or was killed: what it left half-done is taken back or finished,
 * by a child of its own again. */
static void clean_up(struct boot *b, const char *why, const sigset_t *signals)
{
	char text[500], trouble[200] = "it failed";
	int r = supervise(b, recover, 0, FINISH_MS, signals, trouble, sizeof(trouble));

	if (r == 0)
		snprintf(text, sizeof(text), "%s; nothing half-done is left in the guest",
			why);
	else
		snprintf(text, sizeof(text),
			"%s; what it left half-done is still to be taken back, which the "
			"next "
			"run does (recovery: %s)",
			why, trouble);
	boot_report(b, RESULT_FAILED, text);
}

static void do_work(struct boot *b, const sigset_t *signals)
{
	char why[200] = "it ended without a word";
	int r = supervise(b, work, 0, WORKER_MS, signals, why, sizeof(why));

	if (r == ASKED_TO_REBOOT)
		power(FINISH_REBOOT, signals);
	if (b->switch_root) {
		struct err e = {0};

		if (init_switch_root(RUN_TARGET, &e) < 0)
			boot_report(b, RESULT_FAILED, e.text);
	}
	if (r < 0 || !b->done)
		clean_up(b, why, signals);
}

static _Noreturn void do_finish(struct boot *b, const sigset_t *signals)
{
	enum finish how = choose(b);
	char why[200] = "";

	for (int tries = 0; tries < 3; tries++) {
		int r = supervise(b, finish_main, how,
			how == FINISH_SHELL ? 0 : FINISH_MS, signals, why, sizeof(why));

		if (r == ASKED_TO_REBOOT)
			break;
		if (r < 0)
			boot_say(b, "%s", why);
		/* The menu says how to go on; the others return only where they failed. */
		if (how != FINISH_SHELL)
			break;
		how = r == FINISH_POWEROFF || r == FINISH_REBOOT ? (enum finish)r : how;
		if (tries == 2 && how == FINISH_SHELL)
			how = FINISH_POWEROFF;
	}
	power(how, signals);
}

/* A live system's root is on a disk: there we must not mount, kill and reboot. */
static bool in_initramfs(void)
{
	struct statfs st;

	return statfs("/", &st) == 0 &&
	       (st.f_type == RAMFS_MAGIC || st.f_type == TMPFS_MAGIC);
}

int init_main(int argc, char **argv)
{
	unsigned started = (unsigned)clock_ms(CLOCK_BOOTTIME);
	struct err e = {0};
	sigset_t signals;
	struct boot *b;

	(void)argc, (void)argv;
	if (getpid() != 1 && !in_initramfs()) {
		fputs("init: only for the rescue system; the command is xvd2vd\n",
			stderr);
		return 2;
	}
	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	if (getpid() == 1)
		reboot(RB_DISABLE_CAD); /* Ctrl-Alt-Del becomes SIGINT */

	b = mmap(NULL, sizeof(*b), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		0);
	if (b == MAP_FAILED)
		power(FINISH_POWEROFF, &signals);
	options_init(&b->run.options);
	b->run.as_init = true;
	b->run.kernel_ms = started;
	b->run.result = RESULT_FAILED;
	b->run.status = result_status(RESULT_FAILED);
	/* Jansson would read /dev/urandom, for which a kernel that has just started collects
	 * entropy for a second or two. Its seed guards parsers of hostile keys: we only
	 * print. */
	json_object_seed((size_t)clock_ms(CLOCK_REALTIME) | 1);
	if (mount_api(&e) < 0 || console_new(true, &b->run.console, &e) < 0)
		boot_say(b, "%s", e.text);
	do_work(b, &signals);
	do_finish(b, &signals);
}

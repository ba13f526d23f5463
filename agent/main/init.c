/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PID 1 of the rescue system. See init.h. */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/reboot.h>
#include <sys/sysinfo.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "main/init.h"
#include "main/init_switch.h"
#include "main/takeover.h"
#include "sys/clock.h"
#include "sys/mount.h"

enum {
	WORKER_MS = 30 * 60 * 1000, /* of a whole run */
	FINISH_MS = 3 * 60 * 1000,  /* of a recovery, too */
	SYNC_MS = 60 * 1000,
	GRACE_MS = 10 * 1000, /* for killed processes to be gone */
	MENUS_MAX = 3,        /* that crash, before it powers off */

	ENDED_BADLY = -1,
	ASKED_TO_REBOOT = -2, /* by Ctrl-Alt-Del */
	NOT_RECOVERED = 9,    /* else an enum txn_recovery */
};

/* Ours; what the children know of it lies where a mad one can write. */
static struct console *console;

void boot_say(const struct boot *b, const char *fmt, ...)
{
	char text[1100];
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
	if (!b->run.console || report_json(&r, &json, NULL) < 0)
		return;
	/* Whoever wrote before us may have been killed within a line. */
	(void)!console_report(b->run.console, STR(""), NULL);
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

/* Everything but ourselves: what the child has started may have left its process group, and
 * may write to the guest. Who waits for a disk that does not answer stays. */
static void kill_all(pid_t child)
{
	int64_t end = clock_ms(CLOCK_MONOTONIC) + GRACE_MS;
	const struct timespec pause = {.tv_nsec = 10 * 1000 * 1000};

	if (getpid() == 1)
		kill(-1, SIGKILL);
	else
		kill(-child, SIGKILL);
	/* All of them become our children. */
	while (waitpid(-1, NULL, WNOHANG) >= 0 && clock_ms(CLOCK_MONOTONIC) < end)
		nanosleep(&pause, NULL);
	/* By this the children see that udevd is to be started again. */
	unlink("/run/udev/control");
}

/* After a child that crashed: nothing of what it shares with us leads anywhere else. */
static void distrust(struct boot *b)
{
	struct options *o = &b->run.options;

	b->run.console = console;
	if (o->mode < MODE_AUTO || o->mode > MODE_BOOT)
		o->mode = MODE_AUTO;
	if (o->finish < FINISH_REBOOT || o->finish > FINISH_EJECT)
		o->finish = FINISH_POWEROFF;
	if (o->on_fail < FINISH_REBOOT || o->on_fail > FINISH_SHELL)
		o->on_fail = FINISH_POWEROFF;
	o->map[sizeof(o->map) - 1] = o->root[sizeof(o->root) - 1] = '\0';
	b->trouble[sizeof(b->trouble) - 1] = '\0';
}

/* How many processes the kernel has killed for their memory. */
static unsigned long oom_kills(void)
{
	static const char key[] = "\noom_kill ";
	int fd = open("/proc/vmstat", O_RDONLY | O_CLOEXEC);
	ssize_t n = 0, one;
	const char *at;
	char buf[16384];

	while (fd >= 0 && n < (ssize_t)sizeof(buf) - 1 &&
		(one = read(fd, buf + n, sizeof(buf) - 1 - (size_t)n)) > 0)
		n += one;
	if (fd >= 0)
		close(fd);
	buf[n] = '\0';
	at = strstr(buf, key);
	return at ? strtoul(at + strlen(key), NULL, 10) : 0;
}

static void explain_signal(int sig, bool oom, char *why, size_t room)
{
	struct sysinfo si;
	int n = snprintf(
		why, room, "the agent was killed by signal %d (%s)", sig, strsignal(sig));

	if (oom && sig == SIGKILL && n < (int)room && sysinfo(&si) == 0)
		snprintf(why + n, room - (size_t)n,
			": out of memory, this machine has %lu MB",
			(unsigned long)((uint64_t)si.totalram * si.mem_unit >> 20));
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

/* The child's exit status, or one of the two negative answers above; then nothing that it
 * started is left. */
static int supervise(struct boot *b, int (*child)(struct boot *b, enum finish how),
	enum finish how, unsigned timeout_ms, const sigset_t *signals, char *why,
	size_t room)
{
	const unsigned long killed = oom_kills();
	pid_t pid = start(b, child, how, signals);
	int status = 0, r;

	if (pid < 0) {
		snprintf(why, room, "cannot fork: %s", strerror(errno));
		return ENDED_BADLY;
	}
	r = await(pid, signals, timeout_ms, &status);
	if (r == 0 && WIFEXITED(status))
		return WEXITSTATUS(status);
	kill_all(pid);
	distrust(b);
	if (r == -EINTR) {
		snprintf(why, room, "stopped by Ctrl-Alt-Del");
		return ASKED_TO_REBOOT;
	}
	if (r == 0)
		explain_signal(WTERMSIG(status), oom_kills() > killed, why, room);
	else
		snprintf(why, room, "not done after %u minutes", timeout_ms / 60000);
	return ENDED_BADLY;
}

static int work(struct boot *b, enum finish how)
{
	(void)how;
	return worker_main(b);
}

static int write_back(struct boot *b, enum finish how)
{
	(void)b, (void)how;
	sync();
	return 0;
}

/* The last resort, and the end of every run that is not the menu's. */
static _Noreturn void power(struct boot *b, enum finish how, const sigset_t *signals)
{
	char why[100];
	int status;

	/* Not by ourselves: a disk that does not answer would hold us for ever. */
	if (b)
		(void)supervise(b, write_back, how, SYNC_MS, signals, why, sizeof(why));
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
	int r;

	(void)how;
	r = b->run.writes ? run_recover(&b->run.options, &e)
			  : mount_release(RUN_TARGET, &e);
	if (r < 0)
		snprintf(b->trouble, sizeof(b->trouble), "%s", e.text);
	return r < 0 ? NOT_RECOVERED : r;
}

/* The worker crashed, hung or was killed: what it left half-done is taken back or finished,
 * by a child of its own again. */
static void clean_up(struct boot *b, const char *why, const sigset_t *signals)
{
	char text[1000];
	const char *said = b->run.reported ? "after its report: " : "";
	int r = supervise(
		b, recover, 0, FINISH_MS, signals, b->trouble, sizeof(b->trouble));

	if (!b->run.writes)
		snprintf(text, sizeof(text), "%s%s; nothing was changed", said, why);
	else if (r >= 0 && r < NOT_RECOVERED)
		snprintf(text, sizeof(text),
			"%s%s; nothing half-done is left in the guest%s", said, why,
			r == TXN_ROLLED_BACK      ? ": what was begun is taken back"
			: r == TXN_ROLLED_FORWARD ? ": what was decided is finished"
						  : "");
	else
		snprintf(text, sizeof(text),
			"%s%s; what is half-done in the guest the next run takes back "
			"(recovery: %s)",
			said, why, b->trouble);
	if (!b->run.reported) {
		boot_report(b, RESULT_FAILED, text);
		return;
	}
	/* The first report is the one that counts, and so is the end that it asks for. */
	boot_say(b, "%s", text);
	b->done = true;
}

/* True where it was stopped by Ctrl-Alt-Del. */
static bool do_work(struct boot *b, const sigset_t *signals)
{
	char why[200] = "it ended without a word";
	int r = supervise(b, work, 0, WORKER_MS, signals, why, sizeof(why));
	struct err e = {0};

	if (r >= 0 && b->switch_root && init_switch_root(RUN_TARGET, NULL, &e) < 0)
		boot_report(b, RESULT_FAILED, e.text);
	if (r < 0 || !b->done)
		clean_up(b, why, signals);
	return r == ASKED_TO_REBOOT;
}

static _Noreturn void do_finish(struct boot *b, enum finish how, const sigset_t *signals)
{
	char why[200] = "";
	int r;

	/* The menu says how to go on; it crashes rather than fails. */
	for (int crashes = 0; how == FINISH_SHELL;) {
		r = supervise(b, finish_main, how, 0, signals, why, sizeof(why));
		if (r == FINISH_POWEROFF || r == FINISH_REBOOT)
			how = (enum finish)r;
		else if (r == ASKED_TO_REBOOT)
			how = FINISH_REBOOT;
		else if (++crashes == MENUS_MAX)
			how = FINISH_POWEROFF;
		if (r < 0)
			boot_say(b, "%s", why);
	}
	/* Returns only where it failed. */
	if (supervise(b, finish_main, how, FINISH_MS, signals, why, sizeof(why)) < 0)
		boot_say(b, "%s", why);
	power(b, how, signals);
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
		power(NULL, FINISH_POWEROFF, &signals);
	options_init(&b->run.options);
	b->run.as_init = true;
	b->run.kernel_ms = started;
	b->run.result = RESULT_FAILED;
	b->run.status = result_status(RESULT_FAILED);
	/* Jansson would read /dev/urandom, for which a kernel that has just started collects
	 * entropy for a second or two. Its seed guards parsers of hostile keys: we only
	 * print. */
	json_object_seed((size_t)clock_ms(CLOCK_REALTIME) | 1);
	if (mount_api(&e) < 0 || console_new(true, &console, &e) < 0)
		boot_say(b, "%s", e.text);
	b->run.console = console;
	if (takeover(&e) < 0)
		boot_say(b, "%s; what is here has to serve", e.text);
	do_finish(b, do_work(b, &signals) ? FINISH_REBOOT : choose(b), &signals);
}

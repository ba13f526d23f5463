/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes the place of systemd-udevd in the rescue system of test-worker: starts it all the same,
 * as the agent's worker asks for, and behind it waits for a moment of the repair and does harm.
 * /saboteur holds the names of both. */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <linux/fs.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define GUEST "/run/xvd2vd/guest"

static pid_t worker;

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_NOCTTY);

	if (fd >= 0)
		(void)!write(fd, text, strlen(text));
	close(fd);
}

/* ---- moments ------------------------------------------------------------------------------ */

static bool at_once(void)
{
	return true;
}

/* The third copy in the journal's folder: changes are being staged, none is committed. */
static bool is_staging(void)
{
	glob_t found = {0};
	bool yes = glob(GUEST "/var/lib/xvd2vd/0*/5", GLOB_NOSORT, NULL, &found) == 0;

	globfree(&found);
	return yes;
}

/* The new fstab is in its place: behind the commit record. */
static bool is_published(void)
{
	int fd = open(GUEST "/etc/fstab", O_RDONLY);
	char text[4096];
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text));

	close(fd);
	return n > 0 && !memmem(text, (size_t)n, "xvda", 4);
}

/* ---- harm --------------------------------------------------------------------------------- */

static void crash(void)
{
	kill(worker, SIGSEGV);
}

static void stop(void)
{
	kill(worker, SIGSTOP);
}

/* Ctrl-Alt-Del. */
static void press_keys(void)
{
	kill(1, SIGINT);
}

/* Uses up the memory until the kernel kills; the worker is what it takes first, and does not
 * come to its end before that. */
static void exhaust(void)
{
	const size_t step = 1 << 20;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/oom_score_adj", worker);
	put(path, "1000");
	put("/proc/self/oom_score_adj", "-1000");
	kill(worker, SIGSTOP);
	while (kill(worker, 0) == 0) {
		char *p = mmap(NULL, step, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

		if (p != MAP_FAILED)
			memset(p, 1, step);
	}
}

/* Whoever writes to the guest waits for ever, and no signal reaches it: a disk that does not
 * answer. */
static void freeze(void)
{
	ioctl(open(GUEST, O_RDONLY | O_DIRECTORY), FIFREEZE, 0);
}

/* The recovery dies where it writes its first byte. */
static void crash_and_recovery(void)
{
	const struct rlimit none = {0, 0};

	prlimit(1, RLIMIT_FSIZE, &none, NULL);
	crash();
}

/* The next child of PID 1's is dead before it has run. */
static void crash_next(void)
{
	int status;
	pid_t pid;

	if (ptrace(PTRACE_SEIZE, 1, 0, PTRACE_O_TRACEFORK) < 0)
		return;
	while ((pid = waitpid(-1, &status, __WALL)) > 0) {
		if (pid != 1)
			kill(pid, SIGSEGV);
		ptrace(pid == 1 ? PTRACE_CONT : PTRACE_DETACH, pid, 0, 0);
	}
}

static const struct {
	const char *name;
	bool (*when)(void);
} moments[] = {{"once", at_once}, {"staging", is_staging}, {"published", is_published}};

static const struct {
	const char *name;
	void (*harm)(void);
} harms[] = {
	{"crash", crash},
	{"stop", stop},
	{"oom", exhaust},
	{"keys", press_keys},
	{"freeze", freeze},
	{"crash-and-recovery", crash_and_recovery},
	{"crash-next", crash_next},
};

static void sabotage(const char *when, const char *harm)
{
	const struct sched_param first = {.sched_priority = 1};
	const struct sched_param usual = {0};
	const struct timespec pause = {.tv_nsec = 500 * 1000};
	bool (*is_now)(void) = NULL;
	char text[100];

	for (size_t i = 0; i < sizeof(moments) / sizeof(*moments); i++)
		if (!strcmp(moments[i].name, when))
			is_now = moments[i].when;
	sched_setscheduler(0, SCHED_FIFO, &first);
	while (is_now && !is_now())
		nanosleep(&pause, NULL);
	for (size_t i = 0; is_now && i < sizeof(harms) / sizeof(*harms); i++) {
		if (strcmp(harms[i].name, harm))
			continue;
		snprintf(text, sizeof(text), "saboteur: %s, %s\n", when, harm);
		put("/dev/console", text);
		sched_setscheduler(0, SCHED_OTHER, &usual);
		harms[i].harm();
	}
}

int main(int argc, char **argv)
{
	char when[32], harm[32];
	FILE *f = fopen("/saboteur", "re");

	(void)argc;
	if (!f || fscanf(f, "%31s %31s", when, harm) != 2)
		return 1;
	fclose(f);
	worker = getppid();
	if (fork() == 0) {
		setsid();
		sabotage(when, harm);
		return 0;
	}
	argv[0] = (char *)"systemd-udevd";
	execv("/usr/bin/udevadm", argv);
	return 1;
}

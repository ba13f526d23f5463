/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See spawn_child.h. */
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/spawn_child.h"

pid_t spawn_fork(bool private_ns)
{
	if (!private_ns)
		return fork();
	/* Raw, since glibc's clone() wants a stack; as fork() in a single thread. */
	return (pid_t)syscall(
		SYS_clone, CLONE_NEWPID | CLONE_NEWNS | SIGCHLD, NULL, NULL, NULL, NULL);
}

static void __attribute__((noreturn)) fail(int failure, const char *what)
{
	struct spawn_failure f = {.code = errno};

	strncpy(f.what, what, sizeof(f.what) - 1);
	(void)!write(failure, &f, sizeof(f));
	_exit(127);
}

static void reset_signals(void)
{
	sigset_t none;

	for (int sig = 1; sig < NSIG; sig++)
		(void)signal(sig, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* The first process of the namespace: lives as long as the program, reaps what the program
 * leaves behind; when it ends the kernel kills all the others. */
static void init_of_namespace(pid_t program)
{
	int status;
	pid_t pid;

	while ((pid = wait(&status)) != program)
		if (pid < 0 && errno != EINTR)
			_exit(127);
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

/* Taken hold of before the chroot. -1: it is not there. */
static void open_binds(const struct spawn *s, int *ret_trees, int failure)
{
	for (size_t i = 0; s->private_ns && i < s->n_binds && i < SPAWN_BINDS_MAX; i++) {
		ret_trees[i] = open_tree(AT_FDCWD, s->binds[i].from,
			OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
		if (ret_trees[i] < 0 && errno != ENOENT)
			fail(failure, "bind");
	}
}

static void place_binds(const struct spawn *s, const int *trees, int failure)
{
	for (size_t i = 0; s->private_ns && i < s->n_binds && i < SPAWN_BINDS_MAX; i++) {
		if (trees[i] < 0)
			continue;
		if (move_mount(trees[i], "", AT_FDCWD, s->binds[i].to,
			    MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_SYMLINKS) < 0 &&
			errno != ENOENT)
			fail(failure, "bind");
		close(trees[i]);
	}
}

void spawn_child(const struct spawn *s, char **env, int output, int failure)
{
	int null, trees[SPAWN_BINDS_MAX];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	reset_signals();
	/* A session of its own: its own process group, and no terminal to ask on. */
	setsid();
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null < 0 || dup2(null, 0) < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0)
		fail(failure, "redirect");
	if (s->private_ns && mount(NULL, "/", NULL, MS_PRIVATE | MS_REC, NULL) < 0)
		fail(failure, "unshare");
	open_binds(s, trees, failure);
	if (s->chroot && chroot(s->chroot) < 0)
		fail(failure, "chroot");
	if (chdir("/") < 0)
		fail(failure, "chdir");
	place_binds(s, trees, failure);
	/* The numbers of the new namespace. A guest without /proc does without. */
	if (s->private_ns)
		(void)mount(
			"proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
	umask(022);
	(void)close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
	if (s->private_ns) {
		pid_t program = fork();

		if (program < 0)
			fail(failure, "fork");
		if (program > 0) {
			/* None of the pipes may stay open here. */
			(void)close_range(1, ~0U, 0);
			init_of_namespace(program);
		}
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	}
	if (s->persona && personality(s->persona) < 0)
		fail(failure, "personality");
	environ = env; /* where execvp() looks PATH up */
	execvp(s->argv[0], s->argv);
	fail(failure, "exec");
}

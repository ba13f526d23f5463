/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See child.h. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "host/child.h"

enum { ERR_MAX = 16 * 1024 };

long long child_now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void no_cloexec(int fd)
{
	int flags = fcntl(fd, F_GETFD);

	if (flags >= 0)
		fcntl(fd, F_SETFD, flags & ~FD_CLOEXEC);
}

/* Between fork and exec; tells the parent through `status_fd` (close-on-exec) what failed. */
static _Noreturn void run_child(char *const *argv, int out_fd, int err_fd,
	const int *keep, int status_fd, pid_t parent)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC), code;
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	/* The terminal's Ctrl-C is the launcher's to handle: it lets QEMU end in order. */
	setpgid(0, 0);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
		_exit(127);
	for (; keep && *keep >= 0; keep++)
		no_cloexec(*keep);
	if (null >= 0 && dup2(null, 0) >= 0 && dup2(out_fd, 1) >= 0 &&
		dup2(err_fd, 2) >= 0)
		execvp(argv[0], argv);
	code = errno;
	if (write(status_fd, &code, sizeof(code)) < 0)
		_exit(126);
	_exit(127);
}

static int start(char *const *argv, int out_fd, int err_fd, const int *keep, pid_t *ret,
	struct err *e)
{
	cleanup_(close_fd) int reader = -1, writer = -1;
	pid_t pid, parent = getpid();
	int fds[2], code = 0;
	ssize_t n;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_errno(e, -errno, "pipe");
	reader = fds[0];
	writer = fds[1];
	pid = fork();
	if (pid < 0)
		return err_errno(e, -errno, "fork");
	if (!pid)
		run_child(argv, out_fd, err_fd, keep, writer, parent);
	close_fd(&writer);
	do
		n = read(reader, &code, sizeof(code));
	while (n < 0 && errno == EINTR);
	if (n == 0) {
		*ret = pid;
		return 0;
	}
	child_stop(pid, 0);
	return err_errno(e, code > 0 ? -code : -EIO, "%s", argv[0]);
}

int child_start(char *const *argv, int out_fd, const int *keep, pid_t *ret, struct err *e)
{
	return start(argv, out_fd, out_fd, keep, ret, e);
}

int child_stop(pid_t pid, unsigned grace_ms)
{
	long long until = child_now_ms() + grace_ms;
	int status = 0;

	if (grace_ms)
		kill(-pid, SIGTERM);
	while (child_now_ms() < until) {
		const struct timespec nap = {0, 20 * 1000 * 1000};
		pid_t got = waitpid(pid, &status, WNOHANG);

		if (got == pid || (got < 0 && errno != EINTR))
			return status;
		nanosleep(&nap, NULL);
	}
	kill(-pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

/* Appends what is there; false at the end of the stream. What passes `max` is dropped. */
static bool drain(int fd, struct strbuf *b, size_t max)
{
	char buf[8192];
	ssize_t n = read(fd, buf, sizeof(buf));

	if (n < 0)
		return errno == EINTR || errno == EAGAIN;
	strbuf_add(b, str_upto((struct str){buf, (size_t)n}, max - b->n));
	return n > 0;
}

int child_run(const struct child_run *c, struct err *e)
{
	cleanup_(close_fd) int out = -1, err = -1, out_w = -1, err_w = -1;
	long long until = child_now_ms() + c->timeout_s * 1000LL;
	int fds[2], status, r;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_errno(e, -errno, "pipe");
	out = fds[0];
	out_w = fds[1];
	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_errno(e, -errno, "pipe");
	err = fds[0];
	err_w = fds[1];
	r = start(c->argv, out_w, err_w, NULL, &pid, e);
	if (r < 0)
		return r;
	close_fd(&out_w);
	close_fd(&err_w);
	while (out >= 0 || err >= 0) {
		struct pollfd p[] = {{out, POLLIN, 0}, {err, POLLIN, 0}};
		long long left = until - child_now_ms();

		if (left <= 0) {
			child_stop(pid, 0);
			return err_set(e, -ETIMEDOUT, "%s: no end after %u s", c->argv[0],
				c->timeout_s);
		}
		if (poll(p, 2, (int)left) < 0)
			continue;
		if (p[0].revents && !drain(out, c->out, c->out_max))
			close_fd(&out);
		if (p[1].revents && !drain(err, c->err, ERR_MAX))
			close_fd(&err);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_errno(e, -errno, "%s", c->argv[0]);
	if (strbuf_err(c->out) < 0 || strbuf_err(c->err) < 0)
		return err_oom(e);
	return !(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See spawn.h. The parent's side. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/strv.h"
#include "sys/clock.h"
#include "sys/spawn_child.h"

enum {
	OUTPUT_MAX = 64 * 1024,
	GRACE_MS = 2000, /* between SIGTERM and SIGKILL */
	LAST_LINE_MAX = 200,
};

struct run {
	const struct spawn *s;
	pid_t pid;
	int output, failure, pidfd; /* -1 when closed */
	struct strbuf text;
	bool timed_out;
	int status;
};

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void run_done(struct run *r)
{
	close_fd(&r->output);
	close_fd(&r->failure);
	close_fd(&r->pidfd);
	strbuf_done(&r->text);
}

static bool env_has(char *const *env, struct str name)
{
	for (char *const *v = env; v && *v; v++)
		if (!strncmp(*v, name.p, name.n) && (*v)[name.n] == '=')
			return true;
	return false;
}

static int make_env(char *const *given, struct strv *ret)
{
	static const char *const defaults[] = {
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		"HOME=/",
		"LC_ALL=C",
	};
	int r = 0;

	for (char *const *v = given; v && *v && r >= 0; v++)
		r = strv_adds(ret, *v);
	for (size_t i = 0; i < ARRAY_SIZE(defaults) && r >= 0; i++) {
		struct str name, value;

		if (str_cut(str_from(defaults[i]), '=', &name, &value) &&
			!env_has(given, name))
			r = strv_adds(ret, defaults[i]);
	}
	return r;
}

static int start(struct run *r, char **env, struct err *e)
{
	int output[2], failure[2];

	if (pipe2(output, O_CLOEXEC) < 0)
		return err_errno(e, -errno, "cannot make a pipe");
	r->output = output[0];
	if (pipe2(failure, O_CLOEXEC) < 0) {
		int code = -errno;

		close(output[1]);
		return err_errno(e, code, "cannot make a pipe");
	}
	r->failure = failure[0];
	r->pid = spawn_fork(r->s->private_ns);
	if (r->pid == 0)
		spawn_child(r->s, env, output[1], failure[1]);
	close(output[1]);
	close(failure[1]);
	if (r->pid < 0)
		return err_errno(e, -errno, "cannot start %s", r->s->argv[0]);
	/* Cannot fail for a child that is not reaped, but for want of fds or a kernel. */
	r->pidfd = (int)syscall(SYS_pidfd_open, r->pid, 0);
	fcntl(r->output, F_SETFL, O_NONBLOCK);
	return 0;
}

/* Reads what is there; false at the end. */
static bool take_output(struct run *r)
{
	char buf[16 * 1024];
	ssize_t n;

	while ((n = read(r->output, buf, sizeof(buf))) > 0) {
		strbuf_add(&r->text, (struct str){buf, (size_t)n});
		if (r->text.oom) { /* what it says now matters more than what it said */
			strbuf_done(&r->text);
		} else if (r->text.n > 2 * OUTPUT_MAX) {
			memmove(r->text.p, r->text.p + r->text.n - OUTPUT_MAX,
				OUTPUT_MAX);
			r->text.n = OUTPUT_MAX;
		}
	}
	return n < 0 && (errno == EAGAIN || errno == EINTR);
}

/* Follows it to its end. Its group is killed before it is reaped, while its number cannot
 * have become another's. */
static void follow(struct run *r)
{
	unsigned timeout = r->s->timeout_ms ? r->s->timeout_ms : 60000;
	int64_t end = clock_ms(CLOCK_MONOTONIC) + timeout;
	struct pollfd fds[2] = {
		{.fd = r->output, .events = POLLIN}, {.fd = r->pidfd, .events = POLLIN}};

	while (!fds[1].revents) {
		int64_t left = end - clock_ms(CLOCK_MONOTONIC);

		if (left <= 0 && r->timed_out)
			break;
		if (left <= 0) {
			r->timed_out = true;
			kill(-r->pid, SIGTERM);
			end = clock_ms(CLOCK_MONOTONIC) + GRACE_MS;
			continue;
		}
		if (poll(fds, ARRAY_SIZE(fds), left > 60000 ? 60000 : (int)left) < 0) {
			fds[0].revents = fds[1].revents = 0;
			continue;
		}
		if (fds[0].revents && !take_output(r))
			fds[0].fd = -1; /* closed, but it still runs */
	}
	kill(-r->pid, SIGKILL);
	kill(r->pid, SIGKILL); /* had it not come to its setsid() yet */
	while (waitpid(r->pid, &r->status, 0) < 0 && errno == EINTR)
		;
	take_output(r);
}

/* The last line that says anything, fit for a message. */
static void last_line(struct str text, char *ret, size_t room)
{
	struct str last = {"", 0};
	size_t n = 0;

	STR_FOREACH_LINE (line, text)
		if (str_trim(line).n)
			last = str_trim(line);
	for (; n < last.n && n < room - 1; n++)
		ret[n] = (unsigned char)last.p[n] < ' ' || last.p[n] == 0x7f ? '?'
									     : last.p[n];
	ret[n] = '\0';
}

static int judge(const struct run *r, struct err *e)
{
	char line[LAST_LINE_MAX];
	const char *colon;

	if (!r->timed_out && WIFEXITED(r->status) && WEXITSTATUS(r->status) == 0)
		return 0;
	last_line(strbuf_str(&r->text), line, sizeof(line));
	colon = *line ? ": " : "";
	if (r->timed_out)
		err_set(e, -ETIMEDOUT, "%s did not end within %u s%s%s", r->s->argv[0],
			(r->s->timeout_ms ? r->s->timeout_ms : 60000) / 1000, colon,
			line);
	else if (WIFSIGNALED(r->status))
		err_set(e, -EIO, "%s was killed by signal %d%s%s", r->s->argv[0],
			WTERMSIG(r->status), colon, line);
	else
		err_set(e, -EIO, "%s ended with status %d%s%s", r->s->argv[0],
			WEXITSTATUS(r->status), colon, line);
	return 1;
}

/* Waits until the program is executed, or what kept it from that. */
static int started(struct run *r, struct err *e)
{
	struct spawn_failure f;
	ssize_t n;

	do
		n = read(r->failure, &f, sizeof(f));
	while (n < 0 && errno == EINTR);
	if (n != sizeof(f))
		return 0;
	f.what[sizeof(f.what) - 1] = '\0';
	if (!strcmp(f.what, "exec"))
		return err_errno(e, -f.code, "cannot run %s%s%s", r->s->argv[0],
			r->s->chroot ? " in " : "", r->s->chroot ? r->s->chroot : "");
	return err_errno(e, -f.code, "cannot run %s (%s)", r->s->argv[0], f.what);
}

int spawn_run(const struct spawn *s, struct strbuf *ret_output, struct err *e)
{
	cleanup_(run_done) struct run r = {
		.s = s, .output = -1, .failure = -1, .pidfd = -1};
	cleanup_(strv_done) struct strv env = {0};
	struct str text;
	int ret, failed;

	if (make_env(s->env, &env) < 0)
		return err_oom(e);
	ret = start(&r, env.v, e);
	if (ret < 0)
		return ret;
	if (r.pidfd < 0) {
		ret = -errno;
		kill(r.pid, SIGKILL);
		waitpid(r.pid, NULL, 0);
		return err_errno(e, ret, "cannot watch %s", s->argv[0]);
	}
	failed = started(&r, e);
	follow(&r);
	if (failed < 0)
		return failed;
	text = strbuf_str(&r.text);
	if (ret_output) {
		strbuf_add(ret_output, text.n > OUTPUT_MAX
					       ? str_from_pos(text, text.n - OUTPUT_MAX)
					       : text);
		if (strbuf_err(ret_output) < 0)
			return err_oom(e);
	}
	return judge(&r, e);
}

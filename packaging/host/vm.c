/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See vm.h. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/child.h"
#include "host/vm.h"

enum { STOP_GRACE_MS = 5000, READ_SIZE = 64 * 1024 };

struct loop {
	struct vm *vm;
	int console, port, said, signals; /* ours to read; -1 once closed */
	pid_t pid;
	size_t logged;
	bool exited;
	char buf[READ_SIZE];
};

void vm_done(struct vm *vm)
{
	strbuf_done(&vm->console);
	strbuf_done(&vm->said);
}

void vm_keep_end(struct strbuf *b, struct str bytes, size_t max)
{
	if (b->n + bytes.n > 2 * max && b->n > max) {
		memmove(b->p, b->p + b->n - max, max);
		b->n = max;
	}
	strbuf_add(b, bytes);
}

static void log_console(struct loop *l, struct str bytes)
{
	bytes = str_upto(bytes, VM_LOG_MAX - l->logged);
	l->logged += bytes.n;
	while (l->vm->log_fd >= 0 && bytes.n) {
		ssize_t n = write(l->vm->log_fd, bytes.p, bytes.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return; /* a log is not worth the repair */
		bytes = str_from_pos(bytes, (size_t)n);
	}
}

/* One read; 1 while there may be more, 0 when nothing is there now, closes at the end. */
static int take(struct loop *l, int *fd, struct str *ret)
{
	ssize_t n;

	if (*fd < 0)
		return 0;
	n = read(*fd, l->buf, sizeof(l->buf));
	if (n < 0 && errno == EINTR)
		return 1;
	if (n < 0 && errno == EAGAIN)
		return 0;
	if (n <= 0) {
		close_fd(fd);
		return 0;
	}
	*ret = (struct str){l->buf, (size_t)n};
	return 1;
}

/* All that has arrived on the three streams, a read of each at a time so that none of them
 * keeps the others or the deadline waiting. */
static int read_streams(struct loop *l)
{
	struct vm *vm = l->vm;
	struct str s = {0};
	int more = 0, r;

	if (take(l, &l->console, &s)) {
		vm_keep_end(&vm->console, s, VM_CONSOLE_KEPT);
		log_console(l, s);
		more = 1;
	}
	s = (struct str){0};
	if (take(l, &l->said, &s)) {
		vm_keep_end(&vm->said, s, VM_SAID_MAX);
		more = 1;
	}
	s = (struct str){0};
	if (take(l, &l->port, &s)) {
		r = port_feed(vm->port, s, vm->progress, vm->arg);
		if (r < 0)
			return r;
		more = 1;
	}
	return vm->console.oom || vm->said.oom ? -ENOMEM : more;
}

/* A signal that asks us to stop, or 0. */
static int read_signal(struct loop *l)
{
	struct signalfd_siginfo si;

	while (read(l->signals, &si, sizeof(si)) == (ssize_t)sizeof(si)) {
		if (si.ssi_signo != SIGCHLD)
			return (int)si.ssi_signo;
		if (waitpid(l->pid, &l->vm->status, WNOHANG) == l->pid)
			l->exited = true;
	}
	return 0;
}

static int watch(struct loop *l)
{
	struct vm *vm = l->vm;
	long long start = child_now_ms(), until = start + vm->timeout_s * 1000LL;
	bool reported = false;
	unsigned ticked = 0;
	int r;

	while (!l->exited) {
		struct pollfd p[] = {
			{l->signals, POLLIN, 0},
			{l->console, POLLIN, 0},
			{l->port, POLLIN, 0},
			{l->said, POLLIN, 0},
		};
		long long now = child_now_ms(), left = until - now;
		unsigned seconds = (unsigned)((now - start) / 1000);

		if (vm->port && vm->port->report && !reported) {
			reported = true;
			if (left > VM_AFTER_REPORT_S * 1000LL)
				until = now + VM_AFTER_REPORT_S * 1000LL;
			left = until - now;
		}
		if (left <= 0) {
			vm->end = reported ? VM_LINGERED : VM_TIMEOUT;
			return 0;
		}
		if (vm->tick && seconds != ticked)
			vm->tick(vm->arg, ticked = seconds);
		if (poll(p, ARRAY_SIZE(p), left < 1000 ? (int)left : 1000) < 0 &&
			errno != EINTR)
			return -errno;
		vm->signal = read_signal(l);
		if (vm->signal) {
			vm->end = VM_INTERRUPTED;
			return 0;
		}
		r = read_streams(l);
		if (r < 0)
			return r;
		if (vm->enough && vm->enough(strbuf_str(&vm->console))) {
			vm->end = VM_ENOUGH;
			return 0;
		}
	}
	vm->end = VM_ENDED;
	return 0;
}

/* What was still on its way when QEMU ended. The guest can't add to it any more. */
static int finish(struct loop *l)
{
	int r;

	do
		r = read_streams(l);
	while (r > 0);
	if (!r && l->vm->port)
		r = port_end(l->vm->port, l->vm->progress, l->vm->arg);
	return r;
}

static int make_pair(int *ret_ours, int *ret_theirs, struct err *e)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
		return err_errno(e, -errno, "socketpair");
	*ret_ours = fds[0];
	*ret_theirs = fds[1];
	if (fcntl(fds[0], F_SETFL, O_NONBLOCK) < 0)
		return err_errno(e, -errno, "fcntl");
	return 0;
}

/* A file without a name that holds the options. */
static int options_file(struct str options, int *ret, struct err *e)
{
	int fd = memfd_create("xvd2vd-options", MFD_CLOEXEC);

	if (fd < 0)
		return err_errno(e, -errno, "memfd_create");
	*ret = fd;
	if (write(fd, options.p, options.n) != (ssize_t)options.n)
		return err_set(e, -EIO, "memfd: short write");
	return 0;
}

static int run_in(struct vm *vm, struct loop *l, struct err *e)
{
	cleanup_(close_fd) int console = -1, port = -1, said = -1, options = -1;
	struct strv argv = {0};
	int r = make_pair(&l->console, &console, e);

	if (!r)
		r = make_pair(&l->said, &said, e);
	if (!r && vm->port)
		r = make_pair(&l->port, &port, e);
	if (!r && vm->options.n)
		r = options_file(vm->options, &options, e);
	if (r < 0)
		return r;
	vm->qemu->serial_fd = console;
	vm->qemu->port_fd = port;
	vm->qemu->options_fd = options;
	r = qemu_argv(vm->qemu, &argv, e);
	if (!r) {
		/* -1 ends the list: those that may be missing come last. */
		int keep[] = {console, port >= 0 ? port : options,
			port >= 0 ? options : -1, -1};

		r = child_start(argv.v, said, keep, &l->pid, e);
	}
	strv_done(&argv);
	if (r < 0)
		return r;
	/* Ours must be the only ends left, or the streams would never end. */
	close_fd(&console);
	close_fd(&port);
	close_fd(&said);
	r = watch(l);
	if (!l->exited)
		vm->status = child_stop(l->pid, STOP_GRACE_MS);
	if (!r)
		r = finish(l);
	return r < 0 ? err_errno(e, r, "watching QEMU") : 0;
}

int vm_run(struct vm *vm, struct err *e)
{
	struct loop l = {.vm = vm, .console = -1, .port = -1, .said = -1, .signals = -1};
	sigset_t mask, before;
	int r;

	sigemptyset(&mask);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGHUP);
	sigaddset(&mask, SIGCHLD);
	sigprocmask(SIG_BLOCK, &mask, &before);
	l.signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
	r = l.signals < 0 ? err_errno(e, -errno, "signalfd") : run_in(vm, &l, e);
	close_fd(&l.console);
	close_fd(&l.port);
	close_fd(&l.said);
	close_fd(&l.signals);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return r;
}

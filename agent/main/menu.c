/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See menu.h. The items are the command line's own subcommands, run as children on the console
 * where the key was pressed. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/str.h"
#include "main/menu.h"
#include "main/network.h"
#include "main/tools.h"

enum { CONSOLES_MAX = 8, IDLE_MS = 10 * 60 * 1000 };

/* For the shell: what is half-done is not left to whoever looks around. */
static int open_guest(struct session *s, struct err *e)
{
	int r = run_open(s, PROBE_WRITE, e);

	if (r >= 0 && !session_recover(s))
		r = err_set(e, -EIO, "%s", s->err.text);
	return r;
}

/* A machine without a guest has a network, too. */
static int start_network(struct session *s, struct err *e)
{
	if (run_open(s, PROBE_LOOK, e) >= 0)
		(void)session_scan(s);
	run_release(s);
	return network_up(&s->machine, &s->snap, e);
}

static const struct item {
	char key;
	const char *text;
	const char *argv[4]; /* argv[0] NULL: the item ends the menu */
	enum finish end;
	int (*before)(struct session *s, struct err *e);
} items[] = {
	{'1', "scan    what this machine and its guest are", {"xvd2vd", "scan"}, 0, NULL},
	{'2', "plan    what would be changed, with the differences",
		{"xvd2vd", "plan", "--diff"}, 0, NULL},
	{'3', "apply   repair the guest", {"xvd2vd", "apply"}, 0, NULL},
	{'4', "verify  would the guest boot here?", {"xvd2vd", "verify"}, 0, NULL},
	{'5', "undo    take the last repair back", {"xvd2vd", "undo"}, 0, NULL},
	{'6', "shell   the guest is in " RUN_TARGET, {"sh", "-l"}, 0, open_guest},
	{'7', "network as the guest has it, or DHCP",
		{"sh", "-c", "busybox ip -4 address"}, 0, start_network},
	{'8', "reboot", {NULL}, FINISH_REBOOT, NULL},
	{'9', "power off", {NULL}, FINISH_POWEROFF, NULL},
};

struct tty {
	char path[64];
	int fd;
};

struct menu {
	struct tty ttys[CONSOLES_MAX];
	size_t n;
};

static void say(int fd, struct str s)
{
	while (s.n) {
		ssize_t n = write(fd, s.p, s.n);

		if (n <= 0)
			return;
		s = str_from_pos(s, (size_t)n);
	}
}

/* Lines with echo, whatever the firmware or the last program left. */
static void make_sane(int fd)
{
	struct termios t;

	if (tcgetattr(fd, &t) < 0)
		return;
	t.c_iflag |= ICRNL | IXON;
	t.c_oflag |= OPOST | ONLCR;
	t.c_lflag |= ICANON | ECHO | ECHOE | ECHOK | ISIG;
	tcsetattr(fd, TCSANOW, &t);
}

static void add_console(struct menu *m, struct str name)
{
	struct tty *t = &m->ttys[m->n];

	/* tty0 is whichever screen is shown; a shell needs one to itself. */
	if (m->n == CONSOLES_MAX ||
		snprintf(t->path, sizeof(t->path), "/dev/" STR_FMT,
			STR_ARG(str_is(name, "tty0") ? STR("tty1") : name)) >=
			(int)sizeof(t->path))
		return;
	t->fd = open(t->path, O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	if (t->fd < 0)
		return;
	if (!isatty(t->fd)) {
		close(t->fd);
		return;
	}
	make_sane(t->fd);
	m->n++;
}

static void open_consoles(struct menu *m)
{
	int fd = open("/sys/class/tty/console/active", O_RDONLY | O_CLOEXEC);
	char buf[256];
	ssize_t n = fd >= 0 ? read(fd, buf, sizeof(buf)) : 0;
	struct str rest = {buf, n > 0 ? (size_t)n : 0}, name;

	if (fd >= 0)
		close(fd);
	while (str_word(&rest, &name))
		add_console(m, name);
	if (!m->n)
		add_console(m, STR("console"));
}

static void show(const struct tty *t)
{
	cleanup_(strbuf_done) struct strbuf text = {0};

	strbuf_adds(&text, "\nxvd2vd " XVD2VD_VERSION ", rescue menu\n\n");
	for (size_t i = 0; i < ARRAY_SIZE(items); i++)
		strbuf_addf(&text, "  %c) %s\n", items[i].key, items[i].text);
	strbuf_adds(&text, "\nWithout a key it powers off after 10 minutes.\nChoice: ");
	say(t->fd, strbuf_str(&text));
}

static _Noreturn void execute(const struct item *item)
{
	/* TMOUT: a shell that was forgotten ends as the menu does. */
	char *const env[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root",
		"TERM=linux", "LC_ALL=C", "TMOUT=600", "PS1=rescue:\\w# ", NULL};
	const char *path =
		strcmp(item->argv[0], "sh") == 0 ? "/bin/sh" : "/proc/self/exe";

	setpgid(0, 0);
	tcsetpgrp(STDIN_FILENO, getpid());
	signal(SIGTTOU, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	execve(path, (char *const *)item->argv, env);
	_exit(127);
}

/* Leads the session that ^C needs, and gives the terminal back before it ends: the kernel
 * would hang it up for everyone otherwise, for us and for the messages of PID 1. */
static _Noreturn void lead(
	const struct boot *b, const struct tty *t, const struct item *item)
{
	struct err e = {0};
	struct session s;
	int status = 0, fd;
	pid_t pid;

	setsid();
	fd = open(t->path, O_RDWR);
	if (fd < 0)
		_exit(126);
	ioctl(fd, TIOCSCTTY, 1);
	for (int i = 0; i < 3; i++)
		dup2(fd, i);
	if (fd > 2)
		close(fd);
	/* A background process that takes the terminal is stopped unless it ignores this. */
	signal(SIGTTOU, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	session_init(&s);
	s.options = b->run.options;
	if (item->before && item->before(&s, &e) < 0)
		boot_say(b, "%s", e.text);
	pid = fork();
	if (pid == 0)
		execute(item);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	run_release(&s);
	ioctl(STDIN_FILENO, TIOCNOTTY);
	_exit(pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : 125);
}

static void run(struct boot *b, const struct tty *t, const struct item *item)
{
	struct err e = {0};
	int status;
	pid_t pid;

	/* Whoever sits here does not mind the second that it takes. */
	if (tools_unpack(&e) < 0 || tools_udevd(&e) < 0)
		boot_say(b, "%s", e.text);
	pid = fork();
	if (pid == 0)
		lead(b, t, item);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	make_sane(t->fd);
	if (pid < 0 || !WIFEXITED(status) || WEXITSTATUS(status) >= 125)
		say(t->fd, STR("\nIt did not end well.\n"));
}

/* One line of input; the first character that is not blank chooses. */
static const struct item *choice(struct str line)
{
	line = str_trim(line);
	for (size_t i = 0; i < ARRAY_SIZE(items); i++)
		if (line.n == 1 && line.p[0] == items[i].key)
			return &items[i];
	return NULL;
}

/* A console that hung up is not asked again. */
static void drop(struct menu *m, size_t at)
{
	close(m->ttys[at].fd);
	m->ttys[at] = m->ttys[--m->n];
}

/* The consoles that have input, after waiting for it; 0: nobody is there. */
static int await_key(const struct menu *m, struct pollfd *fds)
{
	int r;

	for (size_t i = 0; i < m->n; i++)
		fds[i] = (struct pollfd){.fd = m->ttys[i].fd, .events = POLLIN};
	do
		r = poll(fds, m->n, IDLE_MS);
	while (r < 0 && errno == EINTR);
	return r < 0 ? 0 : r;
}

enum finish menu_run(struct boot *b)
{
	struct pollfd fds[CONSOLES_MAX];
	struct menu m = {0};

	open_consoles(&m);
	for (size_t i = 0; i < m.n; i++)
		show(&m.ttys[i]);
	while (await_key(&m, fds) > 0) {
		for (size_t i = m.n; i--;) {
			const struct item *item;
			char line[80];
			ssize_t n;

			if (!fds[i].revents)
				continue;
			n = read(m.ttys[i].fd, line, sizeof(line));
			if (n < 0 && errno == EAGAIN)
				continue;
			if (n <= 0) {
				drop(&m, i);
				continue;
			}
			item = choice((struct str){line, (size_t)n});
			if (item && !item->argv[0])
				return item->end;
			if (item)
				run(b, &m.ttys[i], item);
			show(&m.ttys[i]);
		}
	}
	boot_say(b, "nobody is there: powering off");
	return FINISH_POWEROFF;
}

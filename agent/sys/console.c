/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See console.h. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/printable.h"
#include "sys/console.h"
#include "sys/report_port.h"

enum {
	CONSOLES_MAX = 8,
	LINE_MAX_BYTES = 4096,
	/* A serial line's buffer of 4 KiB is sent within this; a line that does not move at
	 * all costs it once. */
	BUSY_MS = 400,
	REPORT_MS = 5000,
};

struct console {
	struct out {
		int fd;
		bool stuck;
	} outs[CONSOLES_MAX];
	size_t n;
	struct report_port port;
};

static void open_console(struct console *c, const char *name)
{
	char path[64];
	int fd;

	if (c->n == CONSOLES_MAX ||
		snprintf(path, sizeof(path), "/dev/%s", name) >= (int)sizeof(path))
		return;
	fd = open(path, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0)
		c->outs[c->n++] = (struct out){.fd = fd};
}

static void open_active(struct console *c)
{
	int fd = open("/sys/class/tty/console/active", O_RDONLY | O_CLOEXEC);
	struct str rest, name;
	char buf[256];
	ssize_t n = fd >= 0 ? read(fd, buf, sizeof(buf)) : 0;

	if (fd >= 0)
		close(fd);
	rest = (struct str){buf, n > 0 ? (size_t)n : 0};
	while (str_word(&rest, &name)) {
		cleanup_(free_charp) char *s = str_dup(name);

		if (s)
			open_console(c, s);
	}
	/* /dev/console is the last of these; by itself only where they are not told. */
	if (!c->n)
		open_console(c, "console");
}

int console_new(bool as_init, struct console **ret, struct err *e)
{
	struct console *c = calloc(1, sizeof(*c));

	if (!c)
		return err_oom(e);
	c->port.fd = -1;
	if (as_init) {
		open_active(c);
	} else {
		int fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);

		if (fd >= 0)
			c->outs[c->n++] = (struct out){.fd = fd};
	}
	*ret = c;
	return 0;
}

void console_free(struct console *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->n; i++)
		close(c->outs[i].fd);
	free(c);
}

static void write_out(struct out *out, struct str s)
{
	while (s.n) {
		struct pollfd p = {.fd = out->fd, .events = POLLOUT};
		ssize_t n = write(out->fd, s.p, s.n);

		if (n > 0) {
			s = str_from_pos(s, (size_t)n);
			out->stuck = false;
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0 || errno != EAGAIN || out->stuck)
			return;
		if (poll(&p, 1, BUSY_MS) <= 0 || !(p.revents & POLLOUT))
			out->stuck = true;
	}
}

void console_line(struct console *c, struct str text)
{
	cleanup_(strbuf_done) struct strbuf line = {0};

	printable_add(&line, str_upto(text, LINE_MAX_BYTES), "");
	strbuf_addc(&line, '\n');
	for (size_t i = 0; i < c->n; i++)
		write_out(&c->outs[i], strbuf_str(&line));
}

/* Closed again each time: it can be open only once, and whoever takes over for us must get at
 * it even where we hang and cannot be killed. */
int console_report(struct console *c, struct str line, struct err *e)
{
	char name[64], path[80];
	int r = report_port_find(
		"/sys/class/virtio-ports", "org.xvd2vd.report", name, sizeof(name));

	if (r < 0)
		return err_set(e, r, "this machine has no port org.xvd2vd.report");
	snprintf(path, sizeof(path), "/dev/%s", name);
	c->port.fd = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (c->port.fd < 0)
		return err_errno(e, -errno, "cannot open %s", path);
	r = report_port_write(&c->port, line, REPORT_MS, e);
	close(c->port.fd);
	c->port.fd = -1;
	return r;
}

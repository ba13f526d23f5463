/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See report_port.h. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sys/clock.h"
#include "sys/report_port.h"

static bool is_named(int dir, const char *port, const char *name)
{
	char path[300], buf[128];
	ssize_t n;
	int fd;

	if (snprintf(path, sizeof(path), "%s/name", port) >= (int)sizeof(path))
		return false;
	fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, buf, sizeof(buf));
	close(fd);
	return n > 0 && str_is(str_trim((struct str){buf, (size_t)n}), name);
}

int report_port_find(const char *class_dir, const char *name, char *ret, size_t room)
{
	DIR *dir = opendir(class_dir);
	struct dirent *entry;
	int r = -ENODEV;

	if (!dir)
		return r;
	while (r < 0 && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' && strlen(entry->d_name) < room &&
			is_named(dirfd(dir), entry->d_name, name)) {
			strcpy(ret, entry->d_name);
			r = 0;
		}
	closedir(dir);
	return r;
}

/* Waits until bytes are taken again or `end`. */
static bool wait_writable(int fd, int64_t end)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	int64_t left = end - clock_ms(CLOCK_MONOTONIC);

	if (left <= 0)
		return false;
	if (poll(&p, 1, (int)left) > 0 && !(p.revents & POLLOUT)) {
		/* Nobody is connected: poll() says so at once, and again and again. */
		struct timespec pause = {.tv_nsec = 50 * 1000 * 1000};

		nanosleep(&pause, NULL);
	}
	return true;
}

static int write_part(struct report_port *p, struct str s, int64_t end)
{
	while (s.n) {
		ssize_t n = write(p->fd, s.p, s.n);

		if (n > 0) {
			s = str_from_pos(s, (size_t)n);
			p->torn = true;
			continue;
		}
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return -errno;
		if (!wait_writable(p->fd, end))
			return -ETIMEDOUT;
	}
	return 0;
}

int report_port_write(
	struct report_port *p, struct str line, unsigned timeout_ms, struct err *e)
{
	int64_t end = clock_ms(CLOCK_MONOTONIC) + (p->stuck ? 0 : timeout_ms);
	int r = 0;

	if (line.n && memchr(line.p, '\n', line.n))
		return err_set(e, -EINVAL, "a report must be one line");
	/* Ends what an earlier write has left unfinished. */
	if (p->torn)
		r = write_part(p, STR("\n"), end);
	if (r == 0)
		r = write_part(p, line, end);
	if (r == 0)
		r = write_part(p, STR("\n"), end);
	p->stuck = r == -ETIMEDOUT;
	if (r < 0)
		return err_errno(e, r, "cannot write to the report port");
	p->torn = false;
	return 0;
}

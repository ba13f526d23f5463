/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See savefile.h. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/child.h"
#include "host/savefile.h"

static int write_all(int fd, struct str s)
{
	while (s.n) {
		ssize_t n = write(fd, s.p, s.n);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			s = str_from_pos(s, (size_t)n);
	}
	return 0;
}

static int sync_folder(const char *path)
{
	cleanup_(free_charp) char *copy = strdup(path);
	cleanup_(close_fd) int fd = -1;

	if (!copy)
		return -ENOMEM;
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 || fsync(fd) < 0 ? -errno : 0;
}

static int replace(const char *path, struct str bytes)
{
	cleanup_(free_charp) char *temp = str_printf("%s.XXXXXX", path);
	cleanup_(close_fd) int fd = -1;
	mode_t mask = umask(0);
	int r;

	umask(mask);
	if (!temp)
		return -ENOMEM;
	fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	r = write_all(fd, bytes);
	if (!r &&
		(fchmod(fd, 0666 & ~mask) < 0 || fsync(fd) < 0 || rename(temp, path) < 0))
		r = -errno;
	if (r < 0) {
		unlink(temp);
		return r;
	}
	return sync_folder(path);
}

int savefile_write(const char *path, struct str bytes, struct err *e)
{
	cleanup_(free_charp) char *real = realpath(path, NULL);
	cleanup_(close_fd) int fd = -1;
	struct stat st;
	int r;

	/* Renaming over a device node would put a file in its place. */
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		fd = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
		r = fd < 0 ? -errno : write_all(fd, bytes);
	} else {
		r = replace(real ? real : path, bytes);
	}
	return r < 0 ? err_errno(e, r, "writing %s", path) : 0;
}

int savefile_read(const char *path, size_t max, struct strbuf *ret, struct err *e)
{
	cleanup_(close_fd) int fd =
		open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	char buf[4096];
	struct stat st;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) < 0)
		return err_errno(e, -errno, "%s", path);
	if (!S_ISREG(st.st_mode))
		return err_set(e, -EINVAL, "%s: no regular file", path);
	while ((n = read(fd, buf, sizeof(buf))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(e, -errno, "%s", path);
		if ((size_t)n > max - ret->n)
			return err_set(e, -EFBIG, "%s: more than %zu bytes", path, max);
		strbuf_add(ret, (struct str){buf, (size_t)n});
		if (ret->oom)
			return err_oom(e);
	}
	return 0;
}

int savefile_check(const char *path, struct err *e)
{
	cleanup_(free_charp) char *copy = strdup(path);

	if (!copy)
		return err_oom(e);
	if (access(path, W_OK) < 0 &&
		(errno != ENOENT || access(dirname(copy), W_OK) < 0))
		return err_errno(e, -errno, "--report %s", path);
	return 0;
}

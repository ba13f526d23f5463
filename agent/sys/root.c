/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See root.h. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "base/strv.h"
#include "sys/root.h"

/* The kernel gives up on a path with more links than this (path_resolution(7)). */
#define LINKS_MAX 40

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static int openat2_in(int fd, const char *path, int flags, mode_t mode)
{
	struct open_how how = {
		.flags = (uint64_t)(unsigned)flags | O_CLOEXEC,
		.mode = flags & (O_CREAT | __O_TMPFILE) ? mode : 0,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};

	/* openat2 refuses flags that mean nothing to O_PATH. */
	if (!(flags & O_PATH))
		how.flags |= O_NONBLOCK | O_NOCTTY;
	/* EAGAIN: something was renamed or mounted on the way, so that the kernel could not
	 * tell whether ".." stayed inside; it asks for another try. */
	for (int tries = 0;; tries++) {
		long r = syscall(SYS_openat2, fd, path, &how, sizeof(how));

		if (r >= 0)
			return (int)r;
		if (errno != EINTR && (errno != EAGAIN || tries >= 100))
			return -errno;
	}
}

int root_open(const char *path, struct root *ret, struct err *e)
{
	struct root r = ROOT_CLOSED;
	int fd;

	r.fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (r.fd < 0)
		return err_errno(e, -errno, "cannot open the tree %s", path);
	fd = openat2_in(r.fd, ".", O_PATH | O_DIRECTORY, 0);
	if (fd < 0) {
		root_done(&r);
		if (fd == -ENOSYS)
			return err_set(e, fd,
				"this kernel has no openat2(2); Linux 5.6 or newer is "
				"needed");
		return err_errno(e, fd, "cannot look into the tree %s", path);
	}
	close(fd);
	r.path = strdup(path);
	if (!r.path) {
		root_done(&r);
		return err_oom(e);
	}
	*ret = r;
	return 0;
}

void root_done(struct root *r)
{
	close_fd(&r->fd);
	free(r->path);
	*r = (struct root)ROOT_CLOSED;
}

int root_openat(const struct root *r, const char *path, int flags, mode_t mode)
{
	return openat2_in(r->fd, path, flags, mode);
}

int root_parent(const struct root *r, const char *path, const char **ret_name)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	cleanup_(free_charp) char *dir = NULL;
	int fd;

	if (!*name || !strcmp(name, ".") || !strcmp(name, ".."))
		return -EINVAL;
	dir = slash ? str_dup(str_range(path, name)) : strdup(".");
	if (!dir)
		return -ENOMEM;
	fd = root_openat(r, dir, O_PATH | O_DIRECTORY, 0);
	if (fd >= 0)
		*ret_name = name;
	return fd;
}

int root_lstat(const struct root *r, const char *path, struct stat *ret)
{
	cleanup_(close_fd) int fd = root_openat(r, path, O_PATH | O_NOFOLLOW, 0);

	if (fd < 0)
		return fd;
	return fstat(fd, ret) < 0 ? -errno : 0;
}

int root_readlink(const struct root *r, const char *path, char **ret)
{
	cleanup_(close_fd) int fd = root_openat(r, path, O_PATH | O_NOFOLLOW, 0);
	char target[4096];
	struct stat st;
	ssize_t n;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISLNK(st.st_mode))
		return -EINVAL;
	n = readlinkat(fd, "", target, sizeof(target));
	if (n < 0)
		return -errno;
	if (n == sizeof(target))
		return -ENAMETOOLONG;
	*ret = str_dup((struct str){target, (size_t)n});
	return *ret ? 0 : -ENOMEM;
}

/* Takes the last component off "/a/b". */
static void up(struct strbuf *path)
{
	while (path->n && path->p[path->n - 1] != '/')
		path->n--;
	if (path->n)
		path->n--;
	if (path->p)
		path->p[path->n] = '\0';
}

/* Puts the target of a link before what is still to be walked. */
static int follow(const struct root *r, const char *link, struct strbuf *done,
	char **todo, struct str rest)
{
	cleanup_(free_charp) char *target = NULL;
	char *next;
	int q;

	q = root_readlink(r, link, &target);
	if (q < 0)
		return q;
	next = str_printf("%s%s" STR_FMT, target, rest.p ? "/" : "", STR_ARG(rest));
	if (!next)
		return -ENOMEM;
	if (target[0] == '/')
		strbuf_reset(done);
	else
		up(done);
	free(*todo);
	*todo = next;
	return 0;
}

/* Component by component rather than by /proc/self/fd, which is not there before PID 1 has
 * mounted it and which would name the tree's place in our own root. Every prefix in `done` is
 * free of links, so each lstat sees just the one component. */
int root_realpath(const struct root *r, const char *path, char **ret)
{
	cleanup_(free_charp) char *todo = strdup(path);
	cleanup_(strbuf_done) struct strbuf done = {0};
	struct str rest, part;
	int links = 0, q;

	if (!todo)
		return -ENOMEM;
	if (!*todo)
		return -ENOENT;
	rest = str_from(todo);
	while (str_item(&rest, '/', &part)) {
		struct stat st;

		if (!part.n || str_is(part, "."))
			continue;
		if (str_is(part, "..")) {
			up(&done);
			continue;
		}
		strbuf_addc(&done, '/');
		strbuf_add(&done, part);
		if (strbuf_err(&done))
			return -ENOMEM;
		q = root_lstat(r, done.p, &st);
		if (q < 0)
			return q;
		if (!S_ISLNK(st.st_mode)) {
			if (rest.p && !S_ISDIR(st.st_mode))
				return -ENOTDIR;
			continue;
		}
		if (++links > LINKS_MAX)
			return -ELOOP;
		q = follow(r, done.p, &done, &todo, rest);
		if (q < 0)
			return q;
		rest = str_from(todo);
	}
	if (!done.n)
		strbuf_addc(&done, '/');
	*ret = strbuf_take(&done);
	return *ret ? 0 : -ENOMEM;
}

/* Looks before it opens: opening a device or a fifo can have effects of its own. */
static int open_regular(const struct root *r, const char *path, struct stat *ret)
{
	cleanup_(close_fd) int look = root_openat(r, path, O_PATH, 0);
	int fd;

	if (look < 0)
		return look;
	if (fstat(look, ret) < 0)
		return -errno;
	if (S_ISDIR(ret->st_mode))
		return -EISDIR;
	if (!S_ISREG(ret->st_mode))
		return -EINVAL;
	fd = root_openat(r, path, O_RDONLY, 0);
	if (fd >= 0 && (fstat(fd, ret) < 0 || !S_ISREG(ret->st_mode))) {
		close(fd);
		return -EINVAL;
	}
	return fd;
}

/* Up to `n` bytes from where the fd stands at `from`; *ret is sized by what came. */
static int read_upto(int fd, uint64_t from, size_t n, char **ret, size_t *ret_n)
{
	char *p = malloc(n + 1);
	size_t got = 0;

	if (!p)
		return -ENOMEM;
	while (got < n) {
		ssize_t k = pread(fd, p + got, n - got, (off_t)(from + got));

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0) {
			int q = -errno;

			free(p);
			return q;
		}
		if (!k)
			break;
		got += (size_t)k;
	}
	p[got] = '\0';
	*ret = p;
	*ret_n = got;
	return 0;
}

int root_read(const struct root *r, const char *path, size_t max, char **ret,
	size_t *ret_n, struct err *e)
{
	cleanup_(free_charp) char *p = NULL;
	cleanup_(close_fd) int fd = -1;
	struct stat st;
	size_t n;
	int q;

	fd = open_regular(r, path, &st);
	if (fd < 0)
		return err_errno(e, fd, "cannot read %s", path);
	if ((uint64_t)st.st_size > max)
		return err_set(e, -EFBIG,
			"%s is too large: %llu bytes, at most %zu are read", path,
			(unsigned long long)st.st_size, max);
	/* One byte more than it says tells whether it grew meanwhile. */
	q = read_upto(fd, 0, (size_t)st.st_size + 1, &p, &n);
	if (q < 0)
		return err_errno(e, q, "cannot read %s", path);
	if (n > (size_t)st.st_size)
		return err_set(e, -EFBIG, "%s grows while it is read", path);
	*ret = p;
	*ret_n = n;
	p = NULL;
	return 0;
}

int root_read_at(const struct root *r, const char *path, uint64_t from, size_t n,
	char **ret, size_t *ret_n, struct err *e)
{
	cleanup_(close_fd) int fd = -1;
	struct stat st;
	uint64_t there;
	int q;

	fd = open_regular(r, path, &st);
	if (fd < 0)
		return err_errno(e, fd, "cannot read %s", path);
	there = (uint64_t)st.st_size > from ? (uint64_t)st.st_size - from : 0;
	q = read_upto(fd, from, n < there ? n : (size_t)there, ret, ret_n);
	return q < 0 ? err_errno(e, q, "cannot read %s", path) : 0;
}

static int list_names(DIR *d, size_t max, struct strv *names)
{
	for (;;) {
		struct dirent *de;
		int q;

		errno = 0;
		de = readdir(d);
		if (!de)
			return -errno;
		if (!strcmp(de->d_name, ".") || !strcmp(de->d_name, ".."))
			continue;
		if (names->n == max)
			return -E2BIG;
		q = strv_adds(names, de->d_name);
		if (q < 0)
			return q;
	}
}

int root_list(const struct root *r, const char *path, size_t max,
	int (*each)(void *ctx, const char *name), void *ctx, struct err *e)
{
	cleanup_(strv_done) struct strv names = {0};
	DIR *d;
	int fd, q;

	fd = root_openat(r, path, O_RDONLY | O_DIRECTORY, 0);
	if (fd < 0)
		return err_errno(e, fd, "cannot list %s", path);
	d = fdopendir(fd);
	if (!d) {
		q = -errno;
		close(fd);
		return err_errno(e, q, "cannot list %s", path);
	}
	q = list_names(d, max, &names);
	closedir(d);
	if (q == -E2BIG)
		return err_set(e, q, "%s has more than %zu entries", path, max);
	if (q < 0)
		return err_errno(e, q, "cannot list %s", path);
	strv_sort(&names);
	STRV_FOREACH (name, &names) {
		q = each(ctx, *name);
		if (q)
			return q;
	}
	return 0;
}

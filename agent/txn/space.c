/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether there is room for a transaction, asked before anything of it is made. Counted
 * generously: a run that is refused has touched nothing, one that runs full half-way has to be
 * taken back. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "txn/state.h"
#include "txn/tree.h"

/* The journal's reserve, and frames beyond it; the lock; directories that grow; what the file
 * system needs for itself. */
#define JOURNAL ((uint64_t)64 << 10)
#define PER_CHANGE ((uint64_t)1 << 10)
#define MARGIN ((uint64_t)128 << 10)

struct fs {
	dev_t dev;
	char *top; /* where it begins in the guest */
	struct statvfs st;
	uint64_t bytes, files; /* needed */
};

struct table {
	struct fs *v;
	size_t n;
};

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static void table_done(struct table *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i].top);
	free(l->v);
}

static bool up(char *path)
{
	char *slash = strrchr(path, '/');

	if (!slash || !strcmp(path, "/"))
		return false;
	slash[slash == path] = '\0';
	return true;
}

/* Cuts `path` at the directory that is there, and looks at it. */
static int existing(const struct root *r, char *path, struct stat *ret)
{
	int q;

	for (;;) {
		q = root_lstat(r, path, ret);
		if (q >= 0 && S_ISDIR(ret->st_mode))
			return 0;
		if (q < 0 && q != -ENOENT && q != -ENOTDIR)
			return q;
		if (!up(path))
			return -ENOENT;
	}
}

static int add_fs(const struct root *r, struct table *l, const char *dir, dev_t dev)
{
	cleanup_(free_charp) char *top = strdup(dir), *above = strdup(dir);
	cleanup_(close_fd) int fd = -1;
	struct fs *v;
	struct stat st;

	if (!top || !above)
		return -ENOMEM;
	while (up(above) && root_lstat(r, above, &st) >= 0 && st.st_dev == dev)
		strcpy(top, above); /* shorter than what was there */
	v = reallocarray(l->v, l->n + 1, sizeof(*v));
	if (!v)
		return -ENOMEM;
	l->v = v;
	v = &v[l->n];
	*v = (struct fs){.dev = dev};
	fd = root_openat(r, dir, O_RDONLY | O_DIRECTORY, 0);
	if (fd < 0)
		return fd;
	if (fstatvfs(fd, &v->st) < 0)
		return -errno;
	v->top = top;
	top = NULL;
	l->n++;
	return 0;
}

/* Adds to what the file system of `path` must hold: one more file of `size` bytes. */
static int need(
	const struct root *r, struct table *l, const char *path, uint64_t size, bool file)
{
	cleanup_(free_charp) char *dir = NULL;
	struct stat st;
	struct fs *fs = NULL;
	uint64_t block;
	int q;

	q = root_realpath(r, path, &dir);
	if (q == -ENOENT || q == -ENOTDIR || q == -ELOOP) {
		dir = strdup(path);
		q = dir ? 0 : -ENOMEM;
	}
	if (q >= 0)
		q = existing(r, dir, &st);
	if (q < 0)
		return q;
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].dev == st.st_dev)
			fs = &l->v[i];
	if (!fs) {
		q = add_fs(r, l, dir, st.st_dev);
		if (q < 0)
			return q;
		fs = &l->v[l->n - 1];
	}
	block = fs->st.f_frsize ? fs->st.f_frsize : 4096;
	/* One block more: of pointers, of attributes, of a directory that must grow. */
	fs->bytes += (size / block + 2) * block;
	fs->files += file;
	return 0;
}

/* What is there and has to be copied. */
static uint64_t size_of(const struct root *r, const char *path)
{
	cleanup_(free_charp) char *real = NULL;
	struct stat st;

	if (root_realpath(r, path, &real) < 0 || root_lstat(r, real, &st) < 0 ||
		!S_ISREG(st.st_mode))
		return 0;
	return (uint64_t)st.st_size;
}

/* Copies of all files of a folder. */
static int need_tree(const struct root *r, struct table *l, const char *path)
{
	cleanup_(tree_done) struct tree tree = {0};
	struct err ignored;
	int q = tree_list(r, path, &tree, &ignored);

	for (size_t i = 0; i < tree.files.n && q >= 0; i++) {
		q = need(r, l, STATE_DIR, size_of(r, tree.files.v[i]), true);
		if (q >= 0)
			q = need(r, l, STATE_DIR, PER_CHANGE, false);
	}
	return q;
}

static int need_change(const struct root *r, struct table *l, const struct txn_need *c)
{
	const bool append = c->kind == TXN_NEED_APPEND, write = c->kind == TXN_NEED_WRITE;
	/* An append keeps its bytes in the folder instead of the file's. */
	const uint64_t copy = append                        ? c->size
			      : c->kind == TXN_NEED_SECTORS ? 2 * c->size
							    : size_of(r, c->path);
	int q = need(r, l, STATE_DIR, copy, true);

	if (q >= 0)
		q = need(r, l, STATE_DIR, PER_CHANGE, false);
	if (q >= 0 && (append || write))
		q = need(r, l, c->path, c->size, write);
	return q;
}

/* A number from /sys/fs/ext4/DEVICE/; 0 where there is none. */
static uint64_t ext4_number(dev_t dev, const char *file)
{
	char device[64], target[256], path[400], text[32] = "";
	const char *name;
	ssize_t n;
	int fd;

	(void)snprintf(
		device, sizeof(device), "/sys/dev/block/%u:%u", major(dev), minor(dev));
	n = readlink(device, target, sizeof(target) - 1);
	if (n <= 0)
		return 0;
	target[n] = '\0';
	name = strrchr(target, '/');
	(void)snprintf(
		path, sizeof(path), "/sys/fs/ext4/%s/%s", name ? name + 1 : target, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	return n > 0 ? strtoull(text, NULL, 10) : 0;
}

/* Errors that ext4 has met since this machine booted. Those of years ago are still counted,
 * but whoever mounted the file system has looked at its error flag. */
static uint64_t errors_of(dev_t dev)
{
	struct timespec now, up;

	clock_gettime(CLOCK_REALTIME, &now);
	clock_gettime(CLOCK_BOOTTIME, &up);
	if (ext4_number(dev, "last_error_time") < (uint64_t)(now.tv_sec - up.tv_sec))
		return 0;
	return ext4_number(dev, "errors_count");
}

static int judge(const struct fs *fs, struct err *e)
{
	const uint64_t room = (uint64_t)fs->st.f_bavail * fs->st.f_frsize;
	const uint64_t bytes = fs->bytes + MARGIN;
	const uint64_t errors = errors_of(fs->dev);

	if (fs->st.f_flag & ST_RDONLY)
		return err_set(e, -EROFS,
			"%s is mounted read-only, or its file system has become so by an "
			"error; nothing was touched",
			fs->top);
	if (errors)
		return err_set(e, -EUCLEAN,
			"the file system of %s has recorded %llu errors; check it with "
			"e2fsck first; nothing was touched",
			fs->top, (unsigned long long)errors);
	if (bytes > room)
		return err_set(e, -ENOSPC,
			"needs %llu KiB more in %s, nothing was touched",
			(unsigned long long)((bytes - room + 1023) / 1024), fs->top);
	/* A file system that makes inodes as it needs them says 0. */
	if (fs->st.f_files && fs->files > fs->st.f_favail)
		return err_set(e, -ENOSPC,
			"needs %llu more inodes in %s, nothing was touched",
			(unsigned long long)(fs->files - fs->st.f_favail), fs->top);
	return 0;
}

int txn_preflight(
	const struct root *r, const struct txn_need *changes, size_t n, struct err *e)
{
	cleanup_(table_done) struct table l = {0};
	int q;

	/* The journal; the lock, STATE_DIR and the folder. */
	q = need(r, &l, STATE_DIR, JOURNAL, true);
	for (int i = 0; i < 3 && q >= 0; i++)
		q = need(r, &l, STATE_DIR, 0, true);
	for (size_t i = 0; i < n && q >= 0; i++) {
		q = changes[i].kind == TXN_NEED_TREE ? need_tree(r, &l, changes[i].path)
						     : need_change(r, &l, &changes[i]);
		if (q < 0 && q != -ENOMEM)
			return err_errno(e, q, "cannot change %s", changes[i].path);
	}
	if (q < 0)
		return err_errno(e, q, "cannot look at %s", STATE_DIR);
	for (size_t i = 0; i < l.n; i++) {
		q = judge(&l.v[i], e);
		if (q < 0)
			return q;
	}
	return 0;
}

int space_writable(const struct root *r, const char *path, struct err *e)
{
	cleanup_(free_charp) char *dir = strdup(path);
	cleanup_(close_fd) int fd = -1;
	struct statvfs fs;
	struct stat st;
	int q;

	if (!dir)
		return err_oom(e);
	q = existing(r, dir, &st);
	if (q >= 0)
		fd = q = root_openat(r, dir, O_RDONLY | O_DIRECTORY, 0);
	if (q >= 0 && fstatvfs(fd, &fs) < 0)
		q = -errno;
	if (q < 0)
		return err_errno(e, q, "cannot look at %s", path);
	if (fs.f_flag & ST_RDONLY)
		return err_set(e, -EROFS,
			"%s is on a file system that is mounted read-only; nothing was "
			"touched",
			path);
	return 0;
}

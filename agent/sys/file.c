/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See file.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sys/file.h"
#include "sys/file_attr.h"

#define CHUNK ((size_t)64 << 10)

int (*file_fault)(const struct file_op *op);

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

int file_ask(const char *name, const char *path, int fd)
{
	const struct file_op op = {name, path, fd, NULL};

	return file_fault ? file_fault(&op) : 0;
}

char *file_beside(const char *path, const char *temp)
{
	const char *slash = strrchr(path, '/');

	return slash ? str_printf("%.*s%s", (int)(slash + 1 - path), path, temp)
		     : strdup(temp);
}

int file_write_all(int fd, struct str data)
{
	size_t chunk = 0;

	while (data.n) {
		ssize_t k;

		if (!chunk) {
			int q = file_ask("write", "", fd);

			if (q < 0)
				return q;
			chunk = CHUNK;
		}
		k = write(fd, data.p, data.n < chunk ? data.n : chunk);
		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return -errno;
		if (!k)
			return -EIO;
		data = str_from_pos(data, (size_t)k);
		chunk -= (size_t)k;
	}
	return 0;
}

/* Who asks for an fsync, so that tests can take out one of them. */
#define CALLER __builtin_return_address(0)

static int sync_fd(int fd, const char *name, const char *path, const void *caller)
{
	const struct file_op op = {name, path, fd, caller};
	int q = file_fault ? file_fault(&op) : 0;

	if (q < 0)
		return q;
	while (fsync(fd) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

int file_fsync(int fd)
{
	return sync_fd(fd, "fsync", "", CALLER);
}

int file_truncate(int fd, uint64_t size)
{
	int q = file_ask("truncate", "", fd);

	if (q < 0)
		return q;
	return ftruncate(fd, (off_t)size) < 0 ? -errno : 0;
}

/* Asks the hook, then opens the directory of `path`. */
static int parent_for(
	const struct root *r, const char *op, const char *path, const char **ret_name)
{
	int q = file_ask(op, path, -1);

	return q < 0 ? q : root_parent(r, path, ret_name);
}

int file_create(const struct root *r, const char *path, mode_t mode, struct err *e)
{
	cleanup_(close_fd) int dir = -1;
	const char *name;
	int fd, q;

	dir = parent_for(r, "create", path, &name);
	if (dir < 0)
		return err_errno(e, dir, "cannot make %s", path);
	fd = openat(dir, name,
		O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, 0600);
	if (fd < 0)
		return err_errno(e, -errno, "cannot make %s", path);
	q = fchmod(fd, mode & 07777) < 0 ? -errno : file_attr_label(dir, name, NULL);
	if (q < 0) {
		close(fd);
		unlinkat(dir, name, 0);
		return err_errno(e, q, "cannot set mode and label of %s", path);
	}
	return fd;
}

int file_open_rw(const struct root *r, const char *path, struct err *e)
{
	struct stat st;
	int fd, q;

	q = root_lstat(r, path, &st);
	if (q < 0)
		return err_errno(e, q, "cannot open %s", path);
	if (!S_ISREG(st.st_mode))
		return err_set(e, -EINVAL, "%s is not a regular file", path);
	fd = root_openat(r, path, O_RDWR | O_NOFOLLOW, 0);
	return fd < 0 ? err_errno(e, fd, "cannot open %s for writing", path) : fd;
}

int file_publish(const struct root *r, const char *path, const char *temp, struct err *e)
{
	cleanup_(close_fd) int dir = -1;
	const char *name;

	dir = parent_for(r, "rename", path, &name);
	if (dir < 0)
		return err_errno(e, dir, "cannot replace %s", path);
	if (renameat(dir, temp, dir, name) < 0)
		return err_errno(e, -errno, "cannot replace %s", path);
	return 0;
}

static int remove_entry(
	const struct root *r, const char *path, const char *op, int flags, struct err *e)
{
	cleanup_(close_fd) int dir = -1;
	const char *name;

	dir = parent_for(r, op, path, &name);
	if (dir == -ENOENT || dir == -ENOTDIR)
		return 0;
	if (dir < 0)
		return err_errno(e, dir, "cannot remove %s", path);
	if (unlinkat(dir, name, flags) < 0 && errno != ENOENT)
		return err_errno(e, -errno, "cannot remove %s", path);
	return 0;
}

int file_unlink(const struct root *r, const char *path, struct err *e)
{
	return remove_entry(r, path, "unlink", 0, e);
}

int file_rmdir(const struct root *r, const char *path, struct err *e)
{
	return remove_entry(r, path, "rmdir", AT_REMOVEDIR, e);
}

int file_symlink(
	const struct root *r, const char *path, const char *target, struct err *e)
{
	cleanup_(close_fd) int dir = -1;
	const char *name;
	int q;

	dir = parent_for(r, "symlink", path, &name);
	if (dir < 0)
		return err_errno(e, dir, "cannot make the link %s", path);
	if (symlinkat(target, dir, name) < 0)
		return err_errno(e, -errno, "cannot make the link %s", path);
	q = file_attr_label(dir, name, NULL);
	return q < 0 ? err_errno(e, q, "cannot set the label of %s", path) : 0;
}

int file_label(const struct root *r, const char *path, const char *label, struct err *e)
{
	cleanup_(close_fd) int dir = -1;
	const char *name;
	int q;

	dir = parent_for(r, "attr", path, &name);
	q = dir < 0 ? dir : file_attr_label(dir, name, label);
	return q < 0 ? err_errno(e, q, "cannot set the label of %s", path) : 0;
}

int file_mkdir(const struct root *r, const char *path, mode_t mode, struct err *e)
{
	cleanup_(close_fd) int dir = -1;
	const char *name;
	int q;

	dir = parent_for(r, "mkdir", path, &name);
	if (dir < 0)
		return err_errno(e, dir, "cannot make the directory %s", path);
	if (mkdirat(dir, name, mode) < 0)
		return errno == EEXIST ? 0
				       : err_errno(e, -errno,
						 "cannot make the directory %s", path);
	if (fchmodat(dir, name, mode & 07777, 0) < 0) /* whatever the umask took away */
		return err_errno(e, -errno, "cannot set the mode of %s", path);
	q = file_attr_label(dir, name, NULL);
	return q < 0 ? err_errno(e, q, "cannot set the label of %s", path) : 1;
}

int file_sync_parent(const struct root *r, const char *path, struct err *e)
{
	cleanup_(close_fd) int dir = -1, fd = -1;
	const char *name;
	int q;

	dir = root_parent(r, path, &name);
	if (dir < 0)
		return err_errno(e, dir, "cannot open the directory of %s", path);
	/* An O_PATH fd cannot be synced. */
	fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_errno(e, -errno, "cannot open the directory of %s", path);
	q = sync_fd(fd, "fsync-dir", path, CALLER);
	/* A file system that has nothing to sync for a directory says EINVAL. */
	if (q < 0 && q != -EINVAL)
		return err_errno(e, q, "cannot sync the directory of %s", path);
	return 0;
}

int file_mkdirs(const struct root *r, const char *path, struct err *e)
{
	cleanup_(free_charp) char *part = strdup(path);
	bool made = false;

	if (!part)
		return err_oom(e);
	for (char *p = part; *p;) {
		struct stat st;
		char was;
		int q;

		p += strspn(p, "/");
		if (!*p)
			break;
		p += strcspn(p, "/");
		was = *p;
		*p = '\0';
		q = root_lstat(r, part, &st);
		if (q == -ENOENT) {
			q = file_mkdir(r, part, 0755, e);
			if (q > 0) {
				made = true;
				q = file_sync_parent(r, part, e);
			}
			if (q < 0)
				return q;
		} else if (q < 0) {
			return err_errno(e, q, "cannot make the directory %s", part);
		}
		*p = was;
	}
	return made;
}

/* Owner, mode and xattrs as `path` has them; a new file keeps what it was made with. */
static int copy_attr(const struct root *r, const char *path, int fd, struct err *e)
{
	struct file_attr a = {0};
	cleanup_(close_fd) int from = -1;
	struct stat st;
	int q;

	q = root_lstat(r, path, &st);
	if (q == -ENOENT)
		return 0;
	if (q < 0)
		return err_errno(e, q, "cannot look at %s", path);
	if (S_ISLNK(st.st_mode))
		return err_set(e, -ELOOP, "%s is a symbolic link", path);
	if (!S_ISREG(st.st_mode))
		return err_set(e, -EINVAL, "%s is not a regular file", path);
	from = root_openat(r, path, O_RDONLY | O_NOFOLLOW, 0);
	q = from < 0 ? from : file_attr_get(from, &a);
	if (q >= 0)
		q = file_attr_set(fd, &a, false);
	file_attr_done(&a);
	return q < 0 ? err_errno(
			       e, q, "cannot copy owner, mode and attributes of %s", path)
		     : 0;
}

int file_stage(const struct root *r, const char *path, const char *temp, struct str data,
	mode_t mode, struct err *e)
{
	cleanup_(free_charp) char *beside = file_beside(path, temp);
	cleanup_(close_fd) int fd = -1;
	int q;

	if (!beside)
		return err_oom(e);
	fd = file_create(r, beside, mode, e);
	if (fd < 0)
		return fd;
	q = file_write_all(fd, data);
	if (q < 0)
		err_errno(e, q, "cannot write %s", beside);
	/* After the bytes: writing takes set-user-ID bits and capabilities away. */
	if (q >= 0)
		q = copy_attr(r, path, fd, e);
	if (q >= 0) {
		q = sync_fd(fd, "fsync", beside, CALLER);
		if (q < 0)
			err_errno(e, q, "cannot write %s", beside);
	}
	if (q < 0) {
		struct err ignored;

		if (file_unlink(r, beside, &ignored) < 0)
			err_wrap(e, q, "%s is left behind", beside);
		return q;
	}
	return 0;
}

int file_replace(const struct root *r, const char *path, struct str data, mode_t mode,
	struct err *e)
{
	cleanup_(free_charp) char *real = NULL, *temp = NULL, *beside = NULL;
	const char *slash;
	int q;

	q = root_realpath(r, path, &real);
	if (q == -ENOENT)
		real = strdup(path);
	else if (q < 0)
		return err_errno(e, q, "cannot write %s", path);
	if (!real)
		return err_oom(e);
	slash = strrchr(real, '/');
	temp = str_printf(".%s.xvd2vd", slash ? slash + 1 : real);
	beside = temp ? file_beside(real, temp) : NULL;
	if (!beside)
		return err_oom(e);
	/* The name is ours alone: one that is there is what a crash has left. */
	q = file_unlink(r, beside, e);
	if (q >= 0)
		q = file_stage(r, real, temp, data, mode, e);
	if (q < 0)
		return q;
	q = file_publish(r, real, temp, e);
	if (q < 0) {
		struct err ignored;

		if (file_unlink(r, beside, &ignored) < 0)
			err_wrap(e, q, "%s is left behind", beside);
		return q;
	}
	return file_sync_parent(r, real, e);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See image.h. */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "txn/crc32c.h"
#include "txn/image.h"

#define BUFFER ((size_t)256 << 10)
/* Nothing that is changed here is larger; what has become so since is told by its size. */
#define LOOK_MAX ((off_t)1 << 30)

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

void image_done(struct image *im)
{
	file_attr_done(&im->attr);
	free(im->target);
	*im = (struct image){0};
}

void image_put(struct strbuf *b, const struct image *im)
{
	put_u8(b, im->kind);
	put_u32(b, im->attr.uid);
	put_u32(b, im->attr.gid);
	put_u32(b, im->attr.mode);
	put_u64(b, (uint64_t)im->attr.mtime.tv_sec);
	put_u32(b, (uint32_t)im->attr.mtime.tv_nsec);
	put_str(b, (struct str){im->attr.xattrs, im->attr.xattrs_n});
	put_u64(b, im->size);
	put_u32(b, im->crc);
	put_str(b, str_from(im->target));
	put_u32(b, im->copy);
}

int image_get(struct reader *rd, struct image *ret)
{
	struct image im = {0};
	struct str xattrs, target;

	im.kind = (enum image_kind)get_u8(rd);
	im.attr.uid = get_u32(rd);
	im.attr.gid = get_u32(rd);
	im.attr.mode = get_u32(rd);
	im.attr.mtime.tv_sec = (time_t)get_u64(rd);
	im.attr.mtime.tv_nsec = get_u32(rd);
	xattrs = get_str(rd);
	im.size = get_u64(rd);
	im.crc = get_u32(rd);
	target = get_str(rd);
	im.copy = get_u32(rd);
	if (rd->bad || im.kind > IMAGE_OTHER || str_has_nul(target))
		return -EUCLEAN;
	if (xattrs.n) {
		im.attr.xattrs = str_dup(xattrs);
		im.attr.xattrs_n = xattrs.n;
	}
	if (im.kind == IMAGE_LINK)
		im.target = str_dup(target);
	if ((xattrs.n && !im.attr.xattrs) || (im.kind == IMAGE_LINK && !im.target)) {
		image_done(&im);
		return -ENOMEM;
	}
	*ret = im;
	return 0;
}

/* Reads up to `limit` bytes; writes them to `to` unless that is -1. */
static int pump(int from, int to, uint64_t limit, uint32_t *ret_crc, uint64_t *ret_n)
{
	cleanup_(free_charp) char *buffer = malloc(BUFFER);
	uint32_t crc = 0;
	uint64_t n = 0;

	if (!buffer)
		return -ENOMEM;
	while (n < limit) {
		size_t want = limit - n < BUFFER ? (size_t)(limit - n) : BUFFER;
		ssize_t k = read(from, buffer, want);
		struct str got;
		int q;

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return -errno;
		if (!k)
			break;
		got = (struct str){buffer, (size_t)k};
		crc = crc32c(crc, got);
		n += got.n;
		q = to < 0 ? 0 : file_write_all(to, got);
		if (q < 0)
			return q;
	}
	*ret_crc = crc;
	*ret_n = n;
	return 0;
}

int image_copy(int from, int to, uint32_t *ret_crc, uint64_t *ret_n)
{
	return pump(from, to, UINT64_MAX, ret_crc, ret_n);
}

/* `to`: where the bytes of a file shall go as well, or -1. */
static int look(const struct root *r, const char *path, int to, struct image *ret)
{
	cleanup_(close_fd) int fd = root_openat(r, path, O_PATH | O_NOFOLLOW, 0);
	struct image im = {0};
	struct stat st;
	int q;

	if (fd == -ENOENT || fd == -ENOTDIR) {
		*ret = im;
		return 0;
	}
	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return -errno;
	im.kind = S_ISREG(st.st_mode)   ? IMAGE_FILE
		  : S_ISLNK(st.st_mode) ? IMAGE_LINK
					: IMAGE_OTHER;
	if (im.kind == IMAGE_LINK) {
		q = root_readlink(r, path, &im.target);
		if (q >= 0)
			q = file_attr_get(fd, &im.attr);
	} else if (im.kind == IMAGE_FILE && to < 0 && st.st_size > LOOK_MAX) {
		im.attr.mode = st.st_mode;
		im.size = (uint64_t)st.st_size;
		q = 0;
	} else if (im.kind == IMAGE_FILE) {
		cleanup_(close_fd) int in =
			root_openat(r, path, O_RDONLY | O_NOFOLLOW, 0);

		q = in < 0 ? in : file_attr_get(in, &im.attr);
		if (q >= 0)
			q = pump(in, to, UINT64_MAX, &im.crc, &im.size);
	} else {
		im.attr.mode = st.st_mode;
		q = 0;
	}
	if (q < 0) {
		image_done(&im);
		return q;
	}
	*ret = im;
	return 0;
}

int image_look(const struct root *r, const char *path, struct image *ret, struct err *e)
{
	int q = look(r, path, -1, ret);

	return q < 0 ? err_errno(e, q, "cannot look at %s", path) : 0;
}

bool image_same(const struct image *a, const struct image *b)
{
	if (a->kind != b->kind)
		return false;
	if (a->kind == IMAGE_FILE)
		return a->size == b->size && a->crc == b->crc;
	if (a->kind == IMAGE_LINK)
		return !strcmp(a->target, b->target);
	return a->kind == IMAGE_ABSENT;
}

bool image_equal(const struct image *a, const struct image *b)
{
	return image_same(a, b) &&
	       (a->kind == IMAGE_ABSENT || file_attr_eq(&a->attr, &b->attr));
}

/* Better now than behind the commit record, when the rename fails. */
static int refuse_immutable(const struct root *r, const char *path, struct err *e)
{
	cleanup_(close_fd) int fd = root_openat(r, path, O_RDONLY | O_NOFOLLOW, 0);
	int flags;

	if (fd >= 0 && ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0 &&
		(flags & (FS_IMMUTABLE_FL | FS_APPEND_FL)))
		return err_set(e, -EPERM,
			"%s is protected by chattr +i or +a; take that off first", path);
	return 0;
}

int image_save(const struct root *r, const char *path, const char *folder, unsigned copy,
	struct image *ret, struct err *e)
{
	cleanup_(free_charp) char *to = str_printf("%s/%u", folder, copy);
	cleanup_(close_fd) int fd = -1;
	struct image im = {0};
	struct stat st;
	int q;

	if (!to)
		return err_oom(e);
	q = root_lstat(r, path, &st);
	if (q < 0 || !S_ISREG(st.st_mode))
		return image_look(r, path, ret, e);
	q = refuse_immutable(r, path, e);
	if (q < 0)
		return q;
	fd = file_create(r, to, 0600, e);
	if (fd < 0)
		return fd;
	q = look(r, path, fd, &im);
	if (q >= 0)
		q = file_fsync(fd);
	if (q < 0) {
		image_done(&im);
		return err_errno(e, q, "cannot keep a copy of %s", path);
	}
	q = file_sync_parent(r, to, e);
	if (q < 0) {
		image_done(&im);
		return q;
	}
	im.copy = copy;
	*ret = im;
	return 0;
}

static int stage_file(const struct root *r, const char *beside, const char *folder,
	const struct image *im, struct err *e)
{
	cleanup_(free_charp) char *copy = str_printf("%s/%u", folder, im->copy);
	cleanup_(close_fd) int from = -1, to = -1;
	uint32_t crc = 0;
	uint64_t n = 0;
	int q;

	if (!copy)
		return err_oom(e);
	from = root_openat(r, copy, O_RDONLY | O_NOFOLLOW, 0);
	if (from < 0)
		return err_errno(e, from, "cannot read %s", copy);
	to = file_create(r, beside, 0600, e);
	if (to < 0)
		return to;
	q = image_copy(from, to, &crc, &n);
	if (q >= 0 && (crc != im->crc || n != im->size))
		return err_set(e, -EUCLEAN, "the copy %s is damaged", copy);
	if (q >= 0)
		q = file_attr_set(to, &im->attr, true);
	if (q >= 0)
		q = file_fsync(to);
	return q < 0 ? err_errno(e, q, "cannot write %s", beside) : 0;
}

static int stage_link(
	const struct root *r, const char *beside, const struct image *im, struct err *e)
{
	cleanup_(close_fd) int fd = -1;
	int q = file_symlink(r, beside, im->target, e);

	if (q < 0)
		return q;
	fd = root_openat(r, beside, O_PATH | O_NOFOLLOW, 0);
	q = fd < 0 ? fd : file_attr_set(fd, &im->attr, true);
	return q < 0 ? err_errno(e, q, "cannot set the owner of %s", beside) : 0;
}

bool image_begins(const struct root *r, const char *path, const struct image *im)
{
	cleanup_(close_fd) int fd = root_openat(r, path, O_RDONLY | O_NOFOLLOW, 0);
	uint32_t crc = 0;
	uint64_t n = 0;

	return fd >= 0 && pump(fd, -1, im->size, &crc, &n) >= 0 && n == im->size &&
	       crc == im->crc;
}

/* The bytes before the cut must be those that were there: a file that was made anew since
 * would be destroyed by cutting it. */
static int cut(
	const struct root *r, const char *path, const struct image *im, struct err *e)
{
	cleanup_(close_fd) int fd = file_open_rw(r, path, e);
	int q = 0;

	if (fd < 0)
		return fd;
	if (!image_begins(r, path, im))
		return err_set(e, -ESTALE, "%s is another file now", path);
	q = file_truncate(fd, im->size);
	if (q >= 0)
		q = file_attr_set(fd, &im->attr, true);
	if (q >= 0)
		q = file_fsync(fd);
	return q < 0 ? err_errno(e, q, "cannot cut %s", path) : 1;
}

/* What is there is right, but it may be an interrupted run that put it there and did not come
 * to sync it, or to take its temporary file away. */
static int settle(const struct root *r, const char *path, const char *beside,
	const struct image *now, struct err *e)
{
	int q = file_unlink(r, beside, e);

	if (q >= 0 && now->kind == IMAGE_FILE) {
		cleanup_(close_fd) int fd =
			root_openat(r, path, O_RDONLY | O_NOFOLLOW, 0);

		q = fd < 0 ? fd : file_fsync(fd);
		if (q < 0)
			return err_errno(e, q, "cannot sync %s", path);
	}
	if (q >= 0)
		q = file_sync_parent(r, path, e);
	return q == -ENOENT || q == -ENOTDIR ? 0 : q;
}

int image_restore(const struct root *r, const char *path, const char *folder,
	const struct image *im, const char *temp, struct err *e)
{
	cleanup_(free_charp) char *beside = file_beside(path, temp);
	cleanup_(image_done) struct image now = {0};
	int q;

	if (!beside)
		return err_oom(e);
	q = image_look(r, path, &now, e);
	if (q < 0)
		return q;
	if (image_equal(&now, im))
		return settle(r, path, beside, &now, e);
	if (now.kind == IMAGE_OTHER)
		return err_set(e, -EISDIR, "%s is no file any more", path);
	if (im->kind == IMAGE_FILE && !im->copy)
		return now.kind == IMAGE_FILE
			       ? cut(r, path, im, e)
			       : err_set(e, -ESTALE, "%s is another file now", path);
	if (im->kind == IMAGE_ABSENT) {
		q = file_unlink(r, path, e);
	} else {
		q = file_unlink(r, beside, e);
		if (q >= 0)
			q = im->kind == IMAGE_LINK ? stage_link(r, beside, im, e)
						   : stage_file(r, beside, folder, im, e);
		if (q >= 0)
			q = file_publish(r, path, temp, e);
	}
	if (q >= 0)
		q = file_sync_parent(r, path, e);
	return q < 0 ? q : 1;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* initramfs_unpack(): our own archive, through libarchive (which checks what a stranger's
 * archive may not do, but reads ahead too far for initramfs_read()). Written with plain
 * *at() calls: libarchive's own writer would drag ACL libraries into the static binary. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>

#include "sys/initramfs_read.h"

static void archive_done(struct archive **a)
{
	if (*a)
		archive_read_free(*a);
}

static void fd_done(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static int archive_failed(struct archive *a, struct err *e)
{
	int code = archive_errno(a);
	const char *text = archive_error_string(a);

	/* libarchive's own codes (ARCHIVE_ERRNO_FILE_FORMAT = EILSEQ) are not ours. */
	return err_set(e, code == ENOMEM || code == EIO ? -code : -EBADMSG,
		"cannot read the archive: %s", text ? text : "unknown reason");
}

/* Our build writes plain relative paths; others would leave `dir`. */
static bool is_plain(const char *path)
{
	for (const char *p = path; *p; p++)
		if ((p == path || p[-1] == '/') && !strncmp(p, "..", 2) &&
			(!p[2] || p[2] == '/'))
			return false;
	return *path && *path != '/';
}

static int make_parents(int dir, const char *path)
{
	char part[4096];

	if (strlen(path) >= sizeof(part))
		return -ENAMETOOLONG;
	for (const char *p = strchr(path, '/'); p; p = strchr(p + 1, '/')) {
		memcpy(part, path, (size_t)(p - path));
		part[p - path] = '\0';
		if (mkdirat(dir, part, 0755) < 0 && errno != EEXIST)
			return -errno;
	}
	return 0;
}

static int write_whole(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -errno;
		p += done;
		n -= (size_t)done;
	}
	return 0;
}

static int write_content(int fd, const char *path, struct archive *a, struct err *e)
{
	char buf[64 * 1024];
	la_ssize_t n;

	while ((n = archive_read_data(a, buf, sizeof(buf))) > 0) {
		int r = write_whole(fd, buf, (size_t)n);

		if (r < 0)
			return err_errno(e, r, "cannot write %s", path);
	}
	return n < 0 ? archive_failed(a, e) : 0;
}

static int write_file(
	int dir, const char *path, mode_t mode, struct archive *a, struct err *e)
{
	cleanup_(fd_done) int fd = openat(
		dir, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);

	/* fchmod: the umask does not apply. */
	if (fd < 0 || fchmod(fd, mode) < 0)
		return err_errno(e, -errno, "cannot create %s", path);
	return write_content(fd, path, a, e);
}

static int make_directory(int dir, const char *path, mode_t mode)
{
	if (mkdirat(dir, path, mode) < 0 && errno != EEXIST)
		return -errno;
	return fchmodat(dir, path, mode, 0) < 0 ? -errno : 0;
}

static int make_entry(
	int dir, struct archive_entry *entry, struct archive *a, struct err *e)
{
	const char *path = archive_entry_pathname(entry);
	const char *link = archive_entry_hardlink(entry);
	mode_t mode = archive_entry_perm(entry);
	int r = 0;

	while (path && !strncmp(path, "./", 2))
		path += 2;
	if (!path || !*path || !strcmp(path, "."))
		return 0;
	if (!is_plain(path))
		return err_set(e, -EBADMSG, "the archive holds the path %s", path);
	r = make_parents(dir, path);
	if (r < 0)
		return err_errno(e, r, "cannot create the directories of %s", path);
	if (archive_entry_filetype(entry) == AE_IFDIR) {
		r = make_directory(dir, path, mode);
		return r < 0 ? err_errno(e, r, "cannot create %s", path) : 0;
	}
	/* What an earlier run left behind. */
	if (unlinkat(dir, path, 0) < 0 && errno != ENOENT)
		return err_errno(e, -errno, "cannot replace %s", path);
	if (link) {
		while (!strncmp(link, "./", 2))
			link += 2;
		r = linkat(dir, link, dir, path, 0) < 0 ? -errno : 0;
	} else if (archive_entry_filetype(entry) == AE_IFLNK) {
		r = symlinkat(archive_entry_symlink(entry), dir, path) < 0 ? -errno : 0;
	} else if (archive_entry_filetype(entry) == AE_IFREG) {
		return write_file(dir, path, mode, a, e);
	} else {
		r = mknodat(dir, path, archive_entry_filetype(entry) | mode,
			    archive_entry_rdev(entry)) < 0
			    ? -errno
			    : 0;
	}
	return r < 0 ? err_errno(e, r, "cannot create %s", path) : 0;
}

/* The last of several names carries the content: the file is there already, empty. */
static int fill_link(
	int dir, struct archive_entry *entry, struct archive *a, struct err *e)
{
	const char *path = archive_entry_pathname(entry);
	cleanup_(fd_done) int fd = -1;

	if (!archive_entry_hardlink(entry) || archive_entry_size(entry) <= 0)
		return 0;
	fd = openat(dir, path, O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return err_errno(e, -errno, "cannot write %s", path);
	return write_content(fd, path, a, e);
}

int initramfs_unpack(int fd, const char *dir, struct err *e)
{
	cleanup_(archive_done) struct archive *a = archive_read_new();
	cleanup_(fd_done) int to = -1;
	struct archive_entry *entry;
	int r;

	if (!a)
		return err_oom(e);
	archive_read_support_format_cpio(a);
	archive_read_support_filter_zstd(a);
	archive_read_support_filter_xz(a);
	archive_read_support_filter_gzip(a);
	to = open(dir, O_DIRECTORY | O_RDONLY | O_CLOEXEC);
	if (to < 0)
		return err_errno(e, -errno, "cannot open %s", dir);
	if (archive_read_open_fd(a, fd, 64 * 1024) != ARCHIVE_OK)
		return archive_failed(a, e);
	for (;;) {
		r = archive_read_next_header(a, &entry);
		if (r == ARCHIVE_EOF)
			return 0;
		if (r != ARCHIVE_OK && r != ARCHIVE_WARN)
			return archive_failed(a, e);
		r = make_entry(to, entry, a, e);
		if (r == 0)
			r = fill_link(to, entry, a, e);
		if (r < 0)
			return r;
	}
}

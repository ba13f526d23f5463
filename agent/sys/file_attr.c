/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See file_attr.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "base/strv.h"
#include "sys/file.h"
#include "sys/file_attr.h"

/* The kernel's own limits (XATTR_LIST_MAX, XATTR_SIZE_MAX). */
#define LIST_MAX 65536
#define VALUE_MAX 65536

/* An O_PATH fd of a link takes no f*xattr() calls, but /proc's magic link to it does, and it
 * leads to the link itself. */
struct target {
	int fd;
	char proc[40]; /* "" for an ordinary fd */
};

static struct target target_of(int fd, mode_t mode)
{
	struct target t = {.fd = fd};

	if (S_ISLNK(mode))
		(void)snprintf(t.proc, sizeof(t.proc), "/proc/self/fd/%d", fd);
	return t;
}

static int unsupported(int error)
{
	return error == ENOTSUP || error == ENOSYS || error == ENOENT;
}

static ssize_t list(const struct target *t, char *buf, size_t n)
{
	ssize_t k = t->proc[0] ? listxattr(t->proc, buf, n) : flistxattr(t->fd, buf, n);

	return k >= 0 ? k : unsupported(errno) ? 0 : -errno;
}

static ssize_t get(const struct target *t, const char *name, void *buf, size_t n)
{
	ssize_t k = t->proc[0] ? getxattr(t->proc, name, buf, n)
			       : fgetxattr(t->fd, name, buf, n);

	return k >= 0 ? k : -errno;
}

static int names_of(const struct target *t, struct strv *names)
{
	cleanup_(free_charp) char *buf = malloc(LIST_MAX);
	struct str rest, name;
	ssize_t n;

	if (!buf)
		return -ENOMEM;
	n = list(t, buf, LIST_MAX);
	if (n <= 0)
		return (int)n;
	rest = (struct str){buf, (size_t)n};
	while (rest.n && str_cut(rest, '\0', &name, &rest)) {
		int r = strv_add(names, name);

		if (r < 0)
			return r;
	}
	strv_sort(names);
	return 0;
}

static void add_xattr(struct strbuf *b, const char *name, struct str value)
{
	uint32_t n = (uint32_t)value.n;
	const char le[4] = {(char)n, (char)(n >> 8), (char)(n >> 16), (char)(n >> 24)};

	strbuf_adds(b, name);
	strbuf_addc(b, '\0');
	strbuf_add(b, (struct str){le, 4});
	strbuf_add(b, value);
}

/* False at the end; a cut list, which the journal's checksum does not let through, ends. */
static bool next_xattr(struct str *rest, const char **ret_name, struct str *ret_value)
{
	const unsigned char *le;
	struct str name, tail;
	size_t n;

	if (!rest->n || !str_cut(*rest, '\0', &name, &tail) || tail.n < 4)
		return false;
	le = (const unsigned char *)tail.p;
	n = (size_t)le[0] | (size_t)le[1] << 8 | (size_t)le[2] << 16 |
	    (size_t)le[3] << 24;
	tail = str_from_pos(tail, 4);
	if (n > tail.n)
		return false;
	*ret_name = name.p;
	*ret_value = str_upto(tail, n);
	*rest = str_from_pos(tail, n);
	return true;
}

static int xattrs_get(const struct target *t, struct strbuf *ret)
{
	cleanup_(free_charp) char *value = malloc(VALUE_MAX);
	cleanup_(strv_done) struct strv names = {0};
	int r;

	if (!value)
		return -ENOMEM;
	r = names_of(t, &names);
	if (r < 0)
		return r;
	STRV_FOREACH (name, &names) {
		ssize_t n = get(t, *name, value, VALUE_MAX);

		/* Listed but not readable: another user's trusted.*, or gone since. */
		if (n == -ENODATA || n == -EPERM || n == -ENOTSUP)
			continue;
		if (n < 0)
			return (int)n;
		add_xattr(ret, *name, (struct str){value, (size_t)n});
	}
	return strbuf_err(ret);
}

static int xattr_set(const struct target *t, const char *name, struct str value)
{
	int k = t->proc[0] ? setxattr(t->proc, name, value.p, value.n, 0)
			   : fsetxattr(t->fd, name, value.p, value.n, 0);

	return k < 0 ? -errno : 0;
}

static int xattr_remove(const struct target *t, const char *name)
{
	int k = t->proc[0] ? removexattr(t->proc, name) : fremovexattr(t->fd, name);

	return k < 0 && errno != ENODATA ? -errno : 0;
}

/* A new file has xattrs of its own (an ACL by the directory's default, a label): those that
 * are not wanted go. */
static int xattrs_set(const struct target *t, struct str want)
{
	cleanup_(strbuf_done) struct strbuf have = {0};
	struct str rest, value;
	const char *name;
	int r;

	r = xattrs_get(t, &have);
	if (r < 0 || str_eq(strbuf_str(&have), want))
		return r;
	rest = strbuf_str(&have);
	while (next_xattr(&rest, &name, &value)) {
		struct str look = want, v;
		const char *n;
		bool keep = false;

		while (!keep && next_xattr(&look, &n, &v))
			keep = !strcmp(n, name);
		r = keep ? 0 : xattr_remove(t, name);
		/* A security module that is on gives every file a label and keeps it. */
		if (r < 0 && !(r == -EACCES && !strncmp(name, "security.", 9)))
			return r;
	}
	while (next_xattr(&want, &name, &value)) {
		r = xattr_set(t, name, value);
		if (r < 0)
			return r;
	}
	return 0;
}

void file_attr_done(struct file_attr *a)
{
	free(a->xattrs);
	*a = (struct file_attr){0};
}

int file_attr_get(int fd, struct file_attr *ret)
{
	cleanup_(strbuf_done) struct strbuf xattrs = {0};
	struct target t;
	struct stat st;
	char *bytes;
	size_t n;
	int r;

	if (fstat(fd, &st) < 0)
		return -errno;
	t = target_of(fd, st.st_mode);
	r = xattrs_get(&t, &xattrs);
	if (r < 0)
		return r;
	n = xattrs.n;
	bytes = n ? strbuf_take(&xattrs) : NULL;
	if (n && !bytes)
		return -ENOMEM;
	*ret = (struct file_attr){
		.uid = st.st_uid,
		.gid = st.st_gid,
		.mode = st.st_mode,
		.mtime = st.st_mtim,
		.xattrs = bytes,
		.xattrs_n = n,
	};
	return 0;
}

/* The order matters: a change of owner drops set-user-ID bits and capabilities, a change of
 * mode rewrites the ACL's mask. */
int file_attr_set(int fd, const struct file_attr *a, bool times)
{
	struct timespec ts[2] = {{.tv_nsec = UTIME_OMIT}, a->mtime};
	bool link = S_ISLNK(a->mode), chowned = false;
	struct target t = target_of(fd, a->mode);
	struct stat st;
	int r;

	r = file_ask("attr", "", fd);
	if (r < 0)
		return r;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (st.st_uid != a->uid || st.st_gid != a->gid) {
		if (fchownat(fd, "", a->uid, a->gid,
			    AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW) < 0)
			return -errno;
		chowned = true;
	}
	if (!link && (chowned || (st.st_mode & 07777) != (a->mode & 07777)) &&
		fchmod(fd, a->mode & 07777) < 0)
		return -errno;
	r = xattrs_set(&t, (struct str){a->xattrs, a->xattrs_n});
	if (r < 0)
		return r;
	if (!times)
		return 0;
	if (link)
		r = utimensat(fd, "", ts, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW);
	else
		r = futimens(fd, ts);
	return r < 0 ? -errno : 0;
}

/* By names below /proc/self/fd: the folder's fd is one of O_PATH, and a link must not be
 * followed. */
int file_attr_label(int dir, const char *name, const char *label)
{
	static const char xattr[] = "security.selinux";
	cleanup_(free_charp) char *folder = str_printf("/proc/self/fd/%d", dir);
	cleanup_(free_charp) char *path = str_printf("/proc/self/fd/%d/%s", dir, name);
	char buf[4096];
	ssize_t n;

	if (!folder || !path)
		return -ENOMEM;
	if (!label) {
		if (lgetxattr(path, xattr, NULL, 0) > 0)
			return 0;
		n = getxattr(folder, xattr, buf, sizeof(buf));
		if (n <= 0)
			return 0;
		label = buf;
	} else {
		n = (ssize_t)strlen(label) + 1; /* as libselinux: with its NUL */
	}
	if (lsetxattr(path, xattr, label, (size_t)n, 0) < 0 && errno != EPERM &&
		errno != ENODATA && !unsupported(errno))
		return -errno;
	return 0;
}

bool file_attr_eq(const struct file_attr *a, const struct file_attr *b)
{
	return a->uid == b->uid && a->gid == b->gid &&
	       (a->mode & S_IFMT) == (b->mode & S_IFMT) &&
	       (S_ISLNK(a->mode) || a->mode == b->mode) &&
	       a->mtime.tv_sec == b->mtime.tv_sec &&
	       a->mtime.tv_nsec == b->mtime.tv_nsec && a->xattrs_n == b->xattrs_n &&
	       (!a->xattrs_n || !memcmp(a->xattrs, b->xattrs, a->xattrs_n));
}

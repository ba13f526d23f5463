/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See mount.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "sys/mount.h"
#include "sys/mount_table.h"
#include "sys/root.h"

static const struct api {
	const char *target, *type, *options;
	unsigned long flags;
} apis[] = {
	{"/proc", "proc", NULL, MS_NOSUID | MS_NODEV | MS_NOEXEC},
	{"/sys", "sysfs", NULL, MS_NOSUID | MS_NODEV | MS_NOEXEC},
	{"/dev", "devtmpfs", "mode=0755", MS_NOSUID},
	{"/dev/pts", "devpts", "mode=0620,gid=5,ptmxmode=0666", MS_NOSUID | MS_NOEXEC},
	{"/run", "tmpfs", "mode=0755", MS_NOSUID | MS_NODEV},
	{"/tmp", "tmpfs", "mode=1777", MS_NOSUID | MS_NODEV},
};

static const char *const bound[] = {"/dev", "/proc", "/sys", "/run"};

static void fd_done(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static bool is_mount_point(const char *path)
{
	cleanup_(free_charp) char *above = str_printf("%s/..", path);
	struct stat a, b;

	return above && stat(path, &a) == 0 && stat(above, &b) == 0 &&
	       a.st_dev != b.st_dev;
}

int mount_api(struct err *e)
{
	for (size_t i = 0; i < ARRAY_SIZE(apis); i++) {
		const struct api *a = &apis[i];

		if (mkdir(a->target, 0755) < 0 && errno != EEXIST)
			return err_errno(e, -errno, "cannot create %s", a->target);
		if (is_mount_point(a->target))
			continue;
		/* EBUSY: the kernel was there first (CONFIG_DEVTMPFS_MOUNT). */
		if (mount(a->type, a->target, a->type, a->flags, a->options) < 0 &&
			errno != EBUSY)
			return err_errno(e, -errno, "cannot mount %s", a->target);
	}
	/* What a shell's <( ) needs; udevd would make it, but later. */
	if (symlink("/proc/self/fd", "/dev/fd") < 0 && errno != EEXIST)
		return err_errno(e, -errno, "cannot create /dev/fd");
	return 0;
}

int mount_set_writable(const char *device, bool writable, struct err *e)
{
	int fd = open(device, O_RDONLY | O_CLOEXEC), read_only = !writable, r = 0;

	if (fd < 0)
		return err_errno(e, -errno, "%s", device);
	if (ioctl(fd, BLKROSET, &read_only) < 0)
		r = err_errno(e, -errno, "%s: BLKROSET", device);
	close(fd);
	return r;
}

int mount_guest(const char *device, const char *type, const char *target, bool readonly,
	const char *options, struct err *e)
{
	unsigned long flags = MS_NOATIME | (readonly ? MS_RDONLY : 0);
	struct statvfs st;

	if (mkdir(target, 0755) < 0 && errno != EEXIST)
		return err_errno(e, -errno, "cannot create %s", target);
	if (mount(device, target, type, flags, options) < 0) {
		/* The kernel says so when a rw mount meets a read-only disk. */
		int r = errno == EACCES && !readonly ? -EROFS : -errno;

		return err_errno(
			e, r, "cannot mount %s (%s) on %s", device, type, target);
	}
	if (readonly || statvfs(target, &st) < 0 || !(st.f_flag & ST_RDONLY))
		return 0;
	umount2(target, UMOUNT_NOFOLLOW);
	return err_set(e, -EROFS,
		"%s (%s) can only be mounted read-only; nothing was touched", device,
		type);
}

int mount_make_writable(const char *target, struct err *e)
{
	if (mount(NULL, target, NULL, MS_REMOUNT | MS_NOATIME, NULL) < 0)
		return err_errno(e, -errno, "cannot make %s writable", target);
	return 0;
}

/* /proc/self/fd/N of a guest's directory: reached without following a link out of the
 * guest. -ENOENT where it has none. */
static int guest_dir(
	const struct root *r, const char *path, int *ret_fd, char *ret_path, size_t room)
{
	int fd = root_openat(r, path, O_PATH | O_DIRECTORY, 0);

	if (fd < 0)
		return fd;
	snprintf(ret_path, room, "/proc/self/fd/%d", fd);
	*ret_fd = fd;
	return 0;
}

static int bind_one(const struct root *r, const char *path, struct err *e)
{
	cleanup_(fd_done) int under = -1;
	cleanup_(fd_done) int over = -1;
	char target[64];
	int ret = guest_dir(r, path, &under, target, sizeof(target));

	if (ret == -ENOENT) /* /run is younger than many guests */
		return 0;
	if (ret == 0 && mount(path, target, NULL, MS_BIND | MS_REC, NULL) < 0)
		ret = -errno;
	/* Unmounting it later must not reach our own /dev/pts where mounts are shared; the
	 * new mount is what the path now leads to. */
	if (ret == 0)
		ret = guest_dir(r, path, &over, target, sizeof(target));
	if (ret == 0 && mount(NULL, target, NULL, MS_SLAVE | MS_REC, NULL) < 0)
		ret = -errno;
	return ret < 0 ? err_errno(e, ret, "cannot bind %s into %s", path, r->path) : 0;
}

static void root_cleanup(struct root *r)
{
	root_done(r);
}

int mount_bind(const char *root, struct err *e)
{
	cleanup_(root_cleanup) struct root r = ROOT_CLOSED;
	int ret = root_open(root, &r, e);

	for (size_t i = 0; i < ARRAY_SIZE(bound) && ret == 0; i++)
		ret = bind_one(&r, bound[i], e);
	if (ret < 0 && r.fd >= 0)
		(void)!mount_unbind(root, NULL);
	return ret;
}

int mount_unbind(const char *root, struct err *e)
{
	cleanup_(root_cleanup) struct root r = ROOT_CLOSED;
	int ret = root_open(root, &r, e);

	for (size_t i = ARRAY_SIZE(bound); i-- && ret == 0;) {
		cleanup_(free_charp) char *inside = NULL, *path = NULL;

		ret = root_realpath(&r, bound[i], &inside);
		if (ret == -ENOENT) {
			ret = 0;
			continue;
		}
		if (ret < 0)
			return err_errno(e, ret, "cannot find %s in %s", bound[i], root);
		path = str_printf("%s%s", root, inside);
		ret = path ? mount_table_release(path, e) : err_oom(e);
	}
	return ret;
}

int mount_release(const char *target, struct err *e)
{
	cleanup_(fd_done) int fd = open(target, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0)
		return err_errno(e, -errno, "cannot open %s", target);
	/* Errors of writing are told here; umount(2) keeps them to itself. */
	if (syncfs(fd) < 0)
		return err_errno(e, -errno, "cannot write all of %s to its disk", target);
	fd_done(&fd);
	fd = -1;
	return mount_table_release(target, e);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See takeover.h. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/str.h"
#include "main/init_switch.h"
#include "main/takeover.h"
#include "sys/initramfs_read.h"
#include "sys/mount.h"
#include "sys/notify.h"
#include "sys/spawn.h"

/* In the root of the initramfs, the one folder that every one has. The tree is not below /run,
 * which is to move into it. */
#define ARCHIVE "/xvd2vd.system"
#define TREE "/xvd2vd.root"

static void fd_done(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static int copy_file(const char *from, const char *to, mode_t mode)
{
	cleanup_(fd_done) int in = open(from, O_RDONLY | O_CLOEXEC);
	cleanup_(fd_done) int out = -1;
	ssize_t n;

	if (in < 0)
		return -errno;
	out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	if (out < 0)
		return -errno;
	while ((n = sendfile(out, in, NULL, 1 << 20)) > 0)
		;
	return n < 0 ? -errno : 0;
}

static size_t copied_below; /* how much of a path is the folder that is copied */
static const char *copied_to;

static int copy_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	cleanup_(free_charp) char *to =
		str_printf("%s%s", copied_to, path + copied_below);
	char target[PATH_MAX];
	ssize_t n;
	int r = 0;

	(void)ftw;
	if (!to)
		return -ENOMEM;
	if (type == FTW_D) {
		r = mkdir(to, 0755) < 0 && errno != EEXIST ? -errno : 0;
	} else if (type == FTW_SL) {
		n = readlink(path, target, sizeof(target) - 1);
		target[n < 0 ? 0 : n] = '\0';
		r = n < 0 || symlink(target, to) < 0 ? -errno : 0;
	} else if (S_ISREG(st->st_mode)) {
		r = copy_file(path, to, st->st_mode & 0777);
	}
	return r;
}

/* What is not there is not copied. */
static int copy_folder(const char *from, const char *to, struct err *e)
{
	char real[PATH_MAX]; /* /lib may be a link */
	int r;

	if (!realpath(from, real))
		return 0;
	copied_below = strlen(real);
	copied_to = to;
	r = nftw(real, copy_one, 16, FTW_PHYS);
	return r < 0 ? err_errno(
			       e, r == -1 ? -errno : r, "cannot copy %s to %s", from, to)
		     : 0;
}

/* A disk's driver may want firmware. */
static int copy_drivers(struct err *e)
{
	cleanup_(free_charp) char *from = NULL, *to = NULL;
	struct utsname kernel;
	int r;

	if (uname(&kernel) < 0)
		return err_errno(e, -errno, "uname");
	from = str_printf("/lib/modules/%s", kernel.release);
	to = str_printf(TREE "/usr/lib/modules/%s", kernel.release);
	if (!from || !to)
		return err_oom(e);
	mkdir(TREE "/usr/lib/modules", 0755);
	r = copy_folder(from, to, e);
	return r < 0 ? r : copy_folder("/lib/firmware", TREE "/usr/lib/firmware", e);
}

/* Of the other's nothing is touched before the switch, which removes it. */
static int make_tree(int archive, struct err *e)
{
	int r;

	if (mkdir(TREE, 0755) < 0 && errno != EEXIST)
		return err_errno(e, -errno, "cannot create " TREE);
	/* By default it could not grow past half of the memory. */
	if (mount("xvd2vd", TREE, "tmpfs", 0, "mode=0755,size=90%") < 0)
		return err_errno(e, -errno, "cannot mount " TREE);
	r = initramfs_unpack(archive, TREE, e);
	if (r < 0)
		return err_wrap(e, r, "cannot unpack " ARCHIVE);
	r = copy_file("/proc/self/exe", TREE "/init", 0755);
	return r < 0 ? err_errno(e, r, "cannot create " TREE "/init") : copy_drivers(e);
}

/* systemd is PID 1, and we one of its services: it stops everything, ourselves too, and makes
 * our init PID 1. */
static int ask_systemd(struct err *e)
{
	static char *const argv[] = {"systemctl", "switch-root", TREE, "/init", NULL};
	const struct spawn s = {.argv = argv};
	int r = spawn_run(&s, NULL, e);

	if (r != 0)
		return err_wrap(e, r < 0 ? r : -EIO, "systemd does not let us take over");
	for (;;)
		pause();
}

int takeover(struct err *e)
{
	cleanup_(fd_done) int archive = -1;
	const bool first = getpid() == 1;
	int r;

	if (!first && !notify_booted())
		return 0;
	archive = open(ARCHIVE, O_RDONLY | O_CLOEXEC);
	if (archive < 0)
		return errno == ENOENT ? 0 : err_errno(e, -errno, "cannot open " ARCHIVE);
	r = make_tree(archive, e);
	if (r >= 0)
		r = first ? init_switch_root(TREE, "/init", e) : ask_systemd(e);
	umount2(TREE, MNT_DETACH);
	return r;
}

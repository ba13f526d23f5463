/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See cdrom.h. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/cdrom.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "sys/blk.h"
#include "sys/cdrom.h"

static void fd_done(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static void dir_done(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

/* O_NONBLOCK: or opening it would close a tray. The lock that an earlier reader left goes first. */
static int open_tray(const char *path, struct err *e)
{
	cleanup_(fd_done) int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return err_errno(e, -errno, "cannot open %s", path);
	(void)ioctl(fd, CDROM_LOCKDOOR, 0);
	if (ioctl(fd, CDROMEJECT) < 0)
		return err_errno(e, -errno, "cannot eject %s", path);
	return 1;
}

static int eject_labelled(const char *name, const char *label, struct err *e)
{
	cleanup_(free_charp) char *path = str_printf("/dev/%s", name);
	struct blk_info info;

	if (!path)
		return err_oom(e);
	if (blk_probe(path, &info, NULL) < 0 || strcmp(info.label, label) != 0)
		return 0;
	return open_tray(path, e);
}

int cdrom_eject(const char *label, struct err *e)
{
	cleanup_(dir_done) DIR *dir = opendir("/sys/block");
	struct dirent *entry;
	int n = 0, failed = 0;

	while (dir && (entry = readdir(dir))) {
		int r = str_glob("sr[0-9]*", str_from(entry->d_name))
				? eject_labelled(entry->d_name, label, e)
				: 0;

		if (r < 0)
			failed = r;
		else
			n += r;
	}
	return failed ? failed : n;
}

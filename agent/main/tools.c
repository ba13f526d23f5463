/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See tools.h. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/str.h"
#include "main/tools.h"
#include "probe/probe.h"
#include "sys/blockdev.h"
#include "sys/initramfs_read.h"

#define ARCHIVE "/lib/xvd2vd/tools.cpio.zst"
#define UDEVD "/lib/systemd/systemd-udevd"

enum { SETTLE_MS = 10000 };

static struct modload *loader;

/* Modules by what needs them; one that this kernel does not have is passed over. */
static const struct need {
	const char *type;
	bool tools; /* besides modules, programs of the tools archive */
	const char *modules[8];
} needs[] = {
	{"ext2", false, {"ext4"}},
	{"ext3", false, {"ext4"}},
	{"ext4", false, {"ext4"}},
	{"iso9660", false, {"isofs"}},
	{"vfat", true, {"nls_cp437", "nls_ascii", "nls_utf8", "vfat"}},
	{"xfs", true, {"crc32c-intel", "crc32c_generic", "xfs"}},
	{"btrfs", true, {"crc32c-intel", "crc32c_generic", "btrfs"}},
	{"reiserfs", true, {"reiserfs"}},
	{"jfs", true, {"jfs"}},
	{"LVM2_member", true,
		{"dm-mod", "dm-snapshot", "dm-mirror", "dm-thin-pool", "dm-raid"}},
	{"linux_raid_member", true,
		{"md-mod", "linear", "raid0", "raid1", "raid10", "raid456"}},
};

void tools_init(struct modload *m)
{
	loader = m;
	probe_prepare = tools_prepare;
}

int tools_unpack(struct err *e)
{
	static bool done;
	int fd, r;

	if (done)
		return 0;
	fd = open(ARCHIVE, O_RDONLY | O_CLOEXEC);
	/* Injected into another rescue system: its own tools serve. */
	if (fd < 0)
		return errno == ENOENT ? 0 : err_errno(e, -errno, "cannot open " ARCHIVE);
	r = initramfs_unpack(fd, "/", e);
	close(fd);
	if (r < 0)
		return err_wrap(e, r, "cannot unpack the tools");
	/* From here on the kernel can ask for modules by itself: RAID levels, LVM's targets,
	 * checksums. */
	if (symlink("/bin/busybox", "/sbin/modprobe") < 0 && errno != EEXIST)
		return err_errno(e, -errno, "cannot create /sbin/modprobe");
	unlink(ARCHIVE); /* gives its memory back */
	done = true;
	return 0;
}

int tools_prepare(const char *type, struct err *e)
{
	for (size_t i = 0; i < ARRAY_SIZE(needs); i++) {
		const struct need *n = &needs[i];
		int r = 0;

		if (strcmp(n->type, type) != 0)
			continue;
		if (n->tools)
			r = tools_unpack(e);
		/* A module that does not load is told of by the mount that needs it. */
		for (size_t k = 0; r >= 0 && loader && n->modules[k]; k++)
			(void)!modload_load(loader, n->modules[k], NULL);
		return r < 0 ? r : 0;
	}
	return 0;
}

/* With --daemon it returns when it is ready, having forked. */
static int start_udevd(struct err *e)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		return err_errno(e, -errno, "cannot fork");
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		for (int i = 0; null >= 0 && i < 3; i++)
			dup2(null, i);
		setsid();
		execl(UDEVD, "systemd-udevd", "--daemon", (char *)NULL);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		return err_set(e, -EIO, "cannot start " UDEVD);
	return 0;
}

int tools_udevd(struct err *e)
{
	static const char *const subsystems[] = {"block", "virtio-ports", "net", NULL};
	struct blockdev_watch *w;
	int r;

	if (access("/run/udev/control", F_OK) == 0 || access(UDEVD, X_OK) < 0)
		return 0;
	r = start_udevd(e);
	if (r < 0)
		return r;
	r = blockdev_watch_new(&w, e);
	if (r < 0)
		return r;
	r = blockdev_trigger(subsystems, e);
	if (r >= 0)
		r = blockdev_wait(w, SETTLE_MS, e);
	blockdev_watch_free(w);
	return r < 0 ? r : 0;
}

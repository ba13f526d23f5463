/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See power.h. */
#include <errno.h>
#include <fcntl.h>
#include <linux/kexec.h>
#include <linux/reboot.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/str.h"
#include "sys/notify.h"
#include "sys/power.h"
#include "sys/spawn.h"

static void fd_done(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

int power_do(enum power how, struct err *e)
{
	sync();
	reboot(how == POWER_OFF ? RB_POWER_OFF : RB_AUTOBOOT);
	return err_errno(
		e, -errno, how == POWER_OFF ? "cannot power off" : "cannot reboot");
}

int power_ask(enum power how, struct err *e)
{
	/* Our own client would be sd-bus: 180 KB for one call of one method. */
	static char *const systemd[][3] = {
		[POWER_REBOOT] = {"systemctl", "reboot"},
		[POWER_OFF] = {"systemctl", "poweroff"},
	};
	static char *const others[][2] = {
		[POWER_REBOOT] = {"reboot"}, [POWER_OFF] = {"poweroff"}};
	const struct spawn s = {.argv = notify_booted() ? systemd[how] : others[how]};
	int r = spawn_run(&s, NULL, e);

	if (r == 0)
		return 0;
	return err_wrap(e, r < 0 ? r : -EIO,
		how == POWER_OFF ? "cannot power off" : "cannot reboot");
}

/* The kernel reads the files itself. */
static int load_by_kernel(const char *kernel, const char *initrd, const char *cmdline)
{
	cleanup_(fd_done) int image = open(kernel, O_RDONLY | O_CLOEXEC);
	cleanup_(fd_done) int initramfs = -1;

	if (image < 0)
		return -errno;
	if (initrd) {
		initramfs = open(initrd, O_RDONLY | O_CLOEXEC);
		if (initramfs < 0)
			return -errno;
	}
	if (syscall(SYS_kexec_file_load, image, initramfs, strlen(cmdline) + 1, cmdline,
		    initrd ? 0UL : (unsigned long)KEXEC_FILE_NO_INITRAMFS) < 0)
		return -errno;
	return 0;
}

/* Kernels before 3.x that are not relocatable in 64 bits, and rescue kernels built without
 * the system call: kexec-tools places the image by itself. */
static int load_by_tool(
	const char *kernel, const char *initrd, const char *cmdline, struct err *e)
{
	cleanup_(free_charp) char *line = str_printf("--command-line=%s", cmdline);
	cleanup_(free_charp) char *image =
		initrd ? str_printf("--initrd=%s", initrd) : NULL;
	char *argv[] = {"kexec", "-c", "-l", (char *)kernel, line, image, NULL};
	struct spawn s = {.argv = argv};

	if (!line || (initrd && !image))
		return err_oom(e);
	return spawn_run(&s, NULL, e);
}

int power_kexec(
	const char *kernel, const char *initrd, const char *cmdline, struct err *e)
{
	struct err tool = {0};
	int r = load_by_kernel(kernel, initrd, cmdline), second;

	if (r == -ENOENT || r == -ENOMEM)
		return err_errno(e, r, "cannot load %s with %s", kernel,
			initrd ? initrd : "no initramfs");
	if (r < 0) {
		second = load_by_tool(kernel, initrd, cmdline, &tool);
		if (second != 0)
			return err_set(e, second < 0 ? second : -EIO,
				"cannot load %s: %s; %s", kernel, strerror(-r),
				tool.text);
	}
	sync();
	reboot(LINUX_REBOOT_CMD_KEXEC);
	return err_errno(e, -errno, "cannot start %s", kernel);
}

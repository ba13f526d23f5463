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

#include <systemd/sd-bus.h>

#include "base/str.h"
#include "sys/power.h"
#include "sys/spawn.h"

static void fd_done(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static void bus_done(sd_bus **bus)
{
	sd_bus_flush_close_unref(*bus);
}

int power_do(enum power how, struct err *e)
{
	sync();
	reboot(how == POWER_OFF ? RB_POWER_OFF : RB_AUTOBOOT);
	return err_errno(
		e, -errno, how == POWER_OFF ? "cannot power off" : "cannot reboot");
}

/* logind over the system bus: it asks those who inhibit, and stops the system in order. */
static int ask_logind(enum power how)
{
	cleanup_(bus_done) sd_bus *bus = NULL;
	int r = sd_bus_open_system(&bus);

	if (r < 0)
		return r;
	return sd_bus_call_method(bus, "org.freedesktop.login1",
		"/org/freedesktop/login1", "org.freedesktop.login1.Manager",
		how == POWER_OFF ? "PowerOff" : "Reboot", NULL, NULL, "b", 0);
}

/* systemd itself, on the socket that needs no bus: rescue systems often run without. */
static int ask_manager(enum power how)
{
	cleanup_(bus_done) sd_bus *bus = NULL;
	int r = sd_bus_new(&bus);

	if (r >= 0)
		r = sd_bus_set_address(bus, "unix:path=/run/systemd/private");
	if (r >= 0)
		r = sd_bus_start(bus);
	if (r < 0)
		return r;
	return sd_bus_call_method(bus, NULL, "/org/freedesktop/systemd1",
		"org.freedesktop.systemd1.Manager", "StartUnit", NULL, NULL, "ss",
		how == POWER_OFF ? "poweroff.target" : "reboot.target",
		"replace-irreversibly");
}

int power_ask_systemd(enum power how, struct err *e)
{
	int r = ask_logind(how);

	if (r < 0)
		r = ask_manager(how);
	if (r < 0)
		return err_errno(e, r,
			how == POWER_OFF ? "cannot ask systemd to power off"
					 : "cannot ask systemd to reboot");
	return 0;
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

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Only what fails before anything happens: the rest is for a virtual machine. */
#include <errno.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include "check_main.h"
#include "sys/power.h"

START_TEST(kexec_missing_files)
{
	struct err e = {0};

	ck_assert_int_eq(power_kexec("/nowhere/vmlinuz", NULL, "ro", &e), -ENOENT);
	ck_assert_ptr_nonnull(strstr(e.text, "cannot load /nowhere/vmlinuz"));
	ck_assert_int_eq(power_kexec("/dev/null", "/nowhere/initrd", "ro", &e), -ENOENT);
}
END_TEST

/* A mount namespace with an empty /run: no bus, no systemd. */
START_TEST(no_systemd)
{
	struct err e = {0};

	if (geteuid() != 0 || unshare(CLONE_NEWNS) < 0 ||
		mount(NULL, "/", NULL, MS_PRIVATE | MS_REC, NULL) < 0 ||
		mount("none", "/run", "tmpfs", 0, NULL) < 0)
		return;
	unsetenv("DBUS_SYSTEM_BUS_ADDRESS");
	ck_assert_int_lt(power_ask_systemd(POWER_REBOOT, &e), 0);
	ck_assert_ptr_nonnull(strstr(e.text, "cannot ask systemd to reboot"));
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_test(tc, kexec_missing_files);
	tcase_add_test(tc, no_systemd);
}

int main(void)
{
	return check_main("power", add);
}

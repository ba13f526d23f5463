/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Only what fails before anything happens: the rest is for a virtual machine. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "check_main.h"
#include "scratch.h"
#include "sys/power.h"

START_TEST(kexec_missing_files)
{
	struct err e = {0};

	ck_assert_int_eq(power_kexec("/nowhere/vmlinuz", NULL, "ro", &e), -ENOENT);
	ck_assert_ptr_nonnull(strstr(e.text, "cannot load /nowhere/vmlinuz"));
	ck_assert_int_eq(power_kexec("/dev/null", "/nowhere/initrd", "ro", &e), -ENOENT);
}
END_TEST

/* In a root that holds nothing that could be run, only what its init leaves behind. */
static const struct {
	const char *init, *text;
	enum power how;
} asked[] = {
	{NULL, "cannot reboot: cannot run reboot", POWER_REBOOT},
	{NULL, "cannot power off: cannot run poweroff", POWER_OFF},
	{"/run/systemd/system", "cannot reboot: cannot run systemctl", POWER_REBOOT},
	{"/run/systemd/system", "cannot power off: cannot run systemctl", POWER_OFF},
};

START_TEST(whom_it_asks)
{
	int outside = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct err e = {0};

	if (geteuid() != 0)
		return;
	scratch_make();
	ck_assert_int_eq(chroot(scratch) | chdir("/"), 0);
	mkdir("/dev", 0755);
	ck_assert_int_eq(mknod("/dev/null", S_IFCHR | 0666, makedev(1, 3)), 0);
	if (asked[_i].init)
		ck_assert_int_eq(mkdir("/run", 0755) | mkdir("/run/systemd", 0755) |
					 mkdir(asked[_i].init, 0755),
			0);
	ck_assert_int_eq(power_ask(asked[_i].how, &e), -ENOENT);
	ck_assert_msg(strstr(e.text, asked[_i].text) == e.text, "%s", e.text);
	ck_assert_int_eq(fchdir(outside) | chroot("."), 0);
	close(outside);
	scratch_remove();
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_test(tc, kexec_missing_files);
	tcase_add_loop_test(tc, whom_it_asks, 0, ARRAY_SIZE(asked));
}

int main(void)
{
	return check_main("power", add);
}

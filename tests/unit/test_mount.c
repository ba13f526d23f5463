/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table is pure; mounting itself runs in a mount namespace of its own, as root only. */
#include <errno.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include "check_main.h"
#include "scratch.h"
#include "sys/mount.h"
#include "sys/mount_table.h"

static const char table[] =
	"21 1 0:20 / /proc rw - proc proc rw\n"
	"30 1 8:1 / /run/guest rw,noatime shared:3 - ext4 /dev/vda rw\n"
	"31 30 0:5 / /run/guest/dev rw - devtmpfs udev rw\n"
	"32 31 0:6 / /run/guest/dev/pts rw - devpts devpts rw\n"
	"33 1 8:2 / /run/guest2 rw - ext4 /dev/vdb rw\n"
	"34 30 8:3 / /run/guest/a\\040b\\134 rw - ext4 /dev/vdc rw\n"
	"broken\n";

static const struct {
	const char *path, *want;
} rows[] = {
	{"/run/guest", "/run/guest/a b\\|/run/guest/dev/pts|/run/guest/dev|/run/guest|"},
	{"/run/guest/dev", "/run/guest/dev/pts|/run/guest/dev|"},
	{"/run/gues", ""},
	{"/run/guest2", "/run/guest2|"},
};

START_TEST(below)
{
	struct strv got = {0};
	char joined[256] = "";

	ck_assert_int_eq(mount_table_below(str_from(table), rows[_i].path, &got), 0);
	STRV_FOREACH (it, &got) {
		strcat(joined, *it);
		strcat(joined, "|");
	}
	ck_assert_str_eq(joined, rows[_i].want);
	strv_done(&got);
}
END_TEST

static bool own_namespace(void)
{
	return geteuid() == 0 && unshare(CLONE_NEWNS) == 0 &&
	       mount(NULL, "/", NULL, MS_PRIVATE | MS_REC, NULL) == 0;
}

/* Its /sys is a link to a folder of ours, which must not be mounted over; /run is missing. */
START_TEST(bind_and_release)
{
	char path[128], outside[64];
	struct err e = {0};

	if (!own_namespace())
		return;
	scratch_make();
	strcpy(outside, scratch);
	scratch_write("outside/mark", "", 0);
	scratch_write("guest/dev/x", "", 0);
	scratch_write("guest/proc/x", "", 0);
	scratch_write("guest/real-sys/x", "", 0);
	snprintf(path, sizeof(path), "%s/guest/sys", scratch);
	ck_assert_int_eq(symlink("/real-sys", path), 0);
	snprintf(path, sizeof(path), "%s/guest", scratch);
	ck_assert_msg(mount_bind(path, &e) == 0, "%s", e.text);
	snprintf(path, sizeof(path), "%s/guest/dev/null", scratch);
	ck_assert_int_eq(access(path, F_OK), 0);
	snprintf(path, sizeof(path), "%s/guest/real-sys/kernel", scratch);
	ck_assert_int_eq(access(path, F_OK), 0);
	snprintf(path, sizeof(path), "%s/guest", scratch);
	ck_assert_msg(mount_unbind(path, &e) == 0, "%s", e.text);
	snprintf(path, sizeof(path), "%s/guest/real-sys/kernel", scratch);
	ck_assert_int_eq(access(path, F_OK), -1);
	ck_assert_int_eq(access("/dev/null", F_OK), 0);
	ck_assert_int_eq(access("/dev/pts/ptmx", F_OK), 0);
	snprintf(path, sizeof(path), "%s/guest", scratch);
	ck_assert_int_eq(mount_bind(path, &e), 0);
	ck_assert_msg(mount_release(path, &e) == 0, "%s", e.text);
	ck_assert_int_eq(mount_release("/nowhere/at/all", &e), 0);
	scratch_remove();
}
END_TEST

START_TEST(guest_refused)
{
	struct err e = {0};

	scratch_make();
	ck_assert_int_lt(mount_guest("/dev/none", "ext3", scratch, true, NULL, &e), 0);
	ck_assert_ptr_nonnull(strstr(e.text, "/dev/none (ext3)"));
	scratch_remove();
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, below, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, bind_and_release);
	tcase_add_test(tc, guest_refused);
}

int main(void)
{
	return check_main("mount", add);
}

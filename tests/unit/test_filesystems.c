/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check_main.h"
#include "guest/filesystems.h"

START_TEST(told)
{
	struct fs_checks l = {0};

	ck_assert_ptr_null(fs_checks_find(&l, "/dev/vda"));
	ck_assert_int_eq(
		fs_checks_tell(&l, "/dev/vda", "ext4", NULL, FS_NOT_CHECKED, "a"), 0);
	ck_assert_int_eq(
		fs_checks_tell(&l, "/dev/vda1", "xfs", "mount", FS_REPLAYED, "b"), 0);
	ck_assert_int_eq(fs_checks_tell(&l, "/dev/vda", "ext4", "e2fsck -p",
				 FS_ERRORS_LEFT, "what was told later"),
		0);
	ck_assert_uint_eq(l.n, 2);
	ck_assert_str_eq(l.v[0].detail, "what was told later");
	ck_assert_str_eq(l.v[0].check, "e2fsck -p");
	ck_assert_str_eq(fs_result_name(l.v[0].result), "errors left");
	ck_assert_ptr_eq(fs_checks_find(&l, "/dev/vda1"), &l.v[1]);
	ck_assert_str_eq(fs_result_name(l.v[1].result), "replayed");
	fs_checks_done(&l);
	ck_assert_uint_eq(l.n, 0);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_test(tc, told);
}

int main(void)
{
	return check_main("filesystems", add);
}

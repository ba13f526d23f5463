/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Errors: text, code, context, and text that does not fit. */
#include <errno.h>

#include "base/err.h"
#include "check_main.h"

START_TEST(setting)
{
	struct err e = {0};

	ck_assert_int_eq(err_set(&e, -EINVAL, "line %d", 3), -EINVAL);
	ck_assert_int_eq(e.code, -EINVAL);
	ck_assert_str_eq(e.text, "line 3");
	ck_assert_int_eq(err_wrap(&e, -EIO, "%s", "/etc/fstab"), -EIO);
	ck_assert_str_eq(e.text, "/etc/fstab: line 3");
	ck_assert_int_eq(err_errno(&e, -ENOENT, "open %s", "x"), -ENOENT);
	ck_assert_str_eq(e.text, "open x: No such file or directory");
	ck_assert_int_eq(err_oom(&e), -ENOMEM);
	ck_assert_str_eq(e.text, "out of memory");
}
END_TEST

START_TEST(nobody_cares)
{
	ck_assert_int_eq(err_set(NULL, -EINVAL, "x"), -EINVAL);
	ck_assert_int_eq(err_errno(NULL, -EINVAL, "x"), -EINVAL);
	ck_assert_int_eq(err_wrap(NULL, -EINVAL, "x"), -EINVAL);
	ck_assert_int_eq(err_oom(NULL), -ENOMEM);
}
END_TEST

START_TEST(too_long)
{
	struct err e = {0};
	char text[2 * sizeof(e.text)];

	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	err_set(&e, -EINVAL, "%s", text);
	ck_assert_uint_eq(strlen(e.text), sizeof(e.text) - 1);
	ck_assert(str_ends(str_from(e.text), "xxx..."));
	err_wrap(&e, -EINVAL, "context");
	ck_assert_uint_eq(strlen(e.text), sizeof(e.text) - 1);
	ck_assert(str_starts(str_from(e.text), "context: xxx"));
	ck_assert(str_ends(str_from(e.text), "..."));
	/* Exactly fitting is not cut. */
	text[sizeof(e.text) - 1] = '\0';
	err_set(&e, -EINVAL, "%s", text);
	ck_assert_str_eq(e.text, text);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_test(tc, setting);
	tcase_add_test(tc, nobody_cares);
	tcase_add_test(tc, too_long);
}

int main(void)
{
	return check_main("err", add);
}

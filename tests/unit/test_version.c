/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Order of versions. */
#include "check_main.h"
#include "text/version.h"

static const struct {
	const char *name;
	struct str a, b;
	int want; /* sign */
} rows[] = {
	{"equal", S("2.6.32-5-amd64"), S("2.6.32-5-amd64"), 0},
	{"empty", S(""), S(""), 0},
	{"numbers", S("2.6.9"), S("2.6.32"), -1},
	{"abi", S("4.19.0-9-amd64"), S("4.19.0-10-amd64"), -1},
	{"zeros", S("8.04"), S("8.4"), 0},
	{"shorter", S("2.6.18"), S("2.6.18-6"), -1},
	{"tilde", S("6.1~rc3"), S("6.1"), -1},
	{"tilde twice", S("6.1~~"), S("6.1~"), -1},
	{"flavour", S("6.1.0-9-amd64"), S("6.1.0-9-cloud-amd64"), -1},
	{"letters", S("2.6.32-5-xen-686"), S("2.6.32-5-686"), 1},
	{"el", S("2.6.18-398.el5"), S("2.6.18-8.1.15.el5xen"), 1},
	{"NUL", S("1\0002"), S("1\00010"), -1},
	{"no overflow", S("18446744073709551617"), S("18446744073709551616"), 1},
	{"long against short", S("100000000000000000000000"), S("9"), 1},
};

START_TEST(order)
{
	int got = version_cmp(rows[_i].a, rows[_i].b);
	int back = version_cmp(rows[_i].b, rows[_i].a);

	ck_assert_msg(
		(got > 0) - (got < 0) == rows[_i].want, "%s: %d", rows[_i].name, got);
	ck_assert_msg((back > 0) - (back < 0) == -rows[_i].want, "%s back: %d",
		rows[_i].name, back);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, order, 0, ARRAY_SIZE(rows));
}

int main(void)
{
	return check_main("version", add);
}

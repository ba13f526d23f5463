/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of strings: NULL-terminated at every length, no duplicates, order. */
#include "base/strv.h"
#include "check_main.h"

START_TEST(adding)
{
	struct strv l = {0};
	size_t n = 0;

	STRV_FOREACH (it, &l)
		n++;
	ck_assert_uint_eq(n, 0);
	ck_assert(!strv_has(&l, STR("")));
	ck_assert_int_eq(strv_adds(&l, "b"), 0);
	ck_assert_int_eq(strv_add(&l, STR("c")), 0);
	ck_assert_int_eq(strv_addf(&l, "%s%d", "a", 1), 0);
	ck_assert_uint_eq(l.n, 3);
	ck_assert_ptr_null(l.v[3]);
	ck_assert_str_eq(l.v[0], "b");
	ck_assert_str_eq(l.v[2], "a1");
	ck_assert(strv_has(&l, STR("c")) && !strv_has(&l, STR("a")));
	ck_assert_int_eq(strv_add_new(&l, STR("c")), 0);
	ck_assert_int_eq(strv_add_new(&l, STR("d")), 1);
	ck_assert_uint_eq(l.n, 4);
	strv_sort(&l);
	ck_assert_str_eq(l.v[0], "a1");
	ck_assert_str_eq(l.v[1], "b");
	ck_assert_str_eq(l.v[3], "d");
	ck_assert_ptr_null(l.v[4]);
	STRV_FOREACH (it, &l)
		n += strlen(*it);
	ck_assert_uint_eq(n, 5);
	strv_done(&l);
	strv_done(&l);
	ck_assert(!l.v && !l.n);
	strv_sort(&l);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_test(tc, adding);
}

int main(void)
{
	return check_main("strv", add);
}

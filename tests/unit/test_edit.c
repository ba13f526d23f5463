/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The editing of ranges itself, and what it does with ranges that make no sense. */
#include <errno.h>

#include "check_main.h"
#include "text/edit.h"

static const struct {
	const char *name;
	const char *in;
	struct {
		size_t from, n;
		const char *with;
	} steps[3];
	int ret;
	const char *want;
} rows[] = {
	{"nothing", "abc", {{0}}, 0, ""},
	{"replace", "abcdef", {{1, 2, "XYZ"}}, 1, "aXYZdef"},
	{"two", "abcdef", {{0, 1, ""}, {5, 1, "F"}}, 1, "bcdeF"},
	{"side by side", "abc", {{0, 1, "x"}, {1, 1, "y"}, {2, 1, "z"}}, 1, "xyz"},
	{"all", "abc", {{0, 3, ""}}, 1, ""},
	{"insert at the start", "abc", {{0, 0, "x"}}, 1, "xabc"},
	{"insert at the end", "abc", {{3, 0, "x"}}, 1, "abcx"},
	{"insert before replaced", "abc", {{1, 0, "x"}, {1, 1, "B"}}, 1, "axBc"},
	{"the same bytes", "abc", {{1, 1, "b"}}, 0, ""},
	{"same, then other", "abc", {{0, 1, "a"}, {2, 1, "C"}}, 1, "abC"},
	{"out of order", "abc", {{1, 1, "x"}, {0, 1, "y"}}, 1, "axc"},
	{"overlapping", "abc", {{0, 2, "x"}, {1, 1, "y"}}, 1, "xc"},
	{"too long", "abc", {{2, 5, "x"}}, 0, ""},
	{"into nothing", "", {{0, 0, "x"}}, 1, "x"},
};

START_TEST(edits)
{
	struct edit ed = {.in = str_from(rows[_i].in)};
	struct strbuf out = {0};
	struct err e = {0};

	for (size_t i = 0; i < ARRAY_SIZE(rows[_i].steps); i++)
		if (rows[_i].steps[i].with)
			edit_replace(&ed,
				(struct str){rows[_i].in + rows[_i].steps[i].from,
					rows[_i].steps[i].n},
				str_from(rows[_i].steps[i].with));
	ck_assert_int_eq(edit_finish(&ed, &out, &e), rows[_i].ret);
	check_bytes(rows[_i].name, strbuf_str(&out), str_from(rows[_i].want));
	if (rows[_i].ret != 1)
		ck_assert_ptr_null(out.p);
	strbuf_done(&out);
}
END_TEST

START_TEST(no_input)
{
	struct edit ed = {0};
	struct strbuf out = {0};

	edit_remove(&ed, STR("elsewhere"));
	edit_insert(&ed, NULL, STR("x"));
	ck_assert_int_eq(edit_finish(&ed, &out, NULL), 1);
	check_bytes("inserted", strbuf_str(&out), STR("x"));
	strbuf_done(&out);
}
END_TEST

START_TEST(out_of_memory_is_an_error)
{
	struct edit ed = {.in = STR("abc")};
	struct strbuf out = {0};
	struct err e = {0};

	edit_replace(&ed, str_upto(ed.in, 1), STR("x"));
	ed.out.oom = true;
	ck_assert_int_eq(edit_finish(&ed, &out, &e), -ENOMEM);
	ck_assert_int_eq(e.code, -ENOMEM);
	ck_assert_ptr_null(out.p);
	ck_assert_ptr_null(ed.out.p);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, edits, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, no_input);
	tcase_add_test(tc, out_of_memory_is_an_error);
}

int main(void)
{
	return check_main("edit", add);
}

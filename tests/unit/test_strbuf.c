/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The growing buffer: contents, growth, what running out of memory leaves. */
#include <errno.h>

#include "base/strbuf.h"
#include "check_main.h"

START_TEST(adding)
{
	struct strbuf b = {0};

	check_bytes("empty", strbuf_str(&b), STR(""));
	strbuf_add(&b, STR("a\0b"));
	strbuf_add(&b, (struct str){0});
	strbuf_adds(&b, "cd");
	strbuf_adds(&b, NULL);
	strbuf_addc(&b, '\0');
	strbuf_addf(&b, "%s=%d", "x", 42);
	check_bytes("added", strbuf_str(&b), STR("a\0bcd\0x=42"));
	ck_assert_int_eq(b.p[b.n], '\0');
	ck_assert_int_eq(strbuf_err(&b), 0);
	strbuf_pad(&b, '#', 3);
	ck_assert_uint_eq(b.n, 10);
	strbuf_pad(&b, '#', 12);
	check_bytes("padded", strbuf_str(&b), STR("a\0bcd\0x=42##"));
	ck_assert_int_eq(b.p[b.n], '\0');
	strbuf_reset(&b);
	check_bytes("reset", strbuf_str(&b), STR(""));
	strbuf_adds(&b, "again");
	check_bytes("again", strbuf_str(&b), STR("again"));
	strbuf_done(&b);
	strbuf_done(&b);
	ck_assert_ptr_null(b.p);
}
END_TEST

START_TEST(growing)
{
	struct strbuf b = {0};

	for (int i = 0; i < 100000; i++)
		strbuf_addc(&b, (char)('a' + i % 26));
	ck_assert_uint_eq(b.n, 100000);
	for (int i = 0; i < 100000; i++)
		ck_assert_int_eq(b.p[i], 'a' + i % 26);
	strbuf_done(&b);
}
END_TEST

START_TEST(taking)
{
	struct strbuf b = {0};
	char *p = strbuf_take(&b);

	ck_assert_str_eq(p, "");
	free(p);
	strbuf_adds(&b, "abc");
	p = strbuf_take(&b);
	ck_assert_str_eq(p, "abc");
	free(p);
	ck_assert(!b.p && !b.n);
}
END_TEST

START_TEST(out_of_memory)
{
	struct strbuf b = {0};

	strbuf_adds(&b, "kept");
	strbuf_pad(&b, ' ', SIZE_MAX);
	ck_assert_int_eq(strbuf_err(&b), -ENOMEM);
	check_bytes("contents", strbuf_str(&b), STR("kept"));
	strbuf_adds(&b, "not added");
	strbuf_addf(&b, "not added");
	check_bytes("contents", strbuf_str(&b), STR("kept"));
	ck_assert_ptr_null(strbuf_take(&b));
	strbuf_reset(&b);
	strbuf_adds(&b, "usable");
	ck_assert_int_eq(strbuf_err(&b), 0);
	check_bytes("contents", strbuf_str(&b), STR("usable"));
	strbuf_done(&b);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_test(tc, adding);
	tcase_add_test(tc, growing);
	tcase_add_test(tc, taking);
	tcase_add_test(tc, out_of_memory);
}

int main(void)
{
	return check_main("strbuf", add);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Borrowed bytes: edges, NULs, lines, words, numbers. */
#include "base/str.h"
#include "check_main.h"

START_TEST(comparing)
{
	ck_assert(str_eq(STR("a"), STR("a")) && !str_eq(STR("a"), STR("ab")));
	ck_assert(str_eq(STR(""), (struct str){0}));
	ck_assert(!str_eq(STR("a\0b"), STR("a\0c")) && !str_is(STR("a\0"), "a"));
	ck_assert(str_is((struct str){0}, "") && str_is(str_from(NULL), ""));
	ck_assert(str_starts(STR("abc"), "ab") && str_starts(STR("abc"), ""));
	ck_assert(!str_starts(STR("ab"), "abc") && !str_starts((struct str){0}, "a"));
	ck_assert(str_ends(STR("abc"), "bc") && str_ends(STR(""), ""));
	ck_assert(!str_ends(STR("c"), "bc"));
	ck_assert(str_contains(STR("a\0bc"), "bc") && !str_contains(STR("abc"), "ac"));
	ck_assert(!str_contains((struct str){0}, "a"));
	ck_assert(str_has_nul(STR("a\0")) && !str_has_nul(STR("a")));
	ck_assert_int_eq(str_cmp(STR("a"), STR("a")), 0);
	ck_assert_int_lt(str_cmp(STR("a"), STR("ab")), 0);
	ck_assert_int_gt(str_cmp(STR("b"), STR("ab")), 0);
	ck_assert_int_gt(str_cmp(STR("\xff"), STR("a")), 0);
	ck_assert_int_lt(str_cmp((struct str){0}, STR("a")), 0);
}
END_TEST

START_TEST(cutting)
{
	struct str s = STR("key=a=b"), head = STR("h"), tail = STR("t");

	ck_assert(str_cut(s, '=', &head, &tail));
	check_bytes("head", head, STR("key"));
	check_bytes("tail", tail, STR("a=b"));
	ck_assert(!str_cut(s, ':', &head, &tail));
	check_bytes("head stays", head, STR("key"));
	ck_assert(str_cut(STR("="), '=', &head, &tail));
	ck_assert(head.n == 0 && tail.n == 0);
	ck_assert(!str_cut((struct str){0}, '=', &head, &tail));
	ck_assert(str_skip(&s, "key") && !str_skip(&s, "a") && str_is(s, "=a=b"));
	ck_assert(str_is(str_from_pos(s, 2), "=b") && str_from_pos(s, 9).n == 0);
	ck_assert(str_from_pos((struct str){0}, 3).n == 0);
	ck_assert(str_is(str_upto(s, 2), "=a") && str_is(str_upto(s, 99), "=a=b"));
	ck_assert(str_is(str_trim(STR(" \t\r\na b\n ")), "a b"));
	ck_assert(str_is(str_trim_end(STR(" a\r\n")), " a"));
	ck_assert(str_trim(STR(" \n")).n == 0);
	ck_assert(str_is(str_unquote(STR("\"a'\"")), "a'"));
	ck_assert(str_is(str_unquote(STR("'a'")), "a"));
	ck_assert(str_is(str_unquote(STR("\"a'")), "\"a'"));
	ck_assert(str_is(str_unquote(STR("\"")), "\""));
	ck_assert(str_unquote(STR("''")).n == 0);
}
END_TEST

START_TEST(lines)
{
	static const char *const want[] = {"a\n", "\n", "b\r\n", "c\0d\n", "\r\n", "e\r"};
	static const size_t length[] = {2, 1, 3, 4, 2, 2};
	static const char *const chomped[] = {"a", "", "b", "c\0d", "", "e\r"};
	struct str rest = STR("a\n\nb\r\nc\0d\n\r\ne\r"), line;

	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		ck_assert(str_line(&rest, &line));
		check_bytes("line", line, (struct str){want[i], length[i]});
		check_bytes("chomped", str_chomp(line),
			(struct str){chomped[i], str_chomp(line).n});
	}
	ck_assert(!str_line(&rest, &line));
	ck_assert_uint_eq(str_chomp(STR("\r\n")).n, 0);
	ck_assert_uint_eq(str_chomp(STR("e\r")).n, 2);
	ck_assert_uint_eq(str_chomp(STR("a\n\n")).n, 2);
}
END_TEST

START_TEST(each_line)
{
	size_t n = 0, bytes = 0;

	STR_FOREACH_LINE (line, STR("a\n\nbc")) {
		n++;
		bytes += line.n;
	}
	ck_assert_uint_eq(n, 3);
	ck_assert_uint_eq(bytes, 5);
}
END_TEST

START_TEST(words_and_items)
{
	struct str rest = STR(" \ta  b\r\n\0c "), word;

	ck_assert(str_word(&rest, &word) && str_is(word, "a"));
	ck_assert(str_word(&rest, &word) && str_is(word, "b"));
	ck_assert(str_word(&rest, &word) && str_eq(word, STR("\0c")));
	ck_assert(!str_word(&rest, &word));
	rest = STR(",a,,b,");
	ck_assert(str_item(&rest, ',', &word) && word.n == 0);
	ck_assert(str_item(&rest, ',', &word) && str_is(word, "a"));
	ck_assert(str_item(&rest, ',', &word) && word.n == 0);
	ck_assert(str_item(&rest, ',', &word) && str_is(word, "b"));
	ck_assert(str_item(&rest, ',', &word) && word.n == 0);
	ck_assert(!str_item(&rest, ',', &word));
}
END_TEST

static const struct {
	struct str in;
	bool ok;
	uint64_t want;
} numbers[] = {
	{S("0"), true, 0},
	{S("007"), true, 7},
	{S("18446744073709551615"), true, UINT64_MAX},
	{S("18446744073709551616"), false, 0},
	{S("99999999999999999999"), false, 0},
	{S(""), false, 0},
	{S("-1"), false, 0},
	{S("+1"), false, 0},
	{S(" 1"), false, 0},
	{S("1 "), false, 0},
	{S("1\0"), false, 0},
	{S("0x1"), false, 0},
};

START_TEST(number)
{
	uint64_t v = 42;

	ck_assert_int_eq(str_u64(numbers[_i].in, &v), numbers[_i].ok);
	ck_assert_uint_eq(v, numbers[_i].ok ? numbers[_i].want : 42);
}
END_TEST

START_TEST(copies)
{
	char *copy = str_dup(STR("a\0b"));

	ck_assert_mem_eq(copy, "a\0b", 4);
	free(copy);
	copy = str_dup((struct str){0});
	ck_assert_str_eq(copy, "");
	free(copy);
	copy = str_printf("%d-" STR_FMT, 7, STR_ARG(STR("xyz")));
	ck_assert_str_eq(copy, "7-xyz");
	free(copy);
}
END_TEST

START_TEST(globs)
{
	ck_assert(str_glob("a*", STR("abc")) && str_glob("a?c", STR("abc")));
	ck_assert(str_glob("[ab]c", STR("bc")) && !str_glob("[ab]c", STR("cc")));
	ck_assert(!str_glob("a", STR("ab")) && !str_glob("*", STR("a/b")));
	ck_assert(str_glob("*", STR("")));
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_test(tc, comparing);
	tcase_add_test(tc, cutting);
	tcase_add_test(tc, lines);
	tcase_add_test(tc, each_line);
	tcase_add_test(tc, words_and_items);
	tcase_add_loop_test(tc, number, 0, ARRAY_SIZE(numbers));
	tcase_add_test(tc, copies);
	tcase_add_test(tc, globs);
}

int main(void)
{
	return check_main("str", add);
}

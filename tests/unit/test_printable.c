/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a terminal is given of bytes that a guest wrote. */
#include "base/printable.h"
#include "check_main.h"

static const struct {
	const char *name;
	struct str in;
	const char *keep, *want;
} rows[] = {
	{"text", S("plain caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"), "",
		"plain caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"},
	{"escapes", S("\033[2J\a\r\b\x7f"), "", "?[2J????"},
	{"a NUL, which no list of kept ones holds", S("a\0b"), "\n", "a?b"},
	{"newline and tab", S("a\n\tb"), "", "a??b"},
	{"newline kept", S("a\n\tb"), "\n", "a\n?b"},
	{"both kept", S("a\n\tb\r"), "\t\n", "a\n\tb?"},
	{"C1, encoded and bare", S("\xc2\x9b \x9b \xc2\xa0"), "", "?? ? \xc2\xa0"},
	{"overlong", S("\xc0\x9b \xe0\x82\x9b \xf0\x80\x80\x9b"), "", "?? ??? ????"},
	{"surrogate, past the end", S("\xed\xa0\x80 \xf4\x90\x80\x80 \xf5"), "",
		"??? ???? ?"},
	{"cut", S("\xe2\x82"), "", "??"},
	{"cut by a character", S("\xe2\x82x"), "", "??x"},
	{"nothing", S(""), "", ""},
};

START_TEST(add_bytes)
{
	struct strbuf got = {0};

	printable_add(&got, rows[_i].in, rows[_i].keep);
	check_bytes(rows[_i].name, strbuf_str(&got), str_from(rows[_i].want));
	strbuf_done(&got);
}
END_TEST

START_TEST(one_line)
{
	struct strbuf got = {0};

	printable_line(&got, "%-4s%s", "ok", "a\nok everything\t\033c");
	printable_line(&got, "%s", "");
	check_bytes("lines", strbuf_str(&got), STR("ok  a?ok everything??c\n\n"));
	strbuf_done(&got);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, add_bytes, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, one_line);
}

int main(void)
{
	return check_main("printable", add);
}

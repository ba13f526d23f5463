/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text of the guest's on the operator's terminal; the progress bar. */
#include "check_main.h"
#include "host/progress.h"
#include "host/show.h"

static const struct {
	const char *name;
	struct str in;
	size_t max;
	struct str ascii, utf8;
} texts[] = {
	{"plain", S("root=/dev/vda"), 80, S("root=/dev/vda"), S("root=/dev/vda")},
	{"escape", S("\033[31mred\033[0m"), 80, S("?[31mred?[0m"), S("?[31mred?[0m")},
	{"newline, tab, NUL", S("a\nb\tc\0d\r"), 80, S("a?b?c?d?"), S("a?b?c?d?")},
	{"DEL", S("a\177b"), 80, S("a?b"), S("a?b")},
	{"C1 as UTF-8",
		S("a\xc2\x9b"
		  "31m"),
		80, S("a?31m"), S("a?31m")},
	{"C1 as a byte",
		S("a\x9b"
		  "31m"),
		80, S("a?31m"), S("a?31m")},
	{"umlaut", S("f\xc3\xbcr"), 80, S("f?r"), S("f\xc3\xbcr")},
	{"right to left",
		S("a\xe2\x80\xae"
		  "b"),
		80, S("a?b"), S("a?b")},
	{"isolate",
		S("a\xe2\x81\xa6"
		  "b"),
		80, S("a?b"), S("a?b")},
	{"surrogate", S("\xed\xa0\x80"), 80, S("???"), S("???")},
	{"overlong", S("\xc0\xaf\xe0\x80\xaf"), 80, S("?????"), S("?????")},
	{"cut short", S("ab\xe2\x82"), 80, S("ab??"), S("ab??")},
	{"past Unicode", S("\xf4\x90\x80\x80"), 80, S("????"), S("????")},
	{"four bytes", S("\xf0\x9f\x90\xa7"), 80, S("?"), S("\xf0\x9f\x90\xa7")},
	{"just fits", S("abcdef"), 6, S("abcdef"), S("abcdef")},
	{"too long", S("abcdefg"), 6, S("abc..."), S("abc...")},
	{"cut between characters", S("\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc"), 4,
		S("?..."), S("\xc3\xbc...")},
};

START_TEST(test_text)
{
	struct strbuf b = {0};

	show_text(&b, texts[_i].in, texts[_i].max, false);
	check_bytes(texts[_i].name, strbuf_str(&b), texts[_i].ascii);
	strbuf_reset(&b);
	show_text(&b, texts[_i].in, texts[_i].max, true);
	check_bytes(texts[_i].name, strbuf_str(&b), texts[_i].utf8);
	strbuf_done(&b);
}
END_TEST

static const struct {
	const char *name;
	struct str in;
	unsigned lines;
	struct str want;
} tails[] = {
	{"empty", S(""), 3, S("")},
	{"the last two", S("a\nb\r\nc\n"), 2, S("> b\n> c\n")},
	{"fewer than asked", S("a\nb"), 30, S("> a\n> b\n")},
	{"empty lines dropped", S("a\n\n  \nb\n\n"), 2, S("> a\n> b\n")},
	{"colours", S("\033[1;31mred\033[0m\n"), 2, S("> red\n")},
	{"title by BEL", S("\033]0;title\007x\n"), 2, S("> x\n")},
	{"title by ST", S("\033]0;title\033\\x\n"), 2, S("> x\n")},
	{"title without end", S("\033]0;title\nx\n"), 2, S("> x\n")},
	{"reset, charset", S("\033c\033(Bx\n"), 2, S("> x\n")},
	{"escape at the end", S("x\n\033"), 2, S("> x\n")},
	{"cut sequence", S("x\n\033[12"), 2, S("> x\n")},
	{"escape within a sequence", S("\033[1\033[2Jx"), 2, S("> x\n")},
	{"C1 bytes",
		S("a\x9b"
		  "b\x07\x08\n"),
		2, S("> a?b\n")},
	{"redrawn line", S("10%\r20%\r"), 1, S("> 20%\n")},
};

START_TEST(test_tail)
{
	struct strbuf b = {0};

	show_console_tail(&b, tails[_i].in, tails[_i].lines, "> ", false);
	check_bytes(tails[_i].name, strbuf_str(&b), tails[_i].want);
	strbuf_done(&b);
}
END_TEST

static const struct {
	const char *name;
	struct port_progress m;
	unsigned seconds;
	const char *bar; /* its beginning */
	const char *line;
} steps[] = {
	{"nothing yet", {0, 0, "", ""}, 7,
		"[..............................] starting the rescue system",
		"[ 0/0] : \n"},
	{"first begins", {1, 3, "scan", "start"}, 7,
		"[..............................]  1/3 scan ", "[ 1/3] scan\n"},
	{"first done", {1, 3, "scan", "done"}, 7,
		"[##########....................]  1/3 scan ", "[ 1/3] scan: done\n"},
	{"all done", {3, 3, "verify", "done"}, 7,
		"[##############################]  3/3 verify ", "[ 3/3] verify: done\n"},
	{"long name",
		{1, 2, "a23456789012345678901234567890123456789012345678901234567890",
			"start"},
		123456,
		"[..............................]  1/2 a234567890123456789012345... ",
		"[ 1/2] a23456789012345678901234567890123456789012345678901234567890\n"},
	{"escapes", {2, 2, "\033[2J", "\007"}, 7,
		"[##############################]  2/2 ?[2J ", "[ 2/2] ?[2J: ?\n"},
	{"large numbers", {999999, 1000000, "x", "start"}, 7,
		"[#############################.] 999999/1000000 x ",
		"[999999/1000000] x\n"},
};

START_TEST(test_progress)
{
	struct strbuf b = {0};

	progress_line(&b, &steps[_i].m, false);
	ck_assert_str_eq(b.p, steps[_i].line);
	strbuf_reset(&b);
	progress_bar(&b, &steps[_i].m, steps[_i].seconds, false);
	ck_assert_msg(
		str_starts(strbuf_str(&b), steps[_i].bar), "%s: %s", steps[_i].name, b.p);
	ck_assert_msg(b.n == PROGRESS_COLUMNS, "%s: %zu columns", steps[_i].name, b.n);
	ck_assert_msg(str_ends(strbuf_str(&b), " s"), "%s: %s", steps[_i].name, b.p);
	strbuf_done(&b);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, test_text, 0, ARRAY_SIZE(texts));
	tcase_add_loop_test(tc, test_tail, 0, ARRAY_SIZE(tails));
	tcase_add_loop_test(tc, test_progress, 0, ARRAY_SIZE(steps));
}

int main(void)
{
	return check_main("run_show", add);
}

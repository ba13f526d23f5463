/* SPDX-License-Identifier: GPL-2.0-or-later */
/* securetty: one terminal more. */
#include "check_main.h"
#include "text/securetty.h"

static const struct check_row rows[] = {
	{"appended", S("# consoles\nconsole\nhvc0\n"),
		S("# consoles\nconsole\nhvc0\nttyS0\n"), 1, ROW_NO_CRLF},
	{"no final newline", S("tty1"), S("tty1\nttyS0\n"), 1, ROW_NO_CRLF},
	{"empty", S(""), S("ttyS0\n"), 1},
	{"there", S("tty1\nttyS0\ntty2\n"), S(""), 0},
	{"there at the end", S("tty1\nttyS0"), S(""), 0},
	{"padded", S("ttyS0 \t\n"), S(""), 0},
	{"commented", S("#ttyS0\n"), S("#ttyS0\nttyS0\n"), 1, ROW_NO_CRLF},
	{"begins alike", S("ttyS01\nttyS\nxttyS0\n"), S("ttyS01\nttyS\nxttyS0\nttyS0\n"),
		1, ROW_NO_CRLF},
	{"NUL", S("ttyS0\0\n"), S("ttyS0\0\nttyS0\n"), 1, ROW_NO_CRLF},
	{"malformed", S("ttyS0 ttyS1\n\"ttyS0\"\n"), S("ttyS0 ttyS1\n\"ttyS0\"\nttyS0\n"),
		1, ROW_NO_CRLF},
};

static int editor(struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return securetty_add(in, req, ret_out, e);
}

START_TEST(adding)
{
	check_editor_laws(&rows[_i], editor, "ttyS0", "");
}
END_TEST

START_TEST(long_line)
{
	struct strbuf in = {0}, want = {0};

	strbuf_pad(&in, ' ', 1 << 20);
	strbuf_pad(&want, ' ', 1 << 20);
	strbuf_adds(&want, "\nttyS0\n");
	check_editor_run("long", editor, "ttyS0", strbuf_str(&in), 1, strbuf_str(&want));
	strbuf_done(&in);
	strbuf_done(&want);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, adding, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, long_line);
}

int main(void)
{
	return check_main("securetty", add);
}

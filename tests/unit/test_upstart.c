/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Upstart's jobs of one console. */
#include "check_main.h"
#include "text/upstart.h"

static const char *const to_ttys0[] = {"hvc0", "ttyS0"};
static const char *const same[] = {"hvc0", "hvc0"};

static const struct check_row rows[] = {
	{"event.d",
		S("# hvc0 - getty\n# This service maintains a getty on hvc0 from the "
		  "point\n\n"
		  "start on stopped rc2\nrespawn\nexec /sbin/getty 38400 hvc0\n"),
		S("# ttyS0 - getty\n# This service maintains a getty on ttyS0 from the "
		  "point\n\n"
		  "start on stopped rc2\nrespawn\nexec /sbin/getty 38400 ttyS0\n"),
		1},
	{"quotes, tabs, paths, no newline", S("env T=\"hvc0\"\n\texec getty /dev/hvc0"),
		S("env T=\"ttyS0\"\n\texec getty /dev/ttyS0"), 1},
	{"at both ends", S("hvc0 hvc0"), S("ttyS0 ttyS0"), 1},
	{"begins or ends alike", S("hvc01 xhvc0 hvc hvc0x\n"), S(""), 0},
	{"NUL", S("hvc0\0hvc0\n"), S("ttyS0\0ttyS0\n"), 1},
	{"escape", S("\\hvc0\\\n"), S("\\ttyS0\\\n"), 1},
	{"empty", S(""), S(""), 0},
};

static int editor(struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	const char *const *names = req;

	return upstart_console(in, names[0], names[1], ret_out, e);
}

START_TEST(moving)
{
	check_editor_laws(&rows[_i], editor, to_ttys0, same);
}
END_TEST

START_TEST(long_line)
{
	struct strbuf in = {0}, want = {0};

	for (int i = 0; i < 200000; i++) {
		strbuf_adds(&in, "hvc0 x");
		strbuf_adds(&want, i ? "hvc0 x" : "ttyS0 x");
	}
	check_editor_run("long", editor, to_ttys0, strbuf_str(&in), 1, strbuf_str(&want));
	strbuf_done(&in);
	strbuf_done(&want);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, moving, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, long_line);
}

int main(void)
{
	return check_main("upstart", add);
}

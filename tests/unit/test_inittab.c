/* SPDX-License-Identifier: GPL-2.0-or-later */
/* inittab: moving the Xen console's getty. */
#include "check_main.h"
#include "text/inittab.h"

static const struct check_row rows[] = {
	{"xen-tools",
		S("id:2:initdefault:\n1:2345:respawn:/sbin/getty 38400 hvc0\n"
		  "#2:23:respawn:/sbin/getty 38400 tty2\n"),
		S("id:2:initdefault:\n1:2345:respawn:/sbin/getty 38400 ttyS0\n"
		  "#2:23:respawn:/sbin/getty 38400 tty2\n"),
		1},
	{"EL5", S("co:2345:respawn:/sbin/agetty xvc0 9600 vt100-nav\n"),
		S("co:2345:respawn:/sbin/agetty ttyS0 9600 vt100-nav\n"), 1},
	{"tabs, no newline", S("co:2345:respawn:/sbin/mingetty\t/dev/hvc0"),
		S("co:2345:respawn:/sbin/mingetty\t/dev/ttyS0"), 1},
	{"busybox", S("hvc0::respawn:/sbin/getty 38400 hvc0\n"),
		S("ttyS0::respawn:/sbin/getty 38400 ttyS0\n"), 1},
	{"busybox shell", S("hvc0::askfirst:-/bin/sh\n"), S("ttyS0::askfirst:-/bin/sh\n"),
		1},
	{"sysvinit id has four letters", S("hvc0:23:respawn:/sbin/getty 38400 hvc0\n"),
		S("hvc0:23:respawn:/sbin/getty 38400 ttyS0\n"), 1},
	{"served already",
		S("T0:23:respawn:/sbin/getty -L ttyS0 9600 vt100\n"
		  "co:2345:respawn:/sbin/getty hvc0\n"),
		S("T0:23:respawn:/sbin/getty -L ttyS0 9600 vt100\n"
		  "#co:2345:respawn:/sbin/getty hvc0\n"),
		1},
	{"served further down",
		S("co:2345:respawn:/sbin/getty hvc0\nT0:23:respawn:/sbin/getty -L ttyS0"),
		S("#co:2345:respawn:/sbin/getty hvc0\nT0:23:respawn:/sbin/getty -L "
		  "ttyS0"),
		1},
	{"both Xen consoles",
		S("a:23:respawn:/sbin/getty hvc0\nb:23:respawn:/sbin/getty xvc0\n"),
		S("a:23:respawn:/sbin/getty ttyS0\n#b:23:respawn:/sbin/getty xvc0\n"), 1},
	{"comment serves nobody",
		S("#T0:23:respawn:/sbin/getty -L ttyS0\nco:23:respawn:/sbin/getty "
		  "hvc0\n"),
		S("#T0:23:respawn:/sbin/getty -L ttyS0\nco:23:respawn:/sbin/getty "
		  "ttyS0\n"),
		1},
	{"off", S("co:23:off:/sbin/getty hvc0\n"), S(""), 0},
	{"longer names",
		S("a:2:respawn:/sbin/getty hvc01\nb:2:respawn:/sbin/getty xhvc0\n"),
		S(""), 0},
	{"no getty", S("a:2:once:/usr/bin/log hvc0\n"), S(""), 0},
	{"comment", S("#co:23:respawn:/sbin/getty hvc0\n # hvc0\n"), S(""), 0},
	{"console", S("cons:2345:respawn:/sbin/smart_agetty -L 42 console\n"), S(""), 0},
	{"malformed", S("hvc0\nhvc0:2\na:b:hvc0\n:::\n\n"), S(""), 0},
	{"NUL", S("a:2:respawn:getty hvc0\0\nb:2:respawn:getty hvc0 \0\n"),
		S("a:2:respawn:getty hvc0\0\nb:2:respawn:getty ttyS0 \0\n"), 1},
	{"quotes", S("a:2:respawn:/bin/sh -c \"exec getty hvc0 \"\n"),
		S("a:2:respawn:/bin/sh -c \"exec getty ttyS0 \"\n"), 1},
	{"empty", S(""), S(""), 0},
};

static int editor(struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return inittab_console(in, req, ret_out, e);
}

START_TEST(moving)
{
	check_editor_laws(&rows[_i], editor, "ttyS0", NULL);
}
END_TEST

START_TEST(asking)
{
	struct str in =
		STR("#a:2:respawn:getty tty1\nb:2:respawn:/sbin/getty 38400 tty2\n"
		    "tty3::askfirst:/bin/sh\nc:2:once:x tty4\n"
		    "d:2:off:/sbin/getty tty5\ntty6:2:respawn:/bin/sh");

	ck_assert(!inittab_has_getty(in, "tty1"));
	ck_assert(inittab_has_getty(in, "tty2"));
	ck_assert(inittab_has_getty(in, "tty3"));
	ck_assert(!inittab_has_getty(in, "tty4"));
	ck_assert(!inittab_has_getty(in, "tty5"));
	ck_assert(!inittab_has_getty(in, "tty6"));
	ck_assert(!inittab_has_getty(in, "tty"));
}
END_TEST

START_TEST(long_line)
{
	struct strbuf in = {0}, want = {0};

	strbuf_adds(&in, "a:2:respawn:getty");
	strbuf_adds(&want, "a:2:respawn:getty");
	for (int i = 0; i < 200000; i++) {
		strbuf_adds(&in, " hvc0");
		strbuf_adds(&want, " ttyS0");
	}
	check_editor_run(
		"long line", editor, "ttyS0", strbuf_str(&in), 1, strbuf_str(&want));
	strbuf_done(&in);
	strbuf_done(&want);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, moving, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, asking);
	tcase_add_test(tc, long_line);
}

int main(void)
{
	return check_main("inittab", add);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel command line: renamed and gone devices, consoles, quotes. */
#include <errno.h>

#include "check_main.h"
#include "text/cmdline.h"

static const struct dev_rename map_rows[] = {
	{.from = "/dev/xvda", .to = "/dev/vda", .parts = true},
	{.from = "/dev/xvdb1", .to = NULL},
};
static const struct dev_map map = {map_rows, ARRAY_SIZE(map_rows)};
static const struct cmdline_edit both = {
	.map = &map, .console = "ttyS0", .drop_xen = true};
static const struct cmdline_edit only_map = {.map = &map};
static const struct cmdline_edit only_console = {.console = "ttyS0"};
static const struct cmdline_edit to_hvc0 = {.console = "hvc0"};
static const struct cmdline_edit nothing = {0};

static const struct dev_rename swap_rows[] = {
	{.from = "/dev/xvda", .to = "/dev/xvdb", .parts = true},
	{.from = "/dev/xvdb", .to = "/dev/xvda", .parts = true},
};
static const struct dev_map swap_map = {swap_rows, ARRAY_SIZE(swap_rows)};
static const struct cmdline_edit swaps = {.map = &swap_map};

static const struct check_row rows[] = {
	{"root", S("root=/dev/xvda1 ro quiet"), S("root=/dev/vda1 ro quiet"), 1},
	{"root of a whole disk", S("ro root=/dev/xvda"), S("ro root=/dev/vda"), 1},
	{"longer name", S("root=/dev/xvdaa1"), S(""), 0},
	{"UUID", S("root=UUID=123 ro"), S(""), 0},
	{"other key", S("xroot=/dev/xvda1 rootflags=/dev/xvda1 root"), S(""), 0},
	{"key of another case", S("ROOT=/dev/xvda1"), S(""), 0},
	{"bytes kept", S("\t root=/dev/xvda1  \t ro  \r\n"),
		S("\t root=/dev/vda1  \t ro  \r\n"), 1},
	{"several lines", S("root=/dev/xvda1\nquiet\n"), S("root=/dev/vda1\nquiet\n"), 1},
	{"NUL", S("a\0b root=/dev/xvda1\0"), S(""), 0},
	{"NUL elsewhere", S("a\0b root=/dev/xvda1 \0"), S("a\0b root=/dev/vda1 \0"), 1},
	{"empty", S(""), S(""), 0},
	{"only blanks", S(" \t\n"), S(""), 0},
	{"twice", S("root=/dev/xvda1 root=/dev/xvda2"),
		S("root=/dev/vda1 root=/dev/vda2"), 1},
	{"quoted value", S("root=\"/dev/xvda1\" ro"), S("root=\"/dev/vda1\" ro"), 1},
	{"quoted word", S("\"root=/dev/xvda1\" ro"), S("\"root=/dev/vda1\" ro"), 1},
	{"single quotes", S("'root=/dev/xvda1' ro"), S("'root=/dev/vda1' ro"), 1},
	{"blank in quotes", S("a=\"b root=/dev/xvda1 c\" ro"), S(""), 0},
	{"quote not closed", S("root=\"/dev/xvda1"), S("root=\"/dev/vda1"), 1},
	{"quote not closed, more", S("a=\"x root=/dev/xvda1"), S(""), 0},
	{"half a quote would go", S("ro resume=/dev/xvdb1\"x y\" b"), S(""), 0},
	{"word with half a quote gone", S("xencons=\"a quiet"), S(""), -EINVAL},
	{"options with half a quote", S("console=hvc0,9600' ro 'x"), S(""), -EINVAL},
	{"escaped quotes", S("d=\\\"f b\\\" root=/dev/xvda1"),
		S("d=\\\"f b\\\" root=/dev/vda1"), 1},
	{"variable", S("root=$root ${extra_cmdline}"), S(""), 0},
	{"root gone", S("root=/dev/xvdb1 ro"), S(""), -ENODEV},
	{"root gone, edits before", S("resume=/dev/xvda2 root=/dev/xvdb1"), S(""),
		-ENODEV},
	{"swap of names", S("root=/dev/xvda1 resume=/dev/xvdb1"),
		S("root=/dev/xvdb1 resume=/dev/xvda1"), 1, ROW_SWAP, &swaps},

	{"real_root of genkernel", S("root=/dev/ram0 real_root=/dev/xvda3"),
		S("root=/dev/ram0 real_root=/dev/vda3"), 1},
	{"real_root gone", S("root=/dev/ram0 real_root=/dev/xvdb1"), S(""), -ENODEV},
	{"resume", S("resume=/dev/xvda2 resume2=/dev/xvda3"),
		S("resume=/dev/vda2 resume2=/dev/vda3"), 1},
	{"resume gone, first", S("resume=/dev/xvdb1  ro"), S("ro"), 1},
	{"resume gone, middle", S("ro resume=/dev/xvdb1 quiet"), S("ro quiet"), 1},
	{"resume gone, last", S("ro resume=/dev/xvdb1\n"), S("ro\n"), 1},
	{"resume gone, alone", S("resume=/dev/xvdb1"), S(""), 1},
	{"resume gone, tabs", S("ro\t\tresume=/dev/xvdb1\tquiet"), S("ro\tquiet"), 1},
	{"resume gone, quoted", S("ro \"resume=/dev/xvdb1\" quiet"), S("ro quiet"), 1},
	{"resume2 gone", S("resume2=/dev/xvdb1 resume=/dev/xvdb1 ro"), S("ro"), 1},
	{"resume of swsusp", S("resume=swap:/dev/xvdb1"), S(""), 0},

	{"console", S("ro console=hvc0"), S("ro console=ttyS0"), 1},
	{"console with options", S("console=hvc0,115200n8 ro"), S("console=ttyS0 ro"), 1},
	{"xvc0", S("console=xvc0"), S("console=ttyS0"), 1},
	{"both Xen consoles", S("console=xvc0 console=hvc0 ro"), S("console=ttyS0 ro"),
		1},
	{"console before", S("console=ttyS0 console=tty0 console=hvc0"),
		S("console=ttyS0 console=tty0"), 1},
	{"console behind", S("ro console=hvc0 console=ttyS0,115200"),
		S("ro console=ttyS0,115200"), 1},
	{"console order", S("console=tty0 console=hvc0"), S("console=tty0 console=ttyS0"),
		1},
	{"other console", S("console=hvc1 console=hvc01 console=tty0 console"), S(""), 0},
	{"quoted console", S("\"console=hvc0,115200\" ro"), S("\"console=ttyS0\" ro"), 1},
	{"Xen's clock", S("ro clocksource=xen quiet"), S("ro quiet"), 1},
	{"a clock that stands still", S("clocksource=jiffies ro"), S("ro"), 1},
	{"a good clock", S("clocksource=tsc xclocksource=xen clocksource=xen2"), S(""),
		0},
	{"wall clock", S("ro independent_wallclock=1 xen.independent_wallclock=1"),
		S("ro"), 1},
	{"no ACPI", S("ro acpi=off\n"), S("ro\n"), 1},
	{"other ACPI", S("acpi=ht noacpi pci=noacpi acpi"), S(""), 0},
	{"Xen's words kept", S("clocksource=xen acpi=off"), S(""), 0, 0, &only_console},
	{"xencons", S("ro xencons=ttyS quiet"), S("ro quiet"), 1},
	{"xencons first", S("xencons=off\txencons=tty quiet"), S("quiet"), 1},
	{"all at once",
		S("root=/dev/xvda1 ro console=hvc0 xencons=tty resume=/dev/xvdb1 "
		  "quiet\n"),
		S("root=/dev/vda1 ro console=ttyS0 quiet\n"), 1},
	{"console kept without request", S("console=hvc0 xencons=tty"), S(""), 0, 0,
		&only_map},
	{"Xen console wanted", S("console=hvc0 ro"), S(""), 0, 0, &to_hvc0},
	{"one Xen console wanted", S("console=xvc0 console=hvc0 ro"),
		S("console=hvc0 ro"), 1, 0, &to_hvc0},
	{"devices kept without map", S("root=/dev/xvdb1 console=hvc0"),
		S("root=/dev/xvdb1 console=ttyS0"), 1, 0, &only_console},
};

static int edit(struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return cmdline_edit(in, req, ret_out, e);
}

START_TEST(edits)
{
	check_editor_laws(&rows[_i], edit, &both, &nothing);
}
END_TEST

/* A hostile line must take linear time: seconds here would be minutes if it did not. */
START_TEST(long_line)
{
	struct strbuf in = {0}, want = {0};

	for (int i = 0; i < 40000; i++) {
		strbuf_adds(&in, "console=hvc0 resume=/dev/xvdb1 a=\"b c\" ");
		strbuf_adds(&want, i ? " a=\"b c\"" : "console=ttyS0 a=\"b c\"");
	}
	strbuf_addc(&want, ' ');
	ck_assert_int_eq(strbuf_err(&in), 0);
	check_editor_run("long line", edit, &both, strbuf_str(&in), 1, strbuf_str(&want));
	strbuf_done(&in);
	strbuf_done(&want);
}
END_TEST

static const struct {
	const char *in, *key;
	bool found;
	const char *want;
} gets[] = {
	{"root=/dev/xvda1 ro", "root", true, "/dev/xvda1"},
	{"root=a root=b", "root", true, "b"},
	{"root=UUID=1-2 ro", "root", true, "UUID=1-2"},
	{"a=\"b c\" ro", "a", true, "b c"},
	{"\"a=b c\" ro", "a", true, "b c"},
	{"ro quiet", "quiet", true, ""},
	{"quiet=", "quiet", true, ""},
	{"quiet2", "quiet", false, ""},
	{"xroot=1 rootx=2", "root", false, ""},
	{"", "root", false, ""},
};

START_TEST(get)
{
	struct str value = {0};

	ck_assert_int_eq(
		cmdline_get(str_from(gets[_i].in), gets[_i].key, &value), gets[_i].found);
	check_bytes(gets[_i].in, value, str_from(gets[_i].want));
}
END_TEST

START_TEST(root)
{
	struct str value = {0};

	ck_assert(!cmdline_root(STR("ro resume=/dev/vda1"), &value));
	ck_assert(cmdline_root(STR("ro root=LABEL=/"), &value));
	check_bytes("root", value, STR("LABEL=/"));
	ck_assert(cmdline_root(STR("real_root=/dev/vda3 root=/dev/ram0"), &value));
	check_bytes("real_root", value, STR("/dev/vda3"));
}
END_TEST

START_TEST(words)
{
	struct str rest = STR("  a \"b c\"=d\t'e f'\r\n g\"\"h \"i j"), word;
	static const char *const want[] = {
		"a", "\"b c\"=d", "'e", "f'", "g\"\"h", "\"i j"};

	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		ck_assert(cmdline_word(&rest, &word));
		check_bytes("word", word, str_from(want[i]));
	}
	ck_assert(!cmdline_word(&rest, &word));
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, edits, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, long_line);
	tcase_add_loop_test(tc, get, 0, ARRAY_SIZE(gets));
	tcase_add_test(tc, root);
	tcase_add_test(tc, words);
}

int main(void)
{
	return check_main("cmdline", add);
}

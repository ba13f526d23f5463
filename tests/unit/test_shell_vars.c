/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of shell assignments: reading, setting, and command lines in values. */
#include <errno.h>

#include "check_main.h"
#include "text/shell_vars.h"

static const struct dev_rename map_rows[] = {
	{.from = "/dev/xvda", .to = "/dev/vda", .parts = true},
	{.from = "/dev/xvdb1", .to = NULL},
};
static const struct dev_map map = {map_rows, ARRAY_SIZE(map_rows)};
static const struct cmdline_edit req = {.map = &map, .console = "ttyS0"}, nothing = {0};

static const struct dev_rename swap_rows[] = {
	{.from = "/dev/xvda", .to = "/dev/xvdb", .parts = true},
	{.from = "/dev/xvdb", .to = "/dev/xvda", .parts = true},
};
static const struct dev_map swap_map = {swap_rows, ARRAY_SIZE(swap_rows)};
static const struct cmdline_edit swaps = {.map = &swap_map};

static const struct check_row cmdlines[] = {
	{"Debian",
		S("# If you change this file, run 'update-grub' afterwards to update\n"
		  "GRUB_DEFAULT=0\n"
		  "GRUB_DISTRIBUTOR=`lsb_release -i -s 2> /dev/null || echo Debian`\n"
		  "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n"
		  "GRUB_CMDLINE_LINUX=\"console=hvc0 root=/dev/xvda1\"\n"
		  "#GRUB_CMDLINE_LINUX=\"root=/dev/xvda1\"\n"),
		S("# If you change this file, run 'update-grub' afterwards to update\n"
		  "GRUB_DEFAULT=0\n"
		  "GRUB_DISTRIBUTOR=`lsb_release -i -s 2> /dev/null || echo Debian`\n"
		  "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n"
		  "GRUB_CMDLINE_LINUX=\"console=ttyS0 root=/dev/vda1\"\n"
		  "#GRUB_CMDLINE_LINUX=\"root=/dev/xvda1\"\n"),
		1},
	{"cloud's default/grub.d",
		S("GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT "
		  "console=hvc0\""),
		S("GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT "
		  "console=ttyS0\""),
		1},
	{"what grub-mkconfig puts in their place under a hypervisor",
		S("GRUB_CMDLINE_LINUX_XEN_REPLACE=\"root=/dev/xvda1 console=hvc0\"\n"
		  "GRUB_CMDLINE_LINUX_XEN_REPLACE_DEFAULT=\"console=hvc0\"\n"
		  "GRUB_CMDLINE_XEN=\"console=hvc0\"\n"),
		S("GRUB_CMDLINE_LINUX_XEN_REPLACE=\"root=/dev/vda1 console=ttyS0\"\n"
		  "GRUB_CMDLINE_LINUX_XEN_REPLACE_DEFAULT=\"console=ttyS0\"\n"
		  "GRUB_CMDLINE_XEN=\"console=hvc0\"\n"),
		1},
	{"export", S("export  GRUB_CMDLINE_LINUX='xencons=tty root=/dev/xvda1'\n"),
		S("export  GRUB_CMDLINE_LINUX='root=/dev/vda1'\n"), 1},
	{"bare",
		S("GRUB_CMDLINE_LINUX=root=/dev/"
		  "xvda1\nGRUB_CMDLINE_LINUX=console=hvc0#\n"),
		S("GRUB_CMDLINE_LINUX=root=/dev/"
		  "vda1\nGRUB_CMDLINE_LINUX=console=hvc0#\n"),
		1},
	{"+=", S("GRUB_CMDLINE_LINUX+=\" console=hvc0\"\n"),
		S("GRUB_CMDLINE_LINUX+=\" console=ttyS0\"\n"), 1},
	{"several lines",
		S("GRUB_CMDLINE_LINUX=\"root=/dev/xvda1 \\\nxencons=off\nro\"\n"),
		S("GRUB_CMDLINE_LINUX=\"root=/dev/vda1 \\\n\nro\"\n"), 1},
	{"assignment inside a value", S("A='\nGRUB_CMDLINE_LINUX=root=/dev/xvda1\n'\n"),
		S(""), 0},
	{"several pieces", S("GRUB_CMDLINE_LINUX=\"a b\"'console=hvc0'\n"),
		S("GRUB_CMDLINE_LINUX=\"a b\"'console=ttyS0'\n"), 1},
	{"several on a line", S(" A=1;GRUB_CMDLINE_LINUX=\"root=/dev/xvda1\" B=2 # c\n"),
		S(" A=1;GRUB_CMDLINE_LINUX=\"root=/dev/vda1\" B=2 # c\n"), 1},
	{"escaped quotes", S("GRUB_CMDLINE_LINUX=\"d=\\\"a b\\\" root=/dev/xvda1\"\n"),
		S("GRUB_CMDLINE_LINUX=\"d=\\\"a b\\\" root=/dev/vda1\"\n"), 1},
	{"quote not closed", S("GRUB_CMDLINE_LINUX=\"root=/dev/xvda1 ro"),
		S("GRUB_CMDLINE_LINUX=\"root=/dev/vda1 ro"), 1},
	{"removed", S("GRUB_CMDLINE_LINUX=\"resume=/dev/xvdb1\"\n"),
		S("GRUB_CMDLINE_LINUX=\"\"\n"), 1},
	{"other names",
		S("XGRUB_CMDLINE_LINUX=root=/dev/xvda1\nGRUB_CMDLINE=root=/dev/xvda1\n"
		  "1GRUB_CMDLINE_LINUX=root=/dev/xvda1\n"
		  "echo GRUB_CMDLINE_LINUX=root=/dev/xvda1\n"
		  "GRUB_CMDLINE_LINUX =root=/dev/xvda1\n"),
		S(""), 0},
	{"longer devices", S("GRUB_CMDLINE_LINUX=\"root=/dev/xvdaa1\"\n"), S(""), 0},
	{"root gone", S("A=1\nGRUB_CMDLINE_LINUX=\"root=/dev/xvdb1\"\n"), S(""), -ENODEV},
	{"malformed", S("=\n==\nGRUB_CMDLINE_LINUX\n\"\n'\n\\\n"), S(""), 0},
	{"NUL", S("a\0\nGRUB_CMDLINE_LINUX=\"\0 root=/dev/xvda1 \0\"\n"),
		S("a\0\nGRUB_CMDLINE_LINUX=\"\0 root=/dev/vda1 \0\"\n"), 1},
	{"swap of names", S("GRUB_CMDLINE_LINUX=\"root=/dev/xvda1 resume=/dev/xvdb1\"\n"),
		S("GRUB_CMDLINE_LINUX=\"root=/dev/xvdb1 resume=/dev/xvda1\"\n"), 1,
		ROW_SWAP, &swaps},
	{"empty", S(""), S(""), 0},
};

static int edit_cmdline(
	struct str in, const void *request, struct strbuf *ret_out, struct err *e)
{
	return shell_vars_edit_cmdline(in, "GRUB_CMDLINE_LINUX*", request, ret_out, e);
}

START_TEST(editing_cmdlines)
{
	check_editor_laws(&cmdlines[_i], edit_cmdline, &req, &nothing);
}
END_TEST

static const struct check_row sets[] = {
	{"bare", S("A=1\nB=2\n"), S("A=new\nB=2\n"), 1, 0, "new"},
	{"the same", S("A=new\n"), S(""), 0, 0, "new"},
	{"the same, quoted", S("A='new'\n"), S(""), 0, 0, "new"},
	{"the same, escaped", S("A=\"a\\$b\"\n"), S(""), 0, 0, "a$b"},
	{"double quotes", S("A=\"old\" # why\n"), S("A=\"ne\\\"w\\$ \" # why\n"), 1, 0,
		"ne\"w$ "},
	{"single quotes", S("A='old'\n"), S("A='n\"e$w'\n"), 1, 0, "n\"e$w"},
	{"single quotes, not possible", S("A='old'\n"), S("A=\"it's\"\n"), 1, 0, "it's"},
	{"bare, not possible", S("A=old\n"), S("A=\"a b\"\n"), 1, 0, "a b"},
	{"the last one", S("A=1\nA=2\n"), S("A=1\nA=3\n"), 1, 0, "3"},
	{"export", S("export A=1"), S("export A=3"), 1, 0, "3"},
	{"empty value", S("A=\n"), S("A=3\n"), 1, 0, "3"},
	{"to empty", S("A=\"1\"\n"), S("A=\"\"\n"), 1, 0, ""},
	{"several pieces", S("A=a\"b\"'c'\n"), S("A=d\n"), 1, 0, "d"},
	{"appended", S("B=1\n"), S("B=1\nA=3\n"), 1, 0, "3"},
	{"appended, newline missing", S("B=1"), S("B=1\nA=3\n"), 1, ROW_NO_CRLF, "3"},
	{"appended, quoted", S("#A=1\n"), S("#A=1\nA=\"a b\"\n"), 1, 0, "a b"},
	{"appended to nothing", S(""), S("A=3\n"), 1, ROW_NO_CRLF, "3"},
	{"other names", S("AA=1\nBA=2\n"), S("AA=1\nBA=2\nA=3\n"), 1, 0, "3"},
	{"open quote", S("B=\"1\n"), S(""), -EINVAL, 0, "3"},
	{"open line", S("B=1\\\n"), S(""), -EINVAL, ROW_NO_CRLF, "3"},
};

static int edit_set(
	struct str in, const void *request, struct strbuf *ret_out, struct err *e)
{
	return shell_vars_set(in, "A", str_from(request), ret_out, e);
}

static const struct check_row renames[] = {
	{"renamed", S("boot=/dev/xvda\nforcelba=0\n"), S("boot=/dev/vda\nforcelba=0\n"),
		1},
	{"quoted", S("boot=\"/dev/xvda1\"\n"), S("boot=\"/dev/vda1\"\n"), 1},
	{"gone", S("boot=/dev/xvdb1\n"), S(""), 0},
	{"another's", S("boot=UUID=1\nroot=/dev/xvda\n"), S(""), 0},
	{"none", S("#boot=/dev/xvda\n"), S(""), 0},
};

static int edit_rename(
	struct str in, const void *request, struct strbuf *ret_out, struct err *e)
{
	return shell_vars_rename(in, "boot", request, ret_out, e);
}

START_TEST(renaming)
{
	static const struct dev_map empty = {0};

	check_editor_laws(&renames[_i], edit_rename, &map, &empty);
}
END_TEST

START_TEST(setting)
{
	check_editor_laws(&sets[_i], edit_set, NULL, NULL);
}
END_TEST

static const struct {
	const char *name, *in;
	bool found;
	const char *want;
} gets[] = {
	{"bare", "ID=debian\n", true, "debian"},
	{"double quotes", "ID=\"a b\"\n", true, "a b"},
	{"single quotes", "ID='a \"b\\'\n", true, "a \"b\\"},
	{"escapes", "ID=\"\\$\\`\\\"\\\\\\x\"\n", true, "$`\"\\\\x"},
	{"bare escapes", "ID=a\\ b\\\\\n", true, "a b\\"},
	{"pieces", "ID=a\"b\"'c'd\n", true, "abcd"},
	{"continued", "ID=a\\\nb\n", true, "ab"},
	{"the last one", "ID=a\nID=b\n", true, "b"},
	{"the last one, shorter", "ID=abc\nID=\n", true, ""},
	{"+=", "ID=a\nID+=b\n", true, "ab"},
	{"export", "export ID=a\n", true, "a"},
	{"comment behind", "ID=a # b\n", true, "a"},
	{"CRLF", "ID=a\r\nX=b\r\n", true, "a"},
	{"no newline", "ID=a", true, "a"},
	{"missing", "IDX=a\nXID=b\n#ID=c\necho ID=d\n", false, ""},
	{"empty", "", false, ""},
};

START_TEST(getting)
{
	struct strbuf value = {0};

	strbuf_adds(&value, "<");
	ck_assert_int_eq(
		shell_vars_get(str_from(gets[_i].in), "ID", &value), gets[_i].found);
	ck_assert_int_eq(value.p[value.n], '\0');
	check_bytes(gets[_i].name, str_from_pos(strbuf_str(&value), 1),
		str_from(gets[_i].want));
	strbuf_done(&value);
}
END_TEST

START_TEST(large)
{
	struct strbuf in = {0}, want = {0};

	for (int i = 0; i < 20000; i++) {
		strbuf_adds(&in, "GRUB_CMDLINE_LINUX=\"root=/dev/xvda1\" A=\\; a a a");
		strbuf_adds(&want, "GRUB_CMDLINE_LINUX=\"root=/dev/vda1\" A=\\; a a a");
		strbuf_adds(&in, i % 2 ? "\n" : "\r\n");
		strbuf_adds(&want, i % 2 ? "\n" : "\r\n");
	}
	check_editor_run(
		"large", edit_cmdline, &req, strbuf_str(&in), 1, strbuf_str(&want));
	strbuf_done(&in);
	strbuf_done(&want);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, editing_cmdlines, 0, ARRAY_SIZE(cmdlines));
	tcase_add_loop_test(tc, renaming, 0, ARRAY_SIZE(renames));
	tcase_add_loop_test(tc, setting, 0, ARRAY_SIZE(sets));
	tcase_add_loop_test(tc, getting, 0, ARRAY_SIZE(gets));
	tcase_add_test(tc, large);
}

int main(void)
{
	return check_main("shell_vars", add);
}

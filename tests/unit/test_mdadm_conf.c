/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mdadm.conf: DEVICE words and devices= lists. */
#include "check_main.h"
#include "text/mdadm_conf.h"

static const struct dev_rename map_rows[] = {
	{.from = "/dev/xvda", .to = "/dev/vda", .parts = true},
	{.from = "/dev/xvdc", .to = "/dev/vdb", .parts = true},
	{.from = "/dev/xvde1", .to = "/dev/vdc"},
	{.from = "/dev/xvdf", .to = NULL, .parts = true},
	{.from = "/dev/xvdha1", .to = "/dev/vdd"},
};
static const struct dev_map map = {map_rows, ARRAY_SIZE(map_rows)};
static const struct dev_map no_map = {0};

static const struct dev_rename swap_rows[] = {
	{.from = "/dev/xvda", .to = "/dev/xvdb", .parts = true},
	{.from = "/dev/xvdb", .to = "/dev/xvda", .parts = true},
};
static const struct dev_map swaps = {swap_rows, ARRAY_SIZE(swap_rows)};

static const struct check_row rows[] = {
	{"devices", S("DEVICE /dev/xvda1 /dev/xvdc1\n"),
		S("DEVICE /dev/vda1 /dev/vdb1\n"), 1},
	{"family", S("DEVICE partitions /dev/xvd*\n"), S("DEVICE partitions /dev/vd*\n"),
		1},
	{"disk with star", S("DEVICE /dev/xvdc*"), S("DEVICE /dev/vdb*"), 1},
	{"disk with digits", S("DEVICE /dev/xvda[0-9]*"), S("DEVICE /dev/vda[0-9]*"), 1},
	{"a disk that only its partitions name", S("DEVICE /dev/xvde*\n"),
		S("DEVICE /dev/vd*\n"), 1},
	{"letters", S("DEVICE /dev/xvd[ac]1 /dev/xvd[a-f]2\n"),
		S("DEVICE /dev/vd[a-z]1 /dev/vd[a-f]2\n"), 1},
	{"array, continued, any case",
		S("Array /dev/md0 level=1 num-devices=2\n"
		  "   UUID=1:2:3:4 devices=/dev/xvda1,/dev/xvdc1,missing\n"),
		S("Array /dev/md0 level=1 num-devices=2\n"
		  "   UUID=1:2:3:4 devices=/dev/vda1,/dev/vdb1,missing\n"),
		1},
	{"short keyword, tabs", S("dev\t/dev/xvda\n\t/dev/xvde1\n"),
		S("dev\t/dev/vda\n\t/dev/vdc\n"), 1},
	{"quotes", S("DEVICE \"/dev/xvda1\"\nARRAY /dev/md0 devices=\"/dev/xvda1\"\n"),
		S("DEVICE \"/dev/vda1\"\nARRAY /dev/md0 devices=\"/dev/vda1\"\n"), 1},
	{"comments", S("# DEVICE /dev/xvda\nDEVICE /dev/xvda # /dev/xvda\n"),
		S("# DEVICE /dev/xvda\nDEVICE /dev/vda # /dev/xvda\n"), 1},
	{"names that begin alike", S("DEVICE /dev/xvdaa1 /dev/xvde10 /dev/xvda1x\n"),
		S(""), 0},
	{"only a longer disk is known", S("DEVICE /dev/xvdh*\n"), S(""), 0},
	{"gone", S("DEVICE /dev/xvdf1 /dev/xvdf*\n"), S(""), 0},
	{"other families", S("DEVICE /dev/sd* /dev/hd* /dev/md/*\n"), S(""), 0},
	{"other lines",
		S("MAILADDR /dev/xvda\nDE /dev/xvda\nPROGRAM /dev/xvda\n /dev/xvda\n"),
		S(""), 0},
	{"array name stays", S("ARRAY /dev/xvda UUID=x name=/dev/xvda\n"), S(""), 0},
	{"NUL", S("DEVICE /dev/xvda\0 /dev/xvda\n"), S("DEVICE /dev/vda\0 /dev/vda\n"),
		1},
	{"malformed", S(" \n=\nARRAY devices=\nDEVICE /dev/\nDEVICE \"\n"), S(""), 0},
	{"swap of names", S("DEVICE /dev/xvda1 /dev/xvdb1\n"),
		S("DEVICE /dev/xvdb1 /dev/xvda1\n"), 1, ROW_SWAP, &swaps},
	{"empty", S(""), S(""), 0},
};

static int editor(struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return mdadm_conf_rename(in, req, ret_out, e);
}

START_TEST(renaming)
{
	check_editor_laws(&rows[_i], editor, &map, &no_map);
}
END_TEST

START_TEST(long_line)
{
	struct strbuf in = {0}, want = {0};

	strbuf_adds(&in, "DEVICE");
	strbuf_adds(&want, "DEVICE");
	for (int i = 0; i < 100000; i++) {
		strbuf_adds(&in, " /dev/xvd[");
		strbuf_adds(&want, " /dev/vd[");
	}
	check_editor_run("long", editor, &map, strbuf_str(&in), 1, strbuf_str(&want));
	strbuf_done(&in);
	strbuf_done(&want);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, renaming, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, long_line);
}

int main(void)
{
	return check_main("mdadm_conf", add);
}

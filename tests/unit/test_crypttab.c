/* SPDX-License-Identifier: GPL-2.0-or-later */
/* crypttab: the device and key columns. */
#include "check_main.h"
#include "text/crypttab.h"

static const struct dev_rename map_rows[] = {
	{.from = "/dev/xvda", .to = "/dev/vda", .parts = true},
	{.from = "/dev/xvdb1", .to = NULL},
};
static const struct dev_map map = {map_rows, ARRAY_SIZE(map_rows)}, no_map = {0};

static const struct dev_rename swap_rows[] = {
	{.from = "/dev/xvda", .to = "/dev/xvdb", .parts = true},
	{.from = "/dev/xvdb", .to = "/dev/xvda", .parts = true},
};
static const struct dev_map swaps = {swap_rows, ARRAY_SIZE(swap_rows)};

static const struct check_row rows[] = {
	{"Debian",
		S("# <target name>\t<source device>\t<key file>\t<options>\n"
		  "xvda5_crypt /dev/xvda5 none luks\n"
		  "swap\t/dev/xvda2\t/dev/urandom\tswap,cipher=aes-xts-plain64\n"),
		S("# <target name>\t<source device>\t<key file>\t<options>\n"
		  "xvda5_crypt /dev/vda5 none luks\n"
		  "swap\t/dev/vda2\t/dev/urandom\tswap,cipher=aes-xts-plain64\n"),
		1},
	{"two fields, no newline", S("a /dev/xvda"), S("a /dev/vda"), 1},
	{"key is a device", S("a UUID=1 /dev/xvda3 luks\n"),
		S("a UUID=1 /dev/vda3 luks\n"), 1},
	{"key lies on a device", S("a /dev/xvda1 /dev/xvda3:/k:1 luks\n"),
		S("a /dev/vda1 /dev/vda3:/k:1 luks\n"), 1},
	{"gone", S("a /dev/xvdb1 /dev/xvdb1 luks\n"), S(""), 0},
	{"name is not renamed", S("/dev/xvda UUID=1 none\n"), S(""), 0},
	{"comments", S("#a /dev/xvda1\n # a /dev/xvda1\n"), S(""), 0},
	{"malformed", S("a\n\n \n"), S(""), 0},
	{"longer names", S("a /dev/xvdaa1\nb /dev/xvda1x\n"), S(""), 0},
	{"NUL", S("a\0 /dev/xvda1 \0\n"), S("a\0 /dev/vda1 \0\n"), 1},
	{"swap of names", S("a /dev/xvda1 /dev/xvdb1\n"), S("a /dev/xvdb1 /dev/xvda1\n"),
		1, ROW_SWAP, &swaps},
	{"empty", S(""), S(""), 0},
};

static int edit(struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return crypttab_rename(in, req, ret_out, e);
}

START_TEST(edits)
{
	check_editor_laws(&rows[_i], edit, &map, &no_map);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, edits, 0, ARRAY_SIZE(rows));
}

int main(void)
{
	return check_main("crypttab", add);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The map of device names: exact rows, rows of whole disks, names that only look alike. */
#include "check_main.h"
#include "text/dev_map.h"

static const struct dev_rename map_rows[] = {
	{.from = "/dev/xvda", .to = "/dev/vda", .parts = true},
	{.from = "/dev/xvda3", .to = "/dev/vdc", .spec = "UUID=1-2"},
	{.from = "/dev/xvdb", .to = "/dev/vdb", .spec = "LABEL=data"},
	{.from = "/dev/xvdc", .to = NULL, .parts = true},
	{.from = "/dev/xvdd", .to = "/dev/nvme0n1", .parts = true},
	{.from = "/dev/xvde1", .to = "/dev/vde", .parts = true},
	{.from = "/dev/xvdf1", .to = NULL},
	/* Two disks that change places. */
	{.from = "/dev/vdx", .to = "/dev/vdy", .parts = true},
	{.from = "/dev/vdy", .to = "/dev/vdx", .parts = true},
};
static const struct dev_map map = {map_rows, ARRAY_SIZE(map_rows)};

static const struct {
	const char *name;
	struct str in;
	enum dev_fate fate;
	const char *want, *want_spec;
} rows[] = {
	{"whole disk", S("/dev/xvda"), DEV_RENAMED, "/dev/vda", "/dev/vda"},
	{"partition", S("/dev/xvda1"), DEV_RENAMED, "/dev/vda1", "/dev/vda1"},
	{"partition 10", S("/dev/xvda10"), DEV_RENAMED, "/dev/vda10", "/dev/vda10"},
	{"exact row wins", S("/dev/xvda3"), DEV_RENAMED, "/dev/vdc", "UUID=1-2"},
	{"longer number", S("/dev/xvda31"), DEV_RENAMED, "/dev/vda31", "/dev/vda31"},
	{"longer letters", S("/dev/xvdaa"), DEV_KEPT, "", ""},
	{"longer letters, number", S("/dev/xvdaa1"), DEV_KEPT, "", ""},
	{"leading zero", S("/dev/xvda01"), DEV_KEPT, "", ""},
	{"partition 0", S("/dev/xvda0"), DEV_KEPT, "", ""},
	{"not a number", S("/dev/xvda1x"), DEV_KEPT, "", ""},
	{"spec of a disk", S("/dev/xvdb"), DEV_RENAMED, "/dev/vdb", "LABEL=data"},
	{"no partitions", S("/dev/xvdb1"), DEV_KEPT, "", ""},
	{"gone", S("/dev/xvdc"), DEV_GONE, "", ""},
	{"gone partition", S("/dev/xvdc2"), DEV_GONE, "", ""},
	{"gone exact", S("/dev/xvdf1"), DEV_GONE, "", ""},
	{"target ends in a digit", S("/dev/xvdd2"), DEV_RENAMED, "/dev/nvme0n1p2",
		"/dev/nvme0n1p2"},
	{"source ends in a digit", S("/dev/xvde1p2"), DEV_RENAMED, "/dev/vde2",
		"/dev/vde2"},
	{"source ends in a digit, no p", S("/dev/xvde12"), DEV_KEPT, "", ""},
	{"swap one way", S("/dev/vdx1"), DEV_RENAMED, "/dev/vdy1", "/dev/vdy1"},
	{"swap other way", S("/dev/vdy1"), DEV_RENAMED, "/dev/vdx1", "/dev/vdx1"},
	{"no device", S("UUID=xvda"), DEV_KEPT, "", ""},
	{"empty", S(""), DEV_KEPT, "", ""},
	{"NUL", S("/dev/xvda\0"), DEV_KEPT, "", ""},
	{"NUL in number", S("/dev/xvda1\0"), DEV_KEPT, "", ""},
};

START_TEST(find)
{
	struct strbuf out = {0}, spec = {0};

	ck_assert_int_eq(dev_map_find(&map, rows[_i].in, &out), rows[_i].fate);
	check_bytes(rows[_i].name, strbuf_str(&out), str_from(rows[_i].want));
	ck_assert_int_eq(dev_map_find_spec(&map, rows[_i].in, &spec), rows[_i].fate);
	check_bytes(rows[_i].name, strbuf_str(&spec), str_from(rows[_i].want_spec));
	ck_assert_int_eq(dev_map_find(&map, rows[_i].in, NULL), rows[_i].fate);
	ck_assert_int_eq(dev_map_find(NULL, rows[_i].in, NULL), DEV_KEPT);
	strbuf_done(&out);
	strbuf_done(&spec);
}
END_TEST

START_TEST(find_adds)
{
	struct strbuf out = {0};

	strbuf_adds(&out, "was there: ");
	ck_assert_int_eq(dev_map_find(&map, STR("/dev/xvda1"), &out), DEV_RENAMED);
	check_bytes("added", strbuf_str(&out), STR("was there: /dev/vda1"));
	strbuf_done(&out);
}
END_TEST

static const struct {
	struct str in;
	bool ok;
	const char *prefix, *letters, *number, *disk;
	unsigned index;
} names[] = {
	{S("/dev/xvda"), true, "xvd", "a", "", "/dev/xvda", 0},
	{S("/dev/xvda1"), true, "xvd", "a", "1", "/dev/xvda", 0},
	{S("/dev/xvdz15"), true, "xvd", "z", "15", "/dev/xvdz", 25},
	{S("/dev/xvdaa"), true, "xvd", "aa", "", "/dev/xvdaa", 26},
	{S("/dev/xvdaz"), true, "xvd", "az", "", "/dev/xvdaz", 51},
	{S("/dev/xvdba3"), true, "xvd", "ba", "3", "/dev/xvdba", 52},
	{S("/dev/xvdzz"), true, "xvd", "zz", "", "/dev/xvdzz", 701},
	{S("/dev/xvdaaa"), true, "xvd", "aaa", "", "/dev/xvdaaa", 702},
	{S("/dev/sda1"), true, "sd", "a", "1", "/dev/sda", 0},
	{S("/dev/hdc"), true, "hd", "c", "", "/dev/hdc", 2},
	{S("/dev/vda"), false, 0, 0, 0, 0, 0},
	{S("/dev/xvd"), false, 0, 0, 0, 0, 0},
	{S("/dev/xvd1"), false, 0, 0, 0, 0, 0},
	{S("/dev/xvda1p1"), false, 0, 0, 0, 0, 0},
	{S("/dev/xvda01"), false, 0, 0, 0, 0, 0},
	{S("/dev/hdparm"), false, 0, 0, 0, 0, 0},
	{S("/dev/sdA"), false, 0, 0, 0, 0, 0},
	{S("xvda1"), false, 0, 0, 0, 0, 0},
	{S("/dev/mapper/xvda"), false, 0, 0, 0, 0, 0},
	{S("/dev/xvda\0"), false, 0, 0, 0, 0, 0},
	{S(""), false, 0, 0, 0, 0, 0},
};

START_TEST(parse)
{
	struct dev_name name = {0};

	ck_assert_int_eq(dev_name_parse(names[_i].in, &name), names[_i].ok);
	check_bytes("prefix", name.prefix, str_from(names[_i].prefix));
	check_bytes("letters", name.letters, str_from(names[_i].letters));
	check_bytes("number", name.number, str_from(names[_i].number));
	check_bytes("disk", name.disk, str_from(names[_i].disk));
	if (names[_i].ok)
		ck_assert_uint_eq(dev_name_index(name.letters), names[_i].index);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, find, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, find_adds);
	tcase_add_loop_test(tc, parse, 0, ARRAY_SIZE(names));
}

int main(void)
{
	return check_main("dev_map", add);
}

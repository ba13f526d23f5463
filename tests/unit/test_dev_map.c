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
} names[] = {
	{S("/dev/xvda"), true, "xvd", "a", "", "/dev/xvda"},
	{S("/dev/xvda1"), true, "xvd", "a", "1", "/dev/xvda"},
	{S("/dev/xvdz15"), true, "xvd", "z", "15", "/dev/xvdz"},
	{S("/dev/xvdaa"), true, "xvd", "aa", "", "/dev/xvdaa"},
	{S("/dev/xvdaz"), true, "xvd", "az", "", "/dev/xvdaz"},
	{S("/dev/xvdba3"), true, "xvd", "ba", "3", "/dev/xvdba"},
	{S("/dev/xvdzz"), true, "xvd", "zz", "", "/dev/xvdzz"},
	{S("/dev/xvdaaa"), true, "xvd", "aaa", "", "/dev/xvdaaa"},
	{S("/dev/sda1"), true, "sd", "a", "1", "/dev/sda"},
	{S("/dev/hdc"), true, "hd", "c", "", "/dev/hdc"},
	{S("/dev/vda"), false, 0, 0, 0, 0},
	{S("/dev/xvd"), false, 0, 0, 0, 0},
	{S("/dev/xvd1"), false, 0, 0, 0, 0},
	{S("/dev/xvda1p1"), false, 0, 0, 0, 0},
	{S("/dev/xvda01"), false, 0, 0, 0, 0},
	{S("/dev/hdparm"), false, 0, 0, 0, 0},
	{S("/dev/sdA"), false, 0, 0, 0, 0},
	{S("xvda1"), false, 0, 0, 0, 0},
	{S("/dev/mapper/xvda"), false, 0, 0, 0, 0},
	{S("/dev/xvda\0"), false, 0, 0, 0, 0},
	{S("/dev/disk/by-id/ata-QEMU_HARDDISK_QM00001"), true, "disk/by-id/ata-",
		"QEMU_HARDDISK_QM00001", "", "/dev/disk/by-id/ata-QEMU_HARDDISK_QM00001"},
	{S("/dev/disk/by-id/scsi-SATA_a_b-part12"), true, "disk/by-id/scsi-", "SATA_a_b",
		"12", "/dev/disk/by-id/scsi-SATA_a_b"},
	{S("/dev/disk/by-id/ata-x-part1-part2"), true, "disk/by-id/ata-", "x-part1", "2",
		"/dev/disk/by-id/ata-x-part1"},
	{S("/dev/disk/by-id/ata-x-part0"), true, "disk/by-id/ata-", "x-part0", "",
		"/dev/disk/by-id/ata-x-part0"},
	{S("/dev/disk/by-path/xen-vbd-51712-part1"), true, "disk/by-path/xen-",
		"vbd-51712", "1", "/dev/disk/by-path/xen-vbd-51712"},
	{S("/dev/disk/by-id/ata-"), false, 0, 0, 0, 0},
	{S("/dev/disk/by-id/ata--part1"), false, 0, 0, 0, 0},
	{S("/dev/disk/by-id/ata-a b"), false, 0, 0, 0, 0},
	{S("/dev/disk/by-id/ata-a/b"), false, 0, 0, 0, 0},
	{S("/dev/disk/by-id/dm-uuid-LVM-abc"), false, 0, 0, 0, 0},
	{S("/dev/disk/by-id/virtio-xvda"), false, 0, 0, 0, 0},
	{S("/dev/disk/by-path/pci-0000:00:04.0-part1"), false, 0, 0, 0, 0},
	{S("/dev/disk/by-uuid/ata-x"), false, 0, 0, 0, 0},
	{S(""), false, 0, 0, 0, 0},
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
		ck_assert_uint_eq(dev_name_length(names[_i].in), names[_i].in.n);
}
END_TEST

/* Each is before the next. */
START_TEST(order)
{
	static const char *const in_order[] = {"/dev/disk/by-id/ata-x",
		"/dev/disk/by-id/ata-x-part2", "/dev/hda", "/dev/sda", "/dev/xvda",
		"/dev/xvda2", "/dev/xvda10", "/dev/xvdb1", "/dev/xvdz", "/dev/xvdaa",
		"/dev/xvdba", "/dev/xvdaaa"};
	struct dev_name a, b;

	for (size_t i = 0; i < ARRAY_SIZE(in_order); i++)
		for (size_t k = 0; k < ARRAY_SIZE(in_order); k++) {
			int r;

			ck_assert(dev_name_parse(str_from(in_order[i]), &a));
			ck_assert(dev_name_parse(str_from(in_order[k]), &b));
			r = dev_name_cmp(&a, &b);
			ck_assert_msg((i < k) - (i > k) == (r < 0) - (r > 0),
				"%s, %s: %d", in_order[i], in_order[k], r);
		}
}
END_TEST

/* Where a name in a line of other text ends. */
START_TEST(length)
{
	static const struct {
		const char *text;
		size_t n;
	} texts[] = {{"/dev/xvda1,x", 10}, {"/dev/xvdap", 10}, {"/dev/mapper/a", 11},
		{"dev/xvda", 0}, {"/dev/disk/by-id/ata-x\" y", 21},
		{"/dev/disk/by-path/xen-vbd-1|", 27}, {"/dev/disk/by-uuid/a", 9},
		{"", 0}};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		ck_assert_msg(dev_name_length(str_from(texts[i].text)) == texts[i].n,
			"%s: %zu", texts[i].text,
			dev_name_length(str_from(texts[i].text)));
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, find, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, find_adds);
	tcase_add_loop_test(tc, parse, 0, ARRAY_SIZE(names));
	tcase_add_test(tc, order);
	tcase_add_test(tc, length);
}

int main(void)
{
	return check_main("dev_map", add);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libblkid's cache. */
#include "check_main.h"
#include "text/blkid_tab.h"

static const struct {
	const char *name;
	struct str in;
	bool ret;
	struct str device, uuid, label, type;
	unsigned long devno;
} rows[] = {
	{"a file system",
		S("<device DEVNO=\"0xca01\" TIME=\"1241012345\" UUID=\"ab-cd\" "
		  "TYPE=\"ext3\">/dev/xvda1</device>\n"),
		true, S("/dev/xvda1"), S("ab-cd"), S(""), S("ext3"), 0xca01},
	{"label, tabs, CRLF",
		S("\n<device\tx>\n<device LABEL=\"a b\"\tTYPE=\"swap\" PRI=\"45\" "
		  ">/dev/xvdb"
		  "</device>\r\n"),
		true, S("/dev/xvdb"), S(""), S("a b"), S("swap"), 0},
	{"escaped quote", S("<device LABEL=\"a\\\"b\\\\\" UUID=\"1\">/dev/sda1</device>"),
		true, S("/dev/sda1"), S("1"), S("a\\\"b\\\\"), S(""), 0},
	{"no attributes", S("<device >/dev/sda1</device>"), true, S("/dev/sda1"), S(""),
		S(""), S(""), 0},
	{"other attributes end in the same letters",
		S("<device PARTUUID=\"9\" SEC_TYPE=\"ext2\" "
		  "LABEL_FATBOOT=\"x\">/dev/a</device>"),
		true, S("/dev/a"), S(""), S(""), S(""), 0},
	{"bad number", S("<device DEVNO=\"ca01\">/dev/a</device>"), true, S("/dev/a"),
		S(""), S(""), S(""), 0},
	{"too large a number",
		S("<device DEVNO=\"0xffffffffffffffffff\">/dev/a</device>"), true,
		S("/dev/a"), S(""), S(""), S(""), 0},
	{"NUL in a value", S("<device UUID=\"a\0b\">/dev/a</device>"), true, S("/dev/a"),
		S("a\0b"), S(""), S(""), 0},
	{"the next line", S("<device UUID=\"1>/dev/a</device>\n<device >/dev/b</device>"),
		true, S("/dev/b"), S(""), S(""), S(""), 0},
	{"empty", S(""), false},
	{"no device", S("<device UUID=\"1\"></device>\n"), false},
	{"cut short", S("<device UUID=\"1\">/dev/a</dev"), false},
	{"no end of a value", S("<device UUID=\"1\\"), false},
	{"other tags", S("<devices UUID=\"1\">/dev/a</device>\n<!-- x -->\n"), false},
};

START_TEST(reading)
{
	struct str rest = rows[_i].in;
	struct blkid_tab_entry ent = {0};
	bool r = blkid_tab_next(&rest, &ent);

	ck_assert_msg(r == rows[_i].ret, "%s: %d", rows[_i].name, r);
	check_bytes(rows[_i].name, ent.device, rows[_i].device);
	check_bytes(rows[_i].name, ent.uuid, rows[_i].uuid);
	check_bytes(rows[_i].name, ent.label, rows[_i].label);
	check_bytes(rows[_i].name, ent.type, rows[_i].type);
	ck_assert_uint_eq(ent.devno, rows[_i].devno);
	ck_assert_msg(!blkid_tab_next(&rest, &ent), "%s: another one", rows[_i].name);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, reading, 0, ARRAY_SIZE(rows));
}

int main(void)
{
	return check_main("blkid_tab", add);
}

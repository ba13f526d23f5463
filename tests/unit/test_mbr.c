/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>

#include "check_main.h"
#include "text/mbr.h"

/* "type start length" of each entry. */
struct entry {
	uint8_t type;
	uint32_t start, length;
};

static const struct row {
	const char *name;
	struct entry entries[4];
	unsigned number;
	uint64_t start, sectors;
	int want;
	const char *refused;
	uint8_t chs[3];
	bool unsigned_;
} rows[] = {
	{"one partition", {{0x83, 2048, 10000}}, 1, 2048, 20000, 1, NULL, {94, 61, 1}},
	{"past what three bytes can say", {{0x83, 2048, 10000}}, 1, 2048, 40000000, 1,
		NULL, {254, 0xff, 0xff}},
	{"behind another one", {{0x82, 63, 1000}, {0x83, 2048, 10}}, 2, 2048,
		16063 - 2048, 1, NULL, {254, 61, 0}},
	{"a cylinder past 255", {{0x83, 2048, 10}}, 1, 2048, 300 * 255 * 63 - 2048 + 1, 1,
		NULL, {0, 0x41, 44}},
	{"as it is", {{0x83, 2048, 10000}}, 1, 2048, 10000, 0, NULL, {0}},
	{"one behind it", {{0x83, 2048, 10000}, {0x82, 20480, 10}}, 1, 2048, 20000,
		-EINVAL, "partition 2 lies behind", {0}},
	{"shorter", {{0x83, 2048, 10000}}, 1, 2048, 9999, -EINVAL, "that long", {0}},
	{"longer than 32 bits", {{0x83, 2048, 10000}}, 1, 2048, (uint64_t)1 << 32,
		-EINVAL, "that long", {0}},
	{"it begins elsewhere", {{0x83, 63, 10000}}, 1, 2048, 20000, -EINVAL,
		"not in the table", {0}},
	{"not there", {{0x83, 2048, 10000}}, 2, 2048, 20000, -EINVAL, "not in the table",
		{0}},
	{"logical", {{0x83, 2048, 10000}}, 5, 2048, 20000, -EINVAL, "not a primary", {0}},
	{"extended", {{0x05, 2048, 10000}}, 1, 2048, 20000, -EINVAL, "not in the table",
		{0}},
	{"protective", {{0xee, 1, 10000}}, 1, 1, 20000, -EINVAL, "not in the table", {0}},
	{"no table", {{0x83, 2048, 10000}}, 1, 2048, 20000, -EINVAL, "no partition table",
		{0}, true},
};

static void put(char *at, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		at[i] = (char)(uint8_t)(v >> 8 * i);
}

static uint32_t get(const char *at)
{
	uint32_t v = 0;

	for (int i = 3; i >= 0; i--)
		v = v << 8 | (uint8_t)at[i];
	return v;
}

START_TEST(grow)
{
	const struct row *row = &rows[_i];
	char sector[MBR_SECTOR], then[MBR_SECTOR];
	char *entry = sector + 446 + 16 * ((row->number - 1) % 4);
	struct err e = {0};
	int r;

	memset(sector, 0x5a, sizeof(sector));
	memset(sector + 446, 0, 64);
	for (size_t i = 0; i < 4; i++) {
		sector[446 + 16 * i + 4] = (char)row->entries[i].type;
		put(sector + 446 + 16 * i + 8, row->entries[i].start);
		put(sector + 446 + 16 * i + 12, row->entries[i].length);
	}
	if (!row->unsigned_)
		memcpy(sector + 510, "\x55\xaa", 2);
	r = mbr_grow((struct str){sector, sizeof(sector)}, row->number, row->start,
		row->sectors, then, &e);
	ck_assert_msg(r == row->want, "%s: %d, %s", row->name, r, e.text);
	if (row->refused)
		ck_assert_msg(strstr(e.text, row->refused) != NULL, "%s: %s", row->name,
			e.text);
	if (r != 1)
		return;
	ck_assert_uint_eq(get(then + (entry - sector) + 12), row->sectors);
	ck_assert_msg(!memcmp(then + (entry - sector) + 5, row->chs, 3), "%s: %d %d %d",
		row->name, (uint8_t)then[entry - sector + 5],
		(uint8_t)then[entry - sector + 6], (uint8_t)then[entry - sector + 7]);
	/* Nothing else. */
	memcpy(entry + 5, then + (entry - sector) + 5, 3);
	memcpy(entry + 12, then + (entry - sector) + 12, 4);
	ck_assert_mem_eq(sector, then, sizeof(then));
}
END_TEST

START_TEST(short_sector)
{
	char then[MBR_SECTOR];

	ck_assert_int_eq(mbr_grow(STR("x"), 1, 1, 1, then, NULL), -EINVAL);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, grow, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, short_sector);
}

int main(void)
{
	return check_main("mbr", add);
}

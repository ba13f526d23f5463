/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Boot code: which way there is, and the bytes of the sectors. */
#include <errno.h>

#include "check_main.h"
#include "plan/bootcode.h"

#define SECTOR BOOTCODE_SECTOR
#define CORE 100 /* sectors, the last of them cut off */

static char boot_img[SECTOR], image[(2 + CORE) * SECTOR - 200], sector0[SECTOR];
static char ext_head[2 * SECTOR], other_head[2 * SECTOR], our_head[2 * SECTOR];
static struct bootcode_pieces pieces, own;

/* As GRUB's: the offsets that bootcode.c relies on, and letters in between. */
static void make_pieces(void)
{
	memset(boot_img, 'b', SECTOR);
	memcpy(boot_img, "\xeb\x63\x90", 3);
	memcpy(boot_img + 0x5c, "\1\0\0\0\0\0\0\0\xff", 9);
	memcpy(boot_img + 510, "\x55\xaa", 2);
	for (size_t i = 0; i < sizeof(image); i++)
		image[i] = 'A' + i / SECTOR % 26;
	memcpy(image + 0x202, "HdrS", 4);
	memset(image + 1024 + 0x150, 0, 512 - 0x150);
	memcpy(image + 1024 + 0x1f4, "\2\0\0\0\0\0\0\0\0\0\x20\x08", 12);
	for (int i = 0; i < SECTOR; i++)
		sector0[i] = (char)i;
	memset(other_head + SECTOR, 'x', SECTOR);
	memcpy(our_head + SECTOR + 100, BOOTCODE_MARK, strlen(BOOTCODE_MARK));
	pieces = (struct bootcode_pieces){
		{boot_img, sizeof(boot_img)}, {image, sizeof(image)}, false};
	/* The same core, as the guest's own GRUB has it. */
	own = (struct bootcode_pieces){
		pieces.boot, {image + 1024, sizeof(image) - 1024}, true};
}

#define HEAD(bytes)                                                                      \
	{                                                                                \
		bytes, 2 * SECTOR                                                        \
	}

static const struct {
	const char *name;
	struct bootcode_disk disk;
	int want; /* the way, or -ENOTSUP */
	const char *words;
	bool own; /* the guest's own core */
} choices[] = {
	{"room before the first partition",
		{.table = "dos", .first_part = CORE + 1, .fs_type = "xfs"}, BOOTCODE_GAP},
	{"a sector too few, ext",
		{.table = "dos",
			.first_part = CORE,
			.fs_type = "ext3",
			.fs_head = HEAD(ext_head)},
		BOOTCODE_FILE},
	{"a sector too few, xfs", {.table = "dos", .first_part = CORE, .fs_type = "xfs"},
		-ENOTSUP, "begins at sector 100, 101 are needed"},
	{"a table without partitions", {.table = "dos", .fs_type = ""}, -ENOTSUP,
		"at sector 0"},
	{"MBR, LVM", {.table = "dos", .first_part = 63, .fs_type = ""}, -ENOTSUP,
		"without LVM or RAID"},
	{"BIOS boot partition",
		{.table = "gpt",
			.first_part = 34,
			.bios_boot = 34,
			.bios_boot_size = CORE,
			.fs_type = "btrfs"},
		BOOTCODE_BIOS_BOOT},
	{"a small BIOS boot partition",
		{.table = "gpt",
			.first_part = 34,
			.bios_boot = 34,
			.bios_boot_size = CORE - 1,
			.fs_type = "btrfs"},
		-ENOTSUP, "BIOS boot partition of 50 KiB"},
	{"GPT's gap is not taken", {.table = "gpt", .first_part = 4096, .fs_type = "xfs"},
		-ENOTSUP, "type ef02"},
	{"GPT, ext",
		{.table = "gpt",
			.first_part = 2048,
			.fs_type = "ext4",
			.fs_start = 2048,
			.fs_head = HEAD(ext_head)},
		BOOTCODE_FILE},
	{"bare ext2", {.table = "", .fs_type = "ext2", .fs_head = HEAD(ext_head)},
		BOOTCODE_FILE},
	{"bare, ours again", {.table = "", .fs_type = "ext4", .fs_head = HEAD(our_head)},
		BOOTCODE_FILE},
	{"bare, another's boot block",
		{.table = "", .fs_type = "ext4", .fs_head = HEAD(other_head)}, -ENOTSUP,
		"another's boot code"},
	{"bare, not read", {.table = "", .fs_type = "ext4"}, -ENOTSUP, "another's"},
	{"bare xfs", {.table = "", .fs_type = "xfs"}, -ENOTSUP, "xfs on the whole disk"},
	{"bare btrfs", {.table = "", .fs_type = "btrfs"}, -ENOTSUP,
		"btrfs on the whole disk leaves no room"},
	{"bare LVM", {.table = "", .fs_type = ""}, -ENOTSUP, "LVM or RAID on the whole"},
	{"its own, before the first partition",
		{.table = "dos", .first_part = CORE + 1, .fs_type = "xfs"}, BOOTCODE_GAP,
		.own = true},
	{"its own, in the BIOS boot partition",
		{.table = "gpt",
			.first_part = 34,
			.bios_boot = 34,
			.bios_boot_size = CORE,
			.fs_type = ""},
		BOOTCODE_BIOS_BOOT, .own = true},
	{"its own goes into no file",
		{.table = "dos",
			.first_part = CORE,
			.fs_type = "ext3",
			.fs_head = HEAD(ext_head)},
		-ENOTSUP, "the 50 KiB of the guest's own core have no room", true},
};

START_TEST(choose)
{
	struct bootcode_disk d = choices[_i].disk;
	enum bootcode_way way = BOOTCODE_GAP;
	struct err e = {0};
	int r;

	d.sector0 = (struct str){sector0, SECTOR};
	r = bootcode_choose(&d, choices[_i].own ? &own : &pieces, &way, &e);
	if (choices[_i].want < 0) {
		ck_assert_msg(r == choices[_i].want, "%s: %d", choices[_i].name, r);
		ck_assert_msg(strstr(e.text, choices[_i].words) != NULL, "%s: %s",
			choices[_i].name, e.text);
	} else {
		ck_assert_msg(r == 0 && (int)way == choices[_i].want, "%s: %d %s",
			choices[_i].name, (int)way, e.text);
	}
}
END_TEST

static const struct {
	const char *name;
	size_t at;
	bool in_image;
} pieces_rows[] = {
	{"boot.img's jump", 1, false},
	{"boot.img's signature", 510, false},
	{"where boot.img has the next sector", 0x5c, false},
	{"the kernel header", 0x202, true},
	{"the list's end", 1024 + 0x1e8, true},
	{"the list's segment", 1024 + 0x1f4 + 10, true},
};

START_TEST(foreign_pieces)
{
	struct bootcode_disk d = {.table = "dos",
		.first_part = 2048,
		.fs_type = "",
		.sector0 = {sector0, SECTOR}};
	char *at = (pieces_rows[_i].in_image ? image : boot_img) + pieces_rows[_i].at;
	struct bootcode b = {0};
	enum bootcode_way way;
	struct err e = {0};

	*at ^= 1;
	ck_assert_msg(bootcode_choose(&d, &pieces, &way, &e) == -EINVAL, "%s: chosen",
		pieces_rows[_i].name);
	ck_assert_msg(
		bootcode_build(BOOTCODE_GAP, &d, &pieces, NULL, 0, &b, &e) == -EINVAL,
		"%s: built", pieces_rows[_i].name);
	ck_assert_uint_eq(b.n_writes, 0);
	*at ^= 1;
	ck_assert_int_eq(bootcode_choose(&d, &pieces, &way, &e), 0);
}
END_TEST

static void check_boot(
	const char *name, struct str s, uint8_t next, bool table, bool marked)
{
	ck_assert_msg(s.n == SECTOR, "%s: %zu", name, s.n);
	check_bytes(name, str_upto(s, 3), (struct str){boot_img, 3});
	check_bytes(name, str_upto(str_from_pos(s, 3), 6),
		marked ? STR("XVD2VD") : (struct str){boot_img + 3, 6});
	check_bytes(name, str_upto(str_from_pos(s, 0x5c), 12),
		(struct str){(char[]){(char)next, 0, 0, 0, 0, 0, 0, 0, (char)0xff, 'b',
				     (char)0x90, (char)0x90},
			12});
	check_bytes(name, str_upto(str_from_pos(s, 0x68), 0x1b8 - 0x68),
		(struct str){boot_img + 0x68, 0x1b8 - 0x68});
	if (table)
		check_bytes(name, str_upto(str_from_pos(s, 0x1b8), 510 - 0x1b8),
			(struct str){sector0 + 0x1b8, 510 - 0x1b8});
	else
		for (int i = 0; i < 4; i++)
			ck_assert_msg(s.p[0x1be + 16 * i] == 0x7f, "%s: a table", name);
	check_bytes(name, str_from_pos(s, 510), STR("\x55\xaa"));
}

/* The core in a row, behind the MBR or in its own partition. */
START_TEST(in_a_row)
{
	const bool gpt = _i & 1, its_own = _i & 2;
	struct bootcode_disk d = {.table = gpt ? "gpt" : "dos",
		.first_part = 2048,
		.bios_boot = 40,
		.bios_boot_size = 200,
		.fs_type = "",
		.sector0 = {sector0, SECTOR}};
	uint8_t at = gpt ? 40 : 1;
	struct bootcode b = {0};
	struct err e = {0};
	struct str core;
	int r = bootcode_build(gpt ? BOOTCODE_BIOS_BOOT : BOOTCODE_GAP, &d,
		its_own ? &own : &pieces, NULL, 0, &b, &e);

	ck_assert_msg(r == 0 && b.n_writes == 2, "%d %s", r, e.text);
	ck_assert_uint_eq(b.writes[0].sector, 0);
	check_boot("boot sector", strbuf_str(&b.writes[0].data), at, true, !its_own);
	core = strbuf_str(&b.writes[1].data);
	ck_assert_uint_eq(b.writes[1].sector, at);
	ck_assert_uint_eq(core.n, (size_t)CORE * SECTOR);
	check_bytes("diskboot", str_upto(core, 0x1f4), (struct str){image + 1024, 0x1f4});
	check_bytes("list", str_upto(str_from_pos(core, 0x1f4), 12),
		(struct str){(char[]){(char)(at + 1), 0, 0, 0, 0, 0, 0, 0, CORE - 1, 0,
				     0x20, 8},
			12});
	check_bytes("core",
		str_upto(str_from_pos(core, SECTOR), sizeof(image) - 3 * SECTOR),
		(struct str){image + 3 * SECTOR, sizeof(image) - 3 * SECTOR});
	for (size_t i = sizeof(image) - 1024; i < core.n; i++)
		ck_assert_int_eq(core.p[i], 0);
	bootcode_done(&b);
}
END_TEST

/* The list of a file's sectors; the first three of the file are not in it. */
static const struct {
	const char *name;
	uint64_t fs_start;
	struct bootcode_extent extents[16];
	size_t n;
	int want;
	struct bootcode_extent list[4];
	const char *words;
} files[] = {
	{"in one piece", 0, {{1000, 104}}, 1, 0, {{1003, 99}}},
	{"cut to the core", 2048, {{5000, 4000}}, 1, 0, {{5003, 99}}},
	{"two", 0, {{1000, 10}, {3000, 200}}, 2, 0, {{1003, 7}, {3000, 92}}},
	{"joined", 0, {{1000, 10}, {1010, 20}, {70000, 80}}, 3, 0,
		{{1003, 27}, {70000, 72}}},
	{"skips a whole piece", 0, {{50, 2}, {60, 2}, {90, 120}}, 3, 0,
		{{61, 1}, {90, 98}}},
	{"beyond 2 TiB", 0, {{0x123456789a, 110}}, 1, 0, {{0x123456789d, 99}}},
	{"too short", 0, {{1000, 101}}, 1, -EINVAL, {{0}}, "not whole"},
	{"none", 0, {{0}}, 0, -EINVAL, {{0}}, "not whole"},
	{"in the boot block", 2048, {{2049, 104}}, 1, -EINVAL, {{0}}, "not on this disk"},
	{"past the disk", 0, {{0x200000000000, 104}}, 1, -EINVAL, {{0}}, "not on this"},
	{"no overflow", 0, {{1000, UINT64_MAX}}, 1, -EINVAL, {{0}}, "not on this disk"},
	{"in crumbs", 0,
		{{10, 4}, {20, 4}, {30, 4}, {40, 4}, {50, 4}, {60, 4}, {70, 4}, {80, 4},
			{90, 4}, {100, 4}, {110, 4}, {120, 4}, {130, 4}, {140, 90}},
		14, -EFBIG, {{0}}, "14 pieces on the disk, at most 13"},
};

START_TEST(file)
{
	struct bootcode_disk d = {.table = files[_i].fs_start ? "dos" : "",
		.first_part = 63,
		.size = 0x200000000000,
		.fs_type = "ext4",
		.fs_start = files[_i].fs_start,
		.sector0 = {sector0, SECTOR},
		.fs_head = {ext_head, sizeof(ext_head)}};
	const char *name = files[_i].name;
	uint64_t segment = 0x820;
	struct bootcode b = {0};
	struct err e = {0};
	const uint8_t *s;
	int r = bootcode_build(
		BOOTCODE_FILE, &d, &pieces, files[_i].extents, files[_i].n, &b, &e);

	ck_assert_msg(r == files[_i].want, "%s: %d %s", name, r, e.text);
	if (r < 0) {
		ck_assert_msg(
			strstr(e.text, files[_i].words) != NULL, "%s: %s", name, e.text);
		return;
	}
	ck_assert_uint_eq(b.n_writes, 2);
	ck_assert_uint_eq(b.writes[1].sector, d.fs_start + 1);
	ck_assert_uint_eq(b.writes[1].data.n, SECTOR);
	ck_assert_int_eq((uint8_t)b.writes[0].data.p[0x5c], (d.fs_start + 1) & 0xff);
	if (!d.fs_start)
		check_boot(name, strbuf_str(&b.writes[0].data), 1, false, true);
	s = (const uint8_t *)b.writes[1].data.p;
	for (size_t i = 0; i <= 4; i++) {
		struct bootcode_extent want =
			i < 4 ? files[_i].list[i] : (struct bootcode_extent){0};
		const uint8_t *entry = s + 0x1f4 - 12 * i;
		uint64_t start = 0;

		for (int j = 0; j < 8; j++)
			start |= (uint64_t)entry[j] << 8 * j;
		ck_assert_msg(
			start == want.start && (entry[8] | entry[9] << 8) == (int)want.n,
			"%s: run %zu is %llu:%d", name, i, (unsigned long long)start,
			entry[8] | entry[9] << 8);
		if (!want.n)
			break;
		ck_assert_uint_eq((uint64_t)(entry[10] | entry[11] << 8), segment);
		segment += want.n * 32;
	}
	bootcode_done(&b);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_unchecked_fixture(tc, make_pieces, NULL);
	tcase_add_loop_test(tc, choose, 0, ARRAY_SIZE(choices));
	tcase_add_loop_test(tc, foreign_pieces, 0, ARRAY_SIZE(pieces_rows));
	tcase_add_loop_test(tc, in_a_row, 0, 4);
	tcase_add_loop_test(tc, file, 0, ARRAY_SIZE(files));
}

int main(void)
{
	return check_main("bootcode", add);
}

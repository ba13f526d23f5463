/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <unistd.h>

#include "check_main.h"
#include "scratch.h"
#include "sys/blk.h"

/* Patches of a sector that is otherwise zero. */
struct patch {
	size_t at;
	struct str bytes;
};

#define SIGNED                                                                           \
	{                                                                                \
		510, S("\x55\xaa")                                                       \
	}

static const struct code_row {
	const char *name;
	struct patch patches[4];
	const char *want;
} code_rows[] = {
	{"zeros", {{0, S("")}}, "none"},
	{"signed, no code", {SIGNED, {446, S("\x80\x01\x01\0\x83")}}, "none"},
	{"code, not signed", {{0, S("\xeb\x63\x90")}, {0x180, S("GRUB \0Geom")}}, "none"},
	{"GRUB 2.06 boot.img",
		{{0, S("\xeb\x63\x90")}, {0x180, S("GRUB \0Geom")}, SIGNED}, "grub2"},
	{"ours, of GRUB 2.06's",
		{{0, S("\xeb\x63\x90XVD2VD")}, {0x180, S("GRUB \0Geom")}, SIGNED},
		"pvgrub"},
	{"GRUB 1.96",
		{{0, S("\xeb\x48\x90")}, {0x3e, S("\4\0")}, {0x17f, S("GRUB \0Geom")},
			SIGNED},
		"grub2"},
	{"GRUB 0.97 stage1",
		{{0, S("\xeb\x48\x90")}, {0x3e, S("\3\2")}, {0x17f, S("GRUB \0Geom")},
			SIGNED},
		"grub"},
	{"extlinux", {{0, S("\xeb\x58\x90SYSLINUX")}, SIGNED}, "syslinux"},
	{"syslinux mbr.bin",
		{{0, S("\x33\xc0")}, {0x175, S("Operating system load error.")}, SIGNED},
		"syslinux"},
	{"lilo", {{0, S("\xfa\xeb\x21\x01\xb4\x01LILO")}, SIGNED}, "lilo"},
	{"parted's", {{0, S("\xfa\xb8\x00\x10")}, SIGNED}, "unknown"},
};

START_TEST(boot_code)
{
	const struct code_row *row = &code_rows[_i];
	char sector[512] = {0};

	for (size_t i = 0; i < ARRAY_SIZE(row->patches); i++)
		if (row->patches[i].bytes.n)
			memcpy(sector + row->patches[i].at, row->patches[i].bytes.p,
				row->patches[i].bytes.n);
	ck_assert_msg(!strcmp(blk_boot_code((struct str){sector, 512}), row->want),
		"%s: %s", row->name, blk_boot_code((struct str){sector, 512}));
	ck_assert_str_eq(blk_boot_code((struct str){sector, 511}), "none");
}
END_TEST

/* The least that libblkid takes for an ext3 file system of 4 MiB, and for a swap area. */
static void put_ext3(char *image)
{
	uint8_t *sb = (uint8_t *)image + 1024;
	static const uint8_t uuid[16] = {
		0x8a, 0x3c, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14};

	sb[0] = 64;    /* inodes */
	sb[5] = 16;    /* blocks: 4096 */
	sb[20] = 1;    /* first data block */
	sb[33] = 0x20; /* blocks in a group */
	sb[40] = 64;   /* inodes in a group */
	sb[56] = 0x53; /* magic */
	sb[57] = 0xef;
	sb[76] = 1;   /* revision */
	sb[88] = 128; /* inode size */
	sb[92] = 4;   /* has_journal */
	memcpy(sb + 104, uuid, 16);
	memcpy(sb + 120, "rootfs", 6);
	memcpy(sb + 136, "/mnt/old", 8);
}

static void put_swap(char *image)
{
	memcpy(image + 4096 - 10, "SWAPSPACE2", 10);
	image[1024] = 1;     /* version */
	image[1024 + 5] = 4; /* last page */
	image[1024 + 12] = 0x11;
}

static void put_partition(char *image)
{
	static const char entry[] = "\x80\x20\x21\0\x83\x55\x55\0\0\x08\0\0\0\x10\0\0";

	memcpy(image + 446, entry, 16);
	memcpy(image + 440, "\x78\x56\x34\x12", 4);
	memcpy(image + 510, "\x55\xaa", 2);
}

enum { IMAGE = 4 << 20 };

static void probe(char *image, struct blk_info *ret)
{
	struct err e = {0};
	char path[128];

	scratch_make();
	scratch_write("disk.img", image, IMAGE);
	snprintf(path, sizeof(path), "%s/disk.img", scratch);
	ck_assert_msg(blk_probe(path, ret, &e) == 0, "%s", e.text);
	scratch_remove();
	free(image);
}

START_TEST(ext3_unpartitioned)
{
	struct blk_info b;
	char *image = calloc(1, IMAGE);

	put_ext3(image);
	/* GRUB in the boot sector: an empty "table" that is none. */
	memcpy(image, "\xeb\x63\x90", 3);
	memcpy(image + 0x180, "GRUB \0Geom", 10);
	memcpy(image + 510, "\x55\xaa", 2);
	probe(image, &b);
	ck_assert_str_eq(b.type, "ext3");
	ck_assert_str_eq(b.uuid, "8a3c0102-0304-0506-0708-090a0b0c0d0e");
	ck_assert_str_eq(b.label, "rootfs");
	ck_assert_str_eq(b.last_mounted, "/mnt/old");
	ck_assert_str_eq(b.table, "none");
	ck_assert_str_eq(b.table_id, "");
	ck_assert_str_eq(b.boot_code, "grub2");
}
END_TEST

START_TEST(partitioned)
{
	struct blk_info b;
	char *image = calloc(1, IMAGE);

	put_partition(image);
	probe(image, &b);
	ck_assert_str_eq(b.type, "");
	ck_assert_str_eq(b.table, "dos");
	ck_assert_str_eq(b.table_id, "12345678");
	ck_assert_str_eq(b.boot_code, "none");
	ck_assert_str_eq(b.last_mounted, "");
}
END_TEST

START_TEST(swap)
{
	struct blk_info b;
	char *image = calloc(1, IMAGE);

	put_swap(image);
	probe(image, &b);
	ck_assert_str_eq(b.type, "swap");
	ck_assert_str_eq(b.table, "none");
}
END_TEST

START_TEST(ambivalent)
{
	struct blk_info b;
	char *image = calloc(1, IMAGE);

	put_ext3(image);
	memcpy(image + 4096 - 10, "SWAPSPACE2", 10);
	image[1024] = 1;
	probe(image, &b);
	ck_assert_str_eq(b.type, "ambivalent");
	ck_assert_str_eq(b.uuid, "");
}
END_TEST

START_TEST(nothing)
{
	struct blk_info b = {.type = "kept"};
	struct err e = {0};

	ck_assert_int_eq(blk_probe("/dev/xvd2vd-none", &b, &e), -ENOENT);
	ck_assert_int_eq(blk_probe("/dev/null", &b, &e), -ENOTBLK);
	ck_assert_int_eq(blk_probe("/", &b, &e), -ENOTBLK);
	ck_assert_str_eq(b.type, "kept");
	probe(calloc(1, IMAGE), &b);
	ck_assert_str_eq(b.type, "");
	ck_assert_str_eq(b.table, "none");
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, boot_code, 0, ARRAY_SIZE(code_rows));
	tcase_add_test(tc, ext3_unpartitioned);
	tcase_add_test(tc, partitioned);
	tcase_add_test(tc, swap);
	tcase_add_test(tc, ambivalent);
	tcase_add_test(tc, nothing);
}

int main(void)
{
	return check_main("blk", add);
}

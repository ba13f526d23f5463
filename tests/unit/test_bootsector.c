/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Boot code through a transaction: the sectors that it writes, those that it leaves, and the way
 * back. The disk is an image beside the guest's tree. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "apply/bootsector.h"

#include "check_main.h"
#include "scratch.h"

#define SECTOR BOOTCODE_SECTOR
#define CORE 4
#define DISK_SECTORS 32

static struct root root = ROOT_CLOSED;
static struct err e;
static char boot_img[SECTOR], image[(2 + CORE) * SECTOR], sectors[DISK_SECTORS * SECTOR];
static char disk_path[64];

static void setup(void)
{
	int fd;

	scratch_make();
	scratch_write("etc/fstab", "x\n", 2);
	ck_assert_int_eq(root_open(scratch, &root, &e), 0);
	memset(boot_img, 'b', SECTOR);
	memcpy(boot_img, "\xeb\x63\x90", 3);
	memcpy(boot_img + 0x5c, "\1\0\0\0\0\0\0\0\xff", 9);
	memcpy(boot_img + 510, "\x55\xaa", 2);
	memset(image, 'c', sizeof(image));
	memcpy(image + 0x202, "HdrS", 4);
	memset(image + 1024 + 0x150, 0, SECTOR - 0x150);
	memcpy(image + 1024 + 0x1f4, "\2\0\0\0\0\0\0\0\0\0\x20\x08", 12);
	memset(sectors, 'o', sizeof(sectors));
	strcpy(disk_path, "/tmp/xvd2vd-bootsector.XXXXXX");
	fd = mkstemp(disk_path);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, sectors, sizeof(sectors)), sizeof(sectors));
	close(fd);
}

static void teardown(void)
{
	unlink(disk_path);
	root_done(&root);
	scratch_remove();
}

static void read_disk(char now[sizeof(sectors)])
{
	int fd = open(disk_path, O_RDONLY | O_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(read(fd, now, sizeof(sectors)), sizeof(sectors));
	close(fd);
}

static const struct row {
	const char *name, *table;
	uint64_t first_part, bios_boot;
	size_t code, core; /* bytes of sector 0 that change; where the core goes */
	bool own;          /* of the guest's own images */
} rows[] = {
	{"before the first partition", "dos", 16, 0, 440, 1, false},
	{"in the BIOS boot partition", "gpt", 8, 8, 440, 8, false},
	{"its own, before the first partition", "dos", 16, 0, 440, 1, true},
	{"its own, in the BIOS boot partition", "gpt", 8, 8, 440, 8, true},
};

#define IMAGES "/boot/grub/i386-pc"

/* What the guest's grub-install leaves. */
static void make_images(struct step *s)
{
	scratch_write("boot/grub/i386-pc/boot.img", boot_img, sizeof(boot_img));
	scratch_write("boot/grub/i386-pc/core.img", image + 2 * SECTOR, CORE * SECTOR);
	strbuf_adds(&s->content, IMAGES);
}

START_TEST(there_and_back)
{
	const struct row *row = &rows[_i];
	const struct txn_disk disk = {disk_path, "id"};
	const struct txn_disks disks = {&disk, 1};
	const struct txn_undo undo = {.disks = &disks};
	const struct bootcode_source src = {
		.disk = {.table = row->table,
			.sector0 = {sectors, SECTOR},
			.size = DISK_SECTORS,
			.first_part = row->first_part,
			.bios_boot = row->bios_boot,
			.bios_boot_size = CORE,
			.fs_type = ""},
		.pieces = {{boot_img, sizeof(boot_img)}, {image, sizeof(image)}, false},
	};
	const struct bootsector b = {&src, disk};
	static char now[sizeof(sectors)];
	struct plan plan = {0};
	struct apply a = {.root = &root, .plan = &plan, .bootsector = &b};
	struct step *s = plan_add(&plan, STEP_BOOTSECTOR, "bootcode", disk_path);
	const size_t core = row->core * SECTOR, end = core + CORE * SECTOR;

	ck_assert_ptr_nonnull(s);
	if (row->own)
		make_images(s);
	ck_assert_msg(apply_plan(&a, &e) == 1, "%s: %s", row->name, e.text);
	ck_assert_int_eq(s->status, STEP_DONE);
	read_disk(now);
	ck_assert_int_eq(memcmp(now + 3, row->own ? "bbbbbb" : BOOTCODE_MARK, 6), 0);
	ck_assert_int_eq((uint8_t)now[0x5c], row->core);
	ck_assert_int_eq(memcmp(now + row->code, sectors, core - row->code), 0);
	ck_assert_int_eq(
		memcmp(now + core + SECTOR, image + 3 * SECTOR, end - core - SECTOR), 0);
	ck_assert_int_eq(memcmp(now + end, sectors, sizeof(sectors) - end), 0);
	ck_assert_msg(txn_undo(&root, &undo, NULL, &e) >= 0, "%s: %s", row->name, e.text);
	read_disk(now);
	ck_assert_int_eq(memcmp(now, sectors, sizeof(sectors)), 0);
	plan_done(&plan);
}
END_TEST

/* The disk's own list of sectors would point at nothing. */
START_TEST(another_disk)
{
	const char zeros[2 * SECTOR] = {0};
	const struct bootcode_source src = {
		.disk = {.table = "",
			.sector0 = {sectors, SECTOR},
			.size = DISK_SECTORS,
			.fs_type = "ext4",
			.fs_head = {zeros, sizeof(zeros)}},
		.pieces = {{boot_img, sizeof(boot_img)}, {image, sizeof(image)}, false},
	};
	const struct bootsector b = {&src, {disk_path, "id"}};
	static char now[sizeof(sectors)];
	struct plan plan = {0};
	struct apply a = {.root = &root, .plan = &plan, .bootsector = &b};
	struct stat st;

	ck_assert_ptr_nonnull(plan_add(&plan, STEP_BOOTSECTOR, "bootcode", disk_path));
	/* This file system is larger than the disk, or does not say where files lie. */
	ck_assert_int_lt(apply_plan(&a, &e), 0);
	ck_assert_int_eq(plan.steps[0].status, STEP_FAILED);
	ck_assert_int_eq(root_lstat(&root, BOOTCODE_FILE_PATH, &st), -ENOENT);
	ck_assert_int_eq(root_lstat(&root, "/boot", &st), -ENOENT);
	read_disk(now);
	ck_assert_int_eq(memcmp(now, sectors, sizeof(sectors)), 0);
	plan_done(&plan);
}
END_TEST

/* Its program ended well and made nothing, or more than there is room for. */
START_TEST(no_images)
{
	const struct bootcode_source src = {
		.disk = {.table = "dos",
			.sector0 = {sectors, SECTOR},
			.size = DISK_SECTORS,
			.first_part = _i ? CORE : CORE + 1,
			.fs_type = "ext4"},
	};
	const struct bootsector b = {&src, {disk_path, "id"}, {0}};
	static char now[sizeof(sectors)];
	struct plan plan = {0};
	struct apply a = {.root = &root, .plan = &plan, .bootsector = &b};
	struct step *s = plan_add(&plan, STEP_BOOTSECTOR, "bootcode", disk_path);

	ck_assert_ptr_nonnull(s);
	make_images(s);
	if (!_i)
		scratch_write("boot/grub/i386-pc/core.img", "", 0);
	ck_assert_int_lt(apply_plan(&a, &e), 0);
	ck_assert_int_eq(s->status, STEP_FAILED);
	ck_assert_msg(strstr(s->error, _i ? "no room" : "core.img is not GRUB's"), "%s",
		s->error);
	read_disk(now);
	ck_assert_int_eq(memcmp(now, sectors, sizeof(sectors)), 0);
	plan_done(&plan);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, there_and_back, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, another_disk);
	tcase_add_loop_test(tc, no_images, 0, 2);
}

int main(void)
{
	return check_main("bootsector", add);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the conversion to ext4 writes: with real images, and e2fsprogs of this machine. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "apply/rootfs.h"
#include "check_main.h"
#include "image_bash.h"

enum { BLOCK = 1024 };

/* Folders as they were before there were indexes; $IMG is the image. */
#define EXT3                                                                             \
	"mkdir -p tree/large; cd tree/large; "                                           \
	"for i in 1 2 3 4 5 6 7 8 9; do touch $i$i$i$i$i$i$i-{0..99}; done; cd ../..; "  \
	"mke2fs -q -F -t ext3 -b 1024 -d tree $IMG 16M; "

/* Whether a block of it may hold a superblock: those of the groups 0, 1, 3, 5, 7, ... */
static bool holds_superblock(size_t block)
{
	return block % 8192 == 1;
}

/* Blocks that differ and are no superblocks. */
static size_t other_changes(void)
{
	char one[BLOCK], two[BLOCK], path[128];
	size_t n = 0;
	int a, b;

	snprintf(path, sizeof(path), "%s/img", scratch);
	a = open(path, O_RDONLY | O_CLOEXEC);
	snprintf(path, sizeof(path), "%s/before", scratch);
	b = open(path, O_RDONLY | O_CLOEXEC);
	ck_assert(a >= 0 && b >= 0);
	for (size_t i = 0; read(a, one, BLOCK) == BLOCK; i++) {
		ck_assert_int_eq(read(b, two, BLOCK), BLOCK);
		n += memcmp(one, two, BLOCK) != 0 && !holds_superblock(i);
	}
	close(a);
	close(b);
	return n;
}

static int convert(struct err *e)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/img", scratch);
	return rootfs_to_ext4(path, e);
}

/* The power may fail at any instant of it: so nothing but superblocks is written. */
START_TEST(superblocks_alone)
{
	struct err e = {0};

	scratch_make();
	ck_assert(image_bash(EXT3 "cp $IMG before"));
	ck_assert_msg(convert(&e) == 0, "%s", e.text);
	ck_assert(image_bash(
		"dumpe2fs -h $IMG | grep -q 'features:.* extent'; e2fsck -fn $IMG"));
	ck_assert_uint_eq(other_changes(), 0);
	ck_assert_msg(convert(&e) == 0, "a second time: %s", e.text);
	ck_assert_uint_eq(other_changes(), 0);
	scratch_remove();
}
END_TEST

START_TEST(with_errors)
{
	struct err e = {0};

	scratch_make();
	ck_assert(image_bash(
		EXT3 "debugfs -wR 'sif <2> links_count 9' $IMG; cp $IMG before"));
	ck_assert_int_eq(convert(&e), -EUCLEAN);
	ck_assert_msg(strstr(e.text, "e2fsck -f /tmp/"), "%s", e.text);
	ck_assert(image_bash("cmp $IMG before"));
	scratch_remove();
}
END_TEST

static void add(TCase *tc)
{
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, superblocks_alone);
	tcase_add_test(tc, with_errors);
}

int main(void)
{
	return check_main("rootfs", add);
}

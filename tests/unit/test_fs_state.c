/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Superblocks made by hand, by the offsets of each file system's own documentation. */
#include "check_main.h"
#include "sys/fs_state.h"

struct patch {
	size_t at;
	struct str bytes;
};

#define EXT(state)                                                                       \
	{                                                                                \
		1024 + 56, S("\x53\xef" state)                                           \
	}

static const struct {
	const char *name, *type;
	struct patch patches[3];
	enum fs_state want;
} rows[] = {
	{"ext4, clean", "ext4", {EXT("\1\0")}, FS_STATE_CLEAN},
	{"ext4, mounted", "ext4", {EXT("\1\0"), {1024 + 96, S("\4\0\0\0")}},
		FS_STATE_REPLAY},
	{"ext4, errors", "ext4", {EXT("\3\0")}, FS_STATE_ERRORS},
	{"ext3, errors and a journal", "ext3", {EXT("\2\0"), {1024 + 96, S("\6\0\0\0")}},
		FS_STATE_ERRORS},
	{"ext2, mounted", "ext2", {EXT("\0\0")}, FS_STATE_UNCLEAN},
	{"ext4, orphans are being cleaned", "ext4", {EXT("\5\0")}, FS_STATE_CLEAN},
	{"ext2's superblock under another name", "xfs", {EXT("\2\0")}, FS_STATE_CLEAN},
	{"no magic", "ext4", {{1024 + 58, S("\2\0")}}, FS_STATE_CLEAN},
	{"xfs", "xfs", {{0, S("XFSB")}, {100, S("\xb4\xa5")}}, FS_STATE_CLEAN},
	{"xfs, needs repair", "xfs",
		{{0, S("XFSB")}, {100, S("\xb4\xa5")}, {216, S("\0\0\0\x1b")}},
		FS_STATE_ERRORS},
	{"xfs 4 has other things there", "xfs",
		{{0, S("XFSB")}, {100, S("\xb4\xa4")}, {216, S("\0\0\0\x1b")}},
		FS_STATE_CLEAN},
	{"btrfs", "btrfs", {{65536 + 56, S("\1\0\0\0\0\0\0\0_BHRfS_M")}}, FS_STATE_CLEAN},
	{"btrfs, a log tree", "btrfs",
		{{65536 + 56, S("\1\0\0\0\0\0\0\0_BHRfS_M")}, {65536 + 98, S("\1")}},
		FS_STATE_REPLAY},
	{"btrfs, errors", "btrfs", {{65536 + 56, S("\5\0\0\0\0\0\0\0_BHRfS_M")}},
		FS_STATE_ERRORS},
	{"reiserfs", "reiserfs", {{65536 + 50, S("\1\0ReIsEr2Fs")}}, FS_STATE_CLEAN},
	{"reiserfs, mounted", "reiserfs", {{65536 + 50, S("\2\0ReIsEr2Fs")}},
		FS_STATE_REPLAY},
	{"reiserfs, fsck was at work", "reiserfs",
		{{65536 + 50, S("\1\0ReIsEr2Fs")}, {65536 + 62, S("\1\0")}},
		FS_STATE_ERRORS},
	{"jfs", "jfs", {{32768, S("JFS1")}}, FS_STATE_CLEAN},
	{"jfs, mounted", "jfs", {{32768, S("JFS1")}, {32768 + 40, S("\1")}},
		FS_STATE_REPLAY},
	{"jfs, dirty", "jfs", {{32768, S("JFS1")}, {32768 + 40, S("\2")}},
		FS_STATE_ERRORS},
	{"not known", "vfat", {EXT("\2\0")}, FS_STATE_CLEAN},
};

START_TEST(states)
{
	char *head = calloc(1, FS_STATE_HEAD);
	char *shorter = malloc(1100);

	for (size_t i = 0; i < ARRAY_SIZE(rows[_i].patches); i++)
		if (rows[_i].patches[i].bytes.n)
			memcpy(head + rows[_i].patches[i].at, rows[_i].patches[i].bytes.p,
				rows[_i].patches[i].bytes.n);
	ck_assert_msg(fs_state_of(rows[_i].type, (struct str){head, FS_STATE_HEAD}) ==
			      rows[_i].want,
		"%s", rows[_i].name);
	/* A device that is too small for it: nothing behind its end is read. */
	memcpy(shorter, head, 1100);
	if (strcmp(rows[_i].type, "xfs") != 0)
		ck_assert_int_eq(fs_state_of(rows[_i].type, (struct str){shorter, 1100}),
			FS_STATE_CLEAN);
	free(shorter);
	free(head);
}
END_TEST

/* As mke2fs makes them, from 268 bytes of the superblock on, with blocks of 1 KiB (0) or 4 KiB (2). */
static const struct {
	const char *name;
	char type, bits;
	struct str map;
	uint64_t want;
} journals[] = {
	{"ext3", 1, 0, S("\x0e\3\0\0\x0f\3\0\0\x10\3"), 782 * 1024 + 32},
	{"ext4", 1, 2, S("\x0a\xf3\1\0\4\0\0\0\0\0\0\0\0\0\0\0\0\x20\0\0\1\x20\2\0"),
		(uint64_t)139265 * 4096 + 32},
	{"far behind", 1, 2, S("\x0a\xf3\1\0\4\0\0\0\0\0\0\0\0\0\0\0\0\x20\1\0\1\0\0\0"),
		((uint64_t)1 << 32 | 1) * 4096 + 32},
	{"a deeper tree", 1, 0, S("\x0a\xf3\1\0\4\0\1\0\0\0\0\0\0\0\0\0\1\x20\2"), 0},
	{"begins with a hole", 1, 0,
		S("\x0a\xf3\1\0\4\0\0\0\0\0\0\0\1\0\0\0\0\x20\0\0\1\x20\2"), 0},
	{"no extents", 1, 0, S("\x0a\xf3\0\0\4\0\0\0\0\0\0\0\0\0\0\0\0\x20\0\0\1"), 0},
	{"no copy", 0, 0, S("\x0e\3\0\0"), 0},
	{"blocks of no size", 1, 99, S("\x0e\3\0\0"), 0},
};

START_TEST(journal)
{
	char *head = calloc(1, FS_STATE_HEAD);

	head[1024 + 253] = journals[_i].type;
	head[1024 + 24] = journals[_i].bits;
	memcpy(head + 1024 + 268, journals[_i].map.p, journals[_i].map.n);
	ck_assert_msg(
		fs_state_journal((struct str){head, FS_STATE_HEAD}) == journals[_i].want,
		"%s", journals[_i].name);
	ck_assert_uint_eq(fs_state_journal((struct str){head, 1100}), 0);
	free(head);
}
END_TEST

START_TEST(unreadable)
{
	ck_assert_int_eq(fs_state_read("/dev/xvd2vd-none", "ext4"), FS_STATE_CLEAN);
	ck_assert_int_eq(fs_state_read("/dev/null", "ext4"), FS_STATE_CLEAN);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, states, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(tc, journal, 0, ARRAY_SIZE(journals));
	tcase_add_test(tc, unreadable);
}

int main(void)
{
	return check_main("fs_state", add);
}

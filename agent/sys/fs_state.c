/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See fs_state.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sys/fs_state.h"

static uint64_t le(const uint8_t *p, int n)
{
	uint64_t v = 0;

	while (n--)
		v = v << 8 | p[n];
	return v;
}

/* Documentation/filesystems/ext4/super.rst. */
static enum fs_state ext(const uint8_t *sb)
{
	const uint64_t state = le(sb + 58, 2), incompat = le(sb + 96, 4);

	if (state & 2)
		return FS_STATE_ERRORS;
	if (incompat & 4)
		return FS_STATE_REPLAY;
	return state & 1 ? FS_STATE_CLEAN : FS_STATE_UNCLEAN;
}

/* s_jnl_blocks, the copy of its inode's i_block that e2fsprogs keep: the map of the first blocks,
 * or a tree of extents, whose root is all that can be had here. */
static uint64_t first_journal_block(const uint8_t *sb)
{
	const uint8_t *map = sb + 268, *extent = map + 12;

	if (sb[253] != 1)
		return 0;
	if (le(map, 2) != 0xf30a)
		return le(map, 4);
	if (le(map + 6, 2) || !le(map + 2, 2) || le(extent, 4))
		return 0;
	return le(extent + 6, 2) << 32 | le(extent + 8, 4);
}

/* fs/xfs/libxfs/xfs_format.h: version 5 has XFS_SB_FEAT_INCOMPAT_NEEDSREPAIR; big endian. */
static enum fs_state xfs(const uint8_t *sb)
{
	return (sb[101] & 15) == 5 && sb[219] & 0x10 ? FS_STATE_ERRORS : FS_STATE_CLEAN;
}

/* struct btrfs_super_block: flags with BTRFS_SUPER_FLAG_ERROR, log_root. */
static enum fs_state btrfs(const uint8_t *sb)
{
	if (le(sb + 56, 8) & 4)
		return FS_STATE_ERRORS;
	return le(sb + 96, 8) ? FS_STATE_REPLAY : FS_STATE_CLEAN;
}

/* struct reiserfs_super_block: s_fs_state is set by reiserfsck, s_umount_state by mounts. */
static enum fs_state reiserfs(const uint8_t *sb)
{
	if (le(sb + 62, 2))
		return FS_STATE_ERRORS;
	return le(sb + 50, 2) == 2 ? FS_STATE_REPLAY : FS_STATE_CLEAN;
}

/* struct jfs_superblock: FM_CLEAN, FM_MOUNT, or what a mount found wrong. */
static enum fs_state jfs(const uint8_t *sb)
{
	const uint64_t state = le(sb + 40, 4);

	if (state > 1)
		return FS_STATE_ERRORS;
	return state ? FS_STATE_REPLAY : FS_STATE_CLEAN;
}

static const struct layout {
	const char *type;
	size_t at, magic_at; /* of the superblock; of its magic in it */
	struct str magic;
	enum fs_state (*state)(const uint8_t *sb);
} layouts[] = {
	{"ext4", 1024, 56, {"\x53\xef", 2}, ext},
	{"ext3", 1024, 56, {"\x53\xef", 2}, ext},
	{"ext2", 1024, 56, {"\x53\xef", 2}, ext},
	{"ext4dev", 1024, 56, {"\x53\xef", 2}, ext},
	{"xfs", 0, 0, {"XFSB", 4}, xfs},
	{"btrfs", 65536, 64, {"_BHRfS_M", 8}, btrfs},
	{"reiserfs", 65536, 52, {"ReIsEr", 6}, reiserfs},
	{"jfs", 32768, 0, {"JFS1", 4}, jfs},
};

enum { SUPERBLOCK = 336 }; /* more than is looked at in any */

static const struct layout *find_layout(const char *type)
{
	for (size_t i = 0; i < ARRAY_SIZE(layouts); i++)
		if (strcmp(layouts[i].type, type) == 0)
			return &layouts[i];
	return NULL;
}

enum fs_state fs_state_of(const char *type, struct str head)
{
	const struct layout *l = find_layout(type);
	const struct str sb = str_from_pos(head, l ? l->at : 0);

	if (!l || sb.n < SUPERBLOCK ||
		memcmp(sb.p + l->magic_at, l->magic.p, l->magic.n) != 0)
		return FS_STATE_CLEAN;
	return l->state((const uint8_t *)sb.p);
}

uint64_t fs_state_journal(struct str head)
{
	const struct str at = str_from_pos(head, 1024);
	const uint8_t *sb = (const uint8_t *)at.p;
	uint64_t block, bits;

	if (at.n < SUPERBLOCK)
		return 0;
	block = first_journal_block(sb);
	bits = 10 + le(sb + 24, 4);
	/* s_errno of struct journal_superblock_s. */
	return block && bits <= 16 ? (block << bits) + 32 : 0;
}

/* A mount writes down what is noted there, also one that is read-only. */
static enum fs_state ext_journal(int fd, struct str head)
{
	const uint64_t at = fs_state_journal(head);
	char noted[4];

	if (!(head.p[1024 + 92] & 4)) /* has_journal */
		return FS_STATE_CLEAN;
	if (!at || pread(fd, noted, sizeof(noted), (off_t)at) != sizeof(noted))
		return FS_STATE_UNKNOWN;
	return memcmp(noted, "\0\0\0", 4) != 0 ? FS_STATE_ERRORS : FS_STATE_CLEAN;
}

enum fs_state fs_state_read(const char *path, const char *type)
{
	cleanup_(free_charp) char *head = malloc(FS_STATE_HEAD);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	enum fs_state state;
	size_t n = 0;

	while (fd >= 0 && head && n < FS_STATE_HEAD) {
		ssize_t got = pread(fd, head + n, FS_STATE_HEAD - n, (off_t)n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		n += (size_t)got;
	}
	state = fs_state_of(type, (struct str){head, n});
	if (state == FS_STATE_CLEAN && n == FS_STATE_HEAD && find_layout(type) &&
		find_layout(type)->state == ext)
		state = ext_journal(fd, (struct str){head, n});
	if (fd >= 0)
		close(fd);
	return state;
}

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

enum { SUPERBLOCK = 256 }; /* more than is looked at in any */

enum fs_state fs_state_of(const char *type, struct str head)
{
	for (size_t i = 0; i < ARRAY_SIZE(layouts); i++) {
		const struct layout *l = &layouts[i];
		const struct str sb = str_from_pos(head, l->at);

		if (strcmp(l->type, type) == 0 && sb.n >= SUPERBLOCK &&
			!memcmp(sb.p + l->magic_at, l->magic.p, l->magic.n))
			return l->state((const uint8_t *)sb.p);
	}
	return FS_STATE_CLEAN;
}

enum fs_state fs_state_read(const char *path, const char *type)
{
	cleanup_(free_charp) char *head = malloc(FS_STATE_HEAD);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	size_t n = 0;

	while (fd >= 0 && head && n < FS_STATE_HEAD) {
		ssize_t got = pread(fd, head + n, FS_STATE_HEAD - n, (off_t)n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		n += (size_t)got;
	}
	if (fd >= 0)
		close(fd);
	return fs_state_of(type, (struct str){head, n});
}

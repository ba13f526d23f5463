/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See blk.h. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <blkid/blkid.h>

#include "sys/blk.h"

enum {
	SECTOR = 512,
	CODE_END = 440, /* behind it: the disk's id and the partition table */
	EXT_SUPERBLOCK = 1024,
	EXT_MAGIC = EXT_SUPERBLOCK + 56,
	EXT_LAST_MOUNTED = EXT_SUPERBLOCK + 136,
	HEAD = EXT_SUPERBLOCK + 512,
};

static void fd_done(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static void probe_done(blkid_probe *pr)
{
	if (*pr)
		blkid_free_probe(*pr);
}

/* True where the code area from `from` on holds `text`. */
static bool code_has(struct str sector, const char *text)
{
	return str_contains(str_upto(sector, CODE_END), text);
}

const char *blk_boot_code(struct str sector)
{
	const uint8_t *b = (const uint8_t *)sector.p;
	bool code = false;

	/* SeaBIOS starts signed sectors only. */
	if (sector.n < SECTOR || b[510] != 0x55 || b[511] != 0xaa)
		return "none";
	for (int i = 0; i < CODE_END; i++)
		code |= b[i] != 0;
	if (!code)
		return "none";
	/* boot.img as plan/bootcode.c marks it. */
	if (!memcmp(b + 3, "XVD2VD", 6))
		return "pvgrub";
	/* stage1 and boot.img both end in "GRUB \0Geom\0Hard Disk\0Read\0 Error"; the byte at
	 * 0x3e is the major version of the interface, 3 in all of GRUB 0.9x. */
	if (code_has(sector, "GRUB ") && code_has(sector, "Geom"))
		return b[0] == 0xeb && b[1] == 0x48 && b[0x3e] == 3 ? "grub" : "grub2";
	/* The boot sector of syslinux and extlinux; the MBRs that come with them. */
	if (!memcmp(b + 3, "SYSLINUX", 8) || !memcmp(b + 3, "EXTLINUX", 8) ||
		code_has(sector, "Operating system load error.") ||
		code_has(sector, "Missing OS\r\n"))
		return "syslinux";
	if (!memcmp(b + 6, "LILO", 4) || !memcmp(b + 2, "LILO", 4))
		return "lilo";
	return "unknown";
}

/* Cut where it does not fit: a label of 256 bytes is btrfs's longest. */
static void take(blkid_probe pr, const char *name, char *to, size_t room)
{
	const char *value;
	size_t n;

	*to = '\0';
	if (blkid_probe_lookup_value(pr, name, &value, NULL) < 0)
		return;
	n = strnlen(value, room - 1);
	memcpy(to, value, n);
	to[n] = '\0';
}

/* A boot sector with no partition in it looks like an empty table. */
static bool table_is_empty(blkid_probe pr)
{
	blkid_partlist list = blkid_probe_get_partitions(pr);

	return !list || blkid_partlist_numof_partitions(list) == 0;
}

static int probe(int fd, const char *path, struct blk_info *ret, struct err *e)
{
	cleanup_(probe_done) blkid_probe pr = blkid_new_probe();
	int r;

	if (!pr)
		return err_oom(e);
	if (blkid_probe_set_device(pr, fd, 0, 0) < 0)
		return err_errno(e, errno ? -errno : -EIO, "cannot probe %s", path);
	if (blkid_probe_get_size(pr) <= 0)
		return err_set(e, -ENOMEDIUM, "%s has no medium", path);
	blkid_probe_enable_superblocks(pr, 1);
	blkid_probe_set_superblocks_flags(
		pr, BLKID_SUBLKS_LABEL | BLKID_SUBLKS_UUID | BLKID_SUBLKS_TYPE);
	blkid_probe_enable_partitions(pr, 1);
	blkid_probe_set_partitions_flags(pr, BLKID_PARTS_ENTRY_DETAILS);
	errno = 0;
	r = blkid_do_safeprobe(pr);
	if (r == -1)
		return err_errno(e, errno ? -errno : -EIO, "cannot probe %s", path);
	take(pr, "TYPE", ret->type, sizeof(ret->type));
	take(pr, "UUID", ret->uuid, sizeof(ret->uuid));
	take(pr, "LABEL", ret->label, sizeof(ret->label));
	take(pr, "PTTYPE", ret->table, sizeof(ret->table));
	take(pr, "PTUUID", ret->table_id, sizeof(ret->table_id));
	take(pr, "PART_ENTRY_UUID", ret->partuuid, sizeof(ret->partuuid));
	take(pr, "PART_ENTRY_NAME", ret->partlabel, sizeof(ret->partlabel));
	take(pr, "PART_ENTRY_TYPE", ret->part_type, sizeof(ret->part_type));
	if (r == -2) {
		strcpy(ret->type, "ambivalent");
		ret->uuid[0] = ret->label[0] = '\0';
	}
	if (!ret->table[0] ||
		(ret->type[0] && !strcmp(ret->table, "dos") && table_is_empty(pr))) {
		strcpy(ret->table, "none");
		ret->table_id[0] = '\0';
	}
	return 0;
}

static int read_head(int fd, char *buf, size_t n)
{
	size_t at = 0;

	while (at < n) {
		ssize_t got = pread(fd, buf + at, n - at, (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (!got)
			break;
		at += (size_t)got;
	}
	memset(buf + at, 0, n - at);
	return 0;
}

static uint64_t le32(const char *p)
{
	const uint8_t *b = (const uint8_t *)p;

	return b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 | (uint64_t)b[3] << 24;
}

/* Documentation/filesystems/ext4/super.rst. */
static uint64_t ext_size(const char *sb)
{
	const uint64_t log_size = le32(sb + 24), incompat = le32(sb + 96);
	uint64_t blocks = le32(sb + 4);

	if (incompat & 0x80) /* 64bit */
		blocks |= le32(sb + 336) << 32;
	return log_size <= 6 && blocks < (uint64_t)1 << 48 ? blocks << (10 + log_size)
							   : 0;
}

int blk_probe(const char *path, struct blk_info *ret, struct err *e)
{
	/* A pipe or a tape must not make us wait. */
	cleanup_(fd_done) int fd =
		open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct blk_info info = {0};
	char head[HEAD];
	struct stat st;
	int r;

	if (fd < 0 || fstat(fd, &st) < 0)
		return err_errno(e, -errno, "cannot open %s", path);
	if (!S_ISBLK(st.st_mode) && !S_ISREG(st.st_mode))
		return err_set(e, -ENOTBLK, "%s is neither a disk nor an image", path);
	r = probe(fd, path, &info, e);
	if (r < 0)
		return r;
	r = read_head(fd, head, sizeof(head));
	if (r < 0)
		return err_errno(e, r, "cannot read %s", path);
	strcpy(info.boot_code, blk_boot_code((struct str){head, SECTOR}));
	if (!strncmp(info.type, "ext", 3) && (uint8_t)head[EXT_MAGIC] == 0x53 &&
		(uint8_t)head[EXT_MAGIC + 1] == 0xef) {
		memcpy(info.last_mounted, head + EXT_LAST_MOUNTED, 64);
		info.fs_size = ext_size(head + EXT_SUPERBLOCK);
	}
	*ret = info;
	return 0;
}

bool blk_in_use(const char *path)
{
	/* The kernel gives the exclusive use of a block device to one at a time; open(2). */
	int fd = open(path, O_RDONLY | O_EXCL | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd < 0 && errno == EBUSY;
}

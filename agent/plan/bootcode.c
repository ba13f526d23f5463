/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bytes of boot sectors, from GRUB's boot.img and the core in kvm-pvgrub.img. The offsets
 * are those of GRUB's boot.S, diskboot.S and lnxboot.S since 1.99. */
#include <errno.h>
#include <string.h>

#include "plan/bootcode.h"

#define SECTOR BOOTCODE_SECTOR

/* boot.img */
#define BPB 0x03           /* unused; up to 0x5a */
#define KERNEL_SECTOR 0x5c /* u64 */
#define BOOT_DRIVE 0x64    /* 0xff: the one that the BIOS says */
#define DRIVE_CHECK 0x66   /* a jump; two NOPs: some BIOSes say a wrong one */
#define DISK_SIGNATURE BOOTCODE_CODE_END
#define TABLE 0x1be
#define SIGNATURE 0x1fe

/* kvm-pvgrub.img: lnxboot.img of two sectors, then the core. The core's first sector is
 * diskboot.img, which loads the rest by a list that grows downwards. */
#define LNXBOOT 2
#define HDRS 0x202
#define LIST_FIRST 0x1f4 /* u64 sector, u16 count, u16 segment */
#define LIST_ENTRY 12
#define LIST_LAST 0x158 /* the mark and the code end before; zeros end the list */
#define LIST_SEGMENT 0x820
#define LIST_MAX ((LIST_FIRST - LIST_LAST) / LIST_ENTRY)

static void put_le(uint8_t *to, uint64_t v, int bytes)
{
	for (int i = 0; i < bytes; i++)
		to[i] = (uint8_t)(v >> 8 * i);
}

static bool all_zero(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i])
			return false;
	return true;
}

/* Sectors before the core. */
static size_t core_start(const struct bootcode_pieces *p)
{
	return p->own ? 0 : LNXBOOT;
}

/* Sectors of the core. */
static uint64_t core_size(const struct bootcode_pieces *p)
{
	return (p->image.n + SECTOR - 1) / SECTOR - core_start(p);
}

static int check_pieces(const struct bootcode_pieces *p, struct err *e)
{
	/* Of its own core only the first entry is used, and the end behind it. */
	const size_t last = p->own ? LIST_FIRST - LIST_ENTRY : LIST_LAST;
	const size_t start = core_start(p) * SECTOR;
	struct str diskboot = str_upto(str_from_pos(p->image, start), SECTOR);
	struct str list = str_upto(str_from_pos(diskboot, last), LIST_FIRST - last);

	if (p->boot.n != SECTOR || memcmp(p->boot.p, "\xeb\x63", 2) != 0 ||
		memcmp(p->boot.p + KERNEL_SECTOR, "\1\0\0\0\0\0\0\0\xff", 9) != 0 ||
		memcmp(p->boot.p + SIGNATURE, "\x55\xaa", 2) != 0)
		return err_set(e, -EINVAL, "boot.img is not GRUB's");
	/* The core is loaded below 640 KiB. */
	if (p->image.n <= start + SECTOR || core_size(p) > 1024 || !all_zero(list) ||
		(!p->own && memcmp(p->image.p + HDRS, "HdrS", 4) != 0) ||
		(uint8_t)diskboot.p[LIST_FIRST + 10] != (LIST_SEGMENT & 0xff) ||
		diskboot.p[LIST_FIRST + 11] != LIST_SEGMENT >> 8)
		return err_set(e, -EINVAL, "%s is not GRUB's",
			p->own ? "core.img" : "kvm-pvgrub.img");
	return 0;
}

static bool is_ext(const char *type)
{
	return strcmp(type, "ext2") == 0 || strcmp(type, "ext3") == 0 ||
	       strcmp(type, "ext4") == 0;
}

/* The second sector of an ext file system belongs to boot loaders: it is free, or ours. */
static bool boot_block_free(const struct bootcode_disk *d)
{
	struct str second = str_from_pos(d->fs_head, SECTOR);

	return d->fs_head.n == (size_t)2 * SECTOR &&
	       (all_zero(second) || str_contains(second, BOOTCODE_MARK));
}

int bootcode_choose(const struct bootcode_disk *d, const struct bootcode_pieces *p,
	enum bootcode_way *ret, struct err *e)
{
	const char *advice = "start the guest by kvm-pvgrub.img (boot=host)";
	uint64_t core = core_size(p);
	int r = check_pieces(p, e);

	if (r < 0)
		return r;
	if (d->sector0.n != SECTOR)
		return err_set(e, -EINVAL, "the first sector was not read");
	if (strcmp(d->table, "gpt") == 0 && d->bios_boot && d->bios_boot_size >= core) {
		*ret = BOOTCODE_BIOS_BOOT;
		return 0;
	}
	if (strcmp(d->table, "dos") == 0 && d->first_part > core) {
		*ret = BOOTCODE_GAP;
		return 0;
	}
	if (p->own)
		return err_set(e, -ENOTSUP,
			"the %llu KiB of the guest's own core have no room",
			(unsigned long long)(core + 1) / 2);
	if (is_ext(d->fs_type)) {
		if (!boot_block_free(d))
			return err_set(e, -ENOTSUP,
				"the boot block of the %s file system holds another's "
				"boot "
				"code: %s",
				d->fs_type, advice);
		*ret = BOOTCODE_FILE;
		return 0;
	}
	if (strcmp(d->table, "gpt") == 0)
		return err_set(e, -ENOTSUP,
			"a GPT disk without a BIOS boot partition of %llu KiB can only "
			"hold "
			"boot code where /boot is ext2, ext3 or ext4 without LVM or "
			"RAID: %s, "
			"or make that partition (type ef02)",
			(unsigned long long)(core + 1) / 2, advice);
	if (strcmp(d->table, "dos") == 0)
		return err_set(e, -ENOTSUP,
			"the first partition begins at sector %llu, %llu are needed "
			"before it "
			"where /boot is not ext2, ext3 or ext4 without LVM or RAID: %s",
			(unsigned long long)d->first_part, (unsigned long long)core + 1,
			advice);
	if (strcmp(d->fs_type, "xfs") == 0)
		return err_set(e, -ENOTSUP,
			"xfs on the whole disk begins in its first sector, boot code has "
			"no "
			"room: %s",
			advice);
	return err_set(e, -ENOTSUP,
		"%s on the whole disk leaves no room for boot code: %s",
		*d->fs_type ? d->fs_type : "LVM or RAID", advice);
}

/* What firmware starts: loads the sector `next` and jumps to it. */
static void boot_sector(const struct bootcode_disk *d, const struct bootcode_pieces *p,
	uint64_t next, uint8_t *to)
{
	memcpy(to, p->boot.p, SECTOR);
	if (!p->own)
		memcpy(to + BPB, BOOTCODE_MARK, strlen(BOOTCODE_MARK));
	put_le(to + KERNEL_SECTOR, next, 8);
	to[BOOT_DRIVE] = 0xff;
	memset(to + DRIVE_CHECK, 0x90, 2);
	if (*d->table) {
		memcpy(to + DISK_SIGNATURE, d->sector0.p + DISK_SIGNATURE,
			SIGNATURE - DISK_SIGNATURE);
		return;
	}
	/* No one may take a signed sector for an empty partition table: a flag other than 0
	 * and 0x80 says that it is none, to Linux, GRUB and libblkid. */
	memset(to + DISK_SIGNATURE, 0, SIGNATURE - DISK_SIGNATURE);
	for (int i = 0; i < 4; i++)
		to[TABLE + 16 * i] = 0x7f;
}

/* One run of the core's remaining sectors. */
struct run {
	uint64_t start, n;
};

/* The core's first sector, with the list of the rest. */
static int disk_boot(const struct bootcode_pieces *p, const struct run *runs, size_t n,
	uint8_t *to, struct err *e)
{
	uint64_t segment = LIST_SEGMENT;

	if (n > LIST_MAX)
		return err_set(e, -EFBIG,
			"%s lies in %zu pieces on the disk, at most %d can be listed",
			BOOTCODE_FILE_PATH, n, LIST_MAX);
	memcpy(to, p->image.p + core_start(p) * SECTOR, SECTOR);
	memset(to + LIST_FIRST, 0, LIST_ENTRY);
	for (size_t i = 0; i < n; i++) {
		uint8_t *entry = to + LIST_FIRST - i * LIST_ENTRY;

		put_le(entry, runs[i].start, 8);
		put_le(entry + 8, runs[i].n, 2);
		put_le(entry + 10, segment, 2);
		segment += runs[i].n * (SECTOR / 16);
	}
	return 0;
}

/* The file's extents as runs of the core behind its first sector. A run behind the last that
 * fits is counted, so that the caller sees how many there are. */
static int file_runs(const struct bootcode_disk *d, const struct bootcode_pieces *p,
	const struct bootcode_extent *extents, size_t n, struct run *runs, size_t *ret_n,
	struct err *e)
{
	uint64_t skip = core_start(p) + 1, left = core_size(p) - 1;
	struct run last = {0, 0};
	size_t count = 0;

	for (size_t i = 0; i < n && left; i++) {
		uint64_t start = extents[i].start, len = extents[i].n;
		uint64_t cut = len < skip ? len : skip;

		if (start < d->fs_start + 2 || start > d->size || len > d->size - start)
			return err_set(
				e, -EINVAL, "%s is not on this disk", BOOTCODE_FILE_PATH);
		skip -= cut;
		start += cut;
		len -= cut;
		if (len > left)
			len = left;
		if (!len)
			continue;
		left -= len;
		if (count && start == last.start + last.n) {
			last.n += len;
		} else {
			last = (struct run){start, len};
			count++;
		}
		if (count <= LIST_MAX)
			runs[count - 1] = last;
	}
	if (left)
		return err_set(
			e, -EINVAL, "%s is not whole on the disk", BOOTCODE_FILE_PATH);
	*ret_n = count;
	return 0;
}

static int add_write(struct bootcode *b, uint64_t sector, struct str data, struct err *e)
{
	struct bootcode_write *w = &b->writes[b->n_writes++];

	w->sector = sector;
	strbuf_add(&w->data, data);
	strbuf_pad(&w->data, '\0', (data.n + SECTOR - 1) / SECTOR * SECTOR);
	return strbuf_err(&w->data) < 0 ? err_oom(e) : 0;
}

void bootcode_done(struct bootcode *b)
{
	for (size_t i = 0; i < ARRAY_SIZE(b->writes); i++)
		strbuf_done(&b->writes[i].data);
	b->n_writes = 0;
}

static int build(enum bootcode_way way, const struct bootcode_disk *d,
	const struct bootcode_pieces *p, const struct bootcode_extent *extents, size_t n,
	struct bootcode *b, struct err *e)
{
	uint8_t boot[SECTOR], disk[SECTOR];
	uint64_t next = way == BOOTCODE_GAP         ? 1
			: way == BOOTCODE_BIOS_BOOT ? d->bios_boot
						    : d->fs_start + 1;
	struct run runs[LIST_MAX] = {{next + 1, core_size(p) - 1}};
	size_t n_runs = 1, rest = (core_start(p) + 1) * SECTOR;
	int r;

	if (way == BOOTCODE_FILE) {
		r = file_runs(d, p, extents, n, runs, &n_runs, e);
		if (r < 0)
			return r;
	}
	boot_sector(d, p, next, boot);
	r = disk_boot(p, runs, n_runs, disk, e);
	if (r < 0)
		return r;
	if (way == BOOTCODE_FILE)
		memcpy(disk + LIST_LAST - strlen(BOOTCODE_MARK), BOOTCODE_MARK,
			strlen(BOOTCODE_MARK));
	r = add_write(b, 0, (struct str){(char *)boot, SECTOR}, e);
	if (r >= 0)
		r = add_write(b, next, (struct str){(char *)disk, SECTOR}, e);
	if (r < 0 || way == BOOTCODE_FILE)
		return r;
	strbuf_add(&b->writes[1].data, str_from_pos(p->image, rest));
	strbuf_pad(&b->writes[1].data, '\0', (size_t)core_size(p) * SECTOR);
	return strbuf_err(&b->writes[1].data) < 0 ? err_oom(e) : 0;
}

int bootcode_build(enum bootcode_way way, const struct bootcode_disk *d,
	const struct bootcode_pieces *p, const struct bootcode_extent *extents, size_t n,
	struct bootcode *ret, struct err *e)
{
	struct bootcode b = {0};
	int r = check_pieces(p, e);

	if (r >= 0)
		r = build(way, d, p, extents, n, &b, e);
	if (r < 0) {
		bootcode_done(&b);
		return r;
	}
	*ret = b;
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See bzimage.h. Pure. */
#include <string.h>

#include "probe/bzimage.h"

/* Offsets of boot.rst, "The Real-Mode Kernel Header". */
enum {
	SETUP_SECTS = 0x1f1,
	SYSSIZE = 0x1f4, /* of what follows the setup code, in paragraphs */
	BOOT_FLAG = 0x1fe,
	HEADER = 0x202,
	VERSION = 0x206,
	KERNEL_VERSION = 0x20e,
	LOADFLAGS = 0x211,
	RELOCATABLE = 0x234,
	XLOADFLAGS = 0x236,
	HEADER_END = 0x238,

	SECTOR = 0x200,
	PARAGRAPH = 16,
	LOADED_HIGH = 1 << 0,   /* bzImage, as opposed to zImage */
	XLF_KERNEL_64 = 1 << 0, /* since protocol 2.12 */
};

static unsigned le16(struct str s, size_t at)
{
	return (unsigned char)s.p[at] | (unsigned)(unsigned char)s.p[at + 1] << 8;
}

static uint64_t le32(struct str s, size_t at)
{
	return le16(s, at) | (uint64_t)le16(s, at + 2) << 16;
}

/* What Xen's old kernels and the other architectures' are, by their first bytes. */
static const char *other_kind(struct str head)
{
	if (str_starts(head, "\x7f"
			     "ELF"))
		return "an ELF file, not a bzImage";
	if (str_starts(head, "\x1f\x8b"))
		return "gzip data, not a bzImage";
	return "not a bzImage";
}

/* Boot sector and setup code. */
static size_t setup_size(struct str head)
{
	size_t sectors = (unsigned char)head.p[SETUP_SECTS];

	/* 0 means 4, for the oldest of kernels. */
	return (1 + (sectors ? sectors : 4)) * SECTOR;
}

/* Old kernels' last paragraph is not filled up; before protocol 2.04 the upper half of the
 * field was not set. */
static uint64_t find_length(struct str head, unsigned protocol)
{
	uint64_t paragraphs = le32(head, SYSSIZE);

	if (protocol < 0x204 || !paragraphs)
		return 0;
	return setup_size(head) + (paragraphs - 1) * PARAGRAPH + 1;
}

/* The first word of "6.1.0-18-cloud-amd64 (debian-kernel@...) #1 SMP ...". */
static struct str find_release(struct str head)
{
	size_t from = le16(head, KERNEL_VERSION), end = setup_size(head);
	struct str release = {0};

	if (!from)
		return release;
	from += SECTOR;
	if (end > head.n)
		end = head.n;
	if (from >= end)
		return release;
	release = str_range(head.p + from, head.p + end);
	release.n = strnlen(release.p, release.n);
	for (size_t i = 0; i < release.n; i++)
		if (release.p[i] <= ' ' || release.p[i] > '~')
			release.n = i;
	return release;
}

const char *bzimage_parse(struct str head, struct bzimage *ret)
{
	if (head.n < HEADER_END)
		return head.n ? "too short for a kernel" : "empty";
	if (le16(head, BOOT_FLAG) != 0xaa55 || memcmp(head.p + HEADER, "HdrS", 4) != 0)
		return other_kind(head);
	if (!(head.p[LOADFLAGS] & LOADED_HIGH))
		return "a zImage, not a bzImage";
	*ret = (struct bzimage){
		.protocol = le16(head, VERSION),
		.release = find_release(head),
	};
	ret->length = find_length(head, ret->protocol);
	ret->relocatable64 = ret->protocol >= 0x20c && head.p[RELOCATABLE] &&
			     (le16(head, XLOADFLAGS) & XLF_KERNEL_64);
	return NULL;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See mbr.h. */
#include <errno.h>
#include <string.h>

#include "text/mbr.h"

enum {
	TABLE = 446,
	ENTRY = 16,
	ENTRIES = 4,
	/* in an entry */
	TYPE = 4,
	LAST_CHS = 5,
	START = 8,
	LENGTH = 12,
	/* what BIOSes make of every disk of some size */
	HEADS = 255,
	TRACK = 63,
	CYLINDERS = 1024,
};

static uint32_t get(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

static void put(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

/* Past what three bytes can say: the last that they can. */
static void put_chs(uint8_t *p, uint64_t sector)
{
	uint64_t cylinder = sector / (HEADS * TRACK);
	uint64_t head = sector / TRACK % HEADS, in_track = sector % TRACK + 1;

	if (cylinder >= CYLINDERS) {
		cylinder = CYLINDERS - 1;
		head = HEADS - 1;
		in_track = TRACK;
	}
	p[0] = (uint8_t)head;
	p[1] = (uint8_t)(in_track | (cylinder >> 2 & 0xc0));
	p[2] = (uint8_t)cylinder;
}

static bool holds_others(uint8_t type)
{
	return type == 0x05 || type == 0x0f || type == 0x85 || type == 0xee;
}

int mbr_grow(struct str sector, unsigned number, uint64_t start, uint64_t sectors,
	char *ret, struct err *e)
{
	uint8_t *s = (uint8_t *)ret, *entry;

	if (sector.n != MBR_SECTOR || (uint8_t)sector.p[510] != 0x55 ||
		(uint8_t)sector.p[511] != 0xaa)
		return err_set(e, -EINVAL, "the disk has no partition table of type dos");
	memcpy(ret, sector.p, MBR_SECTOR);
	if (number < 1 || number > ENTRIES)
		return err_set(e, -EINVAL, "partition %u is not a primary one", number);
	entry = s + TABLE + (number - 1) * ENTRY;
	if (!entry[TYPE] || holds_others(entry[TYPE]) || get(entry + START) != start)
		return err_set(e, -EINVAL,
			"partition %u is not in the table as the kernel knows it",
			number);
	for (unsigned i = 0; i < ENTRIES; i++) {
		const uint8_t *other = s + TABLE + i * ENTRY;

		if (other[TYPE] && get(other + START) > start)
			return err_set(e, -EINVAL, "partition %u lies behind it", i + 1);
	}
	if (sectors < get(entry + LENGTH) || sectors > UINT32_MAX)
		return err_set(e, -EINVAL,
			"partition %u cannot be made that long by this table", number);
	if (sectors == get(entry + LENGTH))
		return 0;
	put(entry + LENGTH, (uint32_t)sectors);
	put_chs(entry + LAST_CHS, start + sectors - 1);
	return 1;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See gpt.h. */
#include <errno.h>
#include <string.h>

#include "text/gpt.h"

enum {
	/* in a header */
	HEADER_SIZE = 12,
	HEADER_CRC = 16,
	MY_SECTOR = 24,
	OTHER_SECTOR = 32,
	FIRST_USABLE = 40,
	LAST_USABLE = 48,
	ENTRIES_AT = 72,
	ENTRIES_N = 80,
	ENTRY_SIZE = 84,
	ENTRIES_CRC = 88,
	HEADER_END = 92,
	/* in an entry */
	ENTRY = 128,
	ENTRY_START = 32,
	ENTRY_LAST = 40,
	/* what is made by everyone */
	ENTRIES = 128,
	ENTRY_SECTORS = ENTRIES * ENTRY / GPT_SECTOR,
	USUAL_PLACE = 2,
	/* where those to be lie for a moment */
	SPARE_PLACE = USUAL_PLACE + ENTRY_SECTORS,
	/* the entry of the disk's first sector that protects all this */
	PROTECTIVE = 446,
	PROTECTIVE_LENGTH = PROTECTIVE + 12,
};

void gpt_writes_done(struct gpt_writes *w)
{
	for (size_t i = 0; i < w->n; i++)
		strbuf_done(&w->v[i].data);
	*w = (struct gpt_writes){0};
}

static uint64_t get(const char *at, int n)
{
	uint64_t v = 0;

	while (n--)
		v = v << 8 | (uint8_t)at[n];
	return v;
}

static void put(char *at, uint64_t v, int n)
{
	for (int i = 0; i < n; i++)
		at[i] = (char)(uint8_t)(v >> 8 * i);
}

/* CRC-32 of ISO 3309, as in zlib. */
static uint32_t crc32_of(struct str s)
{
	uint32_t crc = ~0u;

	for (size_t i = 0; i < s.n; i++) {
		crc ^= (uint8_t)s.p[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return ~crc;
}

static uint32_t header_crc(const char *header)
{
	char copy[GPT_SECTOR];

	memcpy(copy, header, sizeof(copy));
	put(copy + HEADER_CRC, 0, 4);
	return crc32_of((struct str){copy, get(copy + HEADER_SIZE, 4)});
}

static struct str sectors_of(struct str head, uint64_t at, uint64_t n)
{
	if (at > head.n / GPT_SECTOR)
		return STR("");
	return str_upto(str_from_pos(head, at * GPT_SECTOR), n * GPT_SECTOR);
}

bool gpt_is_whole(struct str head)
{
	const struct str header = sectors_of(head, 1, 1);
	struct str entries;

	if (header.n < GPT_SECTOR || memcmp(header.p, "EFI PART", 8) != 0 ||
		get(header.p + HEADER_SIZE, 4) < HEADER_END ||
		get(header.p + HEADER_SIZE, 4) > GPT_SECTOR ||
		get(header.p + HEADER_CRC, 4) != header_crc(header.p) ||
		get(header.p + MY_SECTOR, 8) != 1 ||
		get(header.p + ENTRIES_N, 4) != ENTRIES ||
		get(header.p + ENTRY_SIZE, 4) != ENTRY)
		return false;
	entries = sectors_of(head, get(header.p + ENTRIES_AT, 8), ENTRY_SECTORS);
	return entries.n == (size_t)ENTRY_SECTORS * GPT_SECTOR &&
	       get(header.p + ENTRIES_CRC, 4) == crc32_of(entries);
}

uint64_t gpt_last_usable(uint64_t sectors)
{
	return sectors > 2 * (ENTRY_SECTORS + 3) ? sectors - ENTRY_SECTORS - 2 : 0;
}

struct table {
	struct str head;
	uint64_t sectors, first; /* of the disk; where the first partition begins */
	char header[GPT_SECTOR];
	char entries[ENTRY_SECTORS * GPT_SECTOR];
	struct gpt_writes *out;
};

static void write_at(struct table *t, uint64_t sector, struct str data)
{
	struct gpt_write *w = &t->out->v[t->out->n++];

	w->sector = sector;
	strbuf_add(&w->data, data);
}

static void write_entries(struct table *t, uint64_t sector)
{
	write_at(t, sector, (struct str){t->entries, sizeof(t->entries)});
}

/* The header for `mine`, whose entries lie at `entries`. */
static void write_header(struct table *t, uint64_t mine, uint64_t entries)
{
	const uint64_t end = t->sectors - 1;

	put(t->header + MY_SECTOR, mine, 8);
	put(t->header + OTHER_SECTOR, mine == 1 ? end : 1, 8);
	put(t->header + LAST_USABLE, gpt_last_usable(t->sectors), 8);
	put(t->header + ENTRIES_AT, entries, 8);
	put(t->header + ENTRIES_CRC,
		crc32_of((struct str){t->entries, sizeof(t->entries)}), 4);
	put(t->header + HEADER_CRC, header_crc(t->header), 4);
	write_at(t, mine, (struct str){t->header, GPT_SECTOR});
}

/* The first sector's own entry for all of the disk. 0; -EINVAL: it has others. */
static int protect(struct table *t, char *ret, struct err *e)
{
	const uint64_t all = t->sectors - 1;

	memcpy(ret, t->head.p, GPT_SECTOR);
	for (int i = 1; i < 4; i++)
		if (ret[PROTECTIVE + 16 * i + 4])
			return err_set(e, -EINVAL,
				"its first sector has a partition table of its own");
	if ((uint8_t)ret[PROTECTIVE + 4] != 0xee)
		return err_set(e, -EINVAL, "its first sector does not protect it");
	put(ret + PROTECTIVE_LENGTH, all < UINT32_MAX ? all : UINT32_MAX, 4);
	return 0;
}

static int edit_entries(
	struct table *t, unsigned number, uint64_t start, uint64_t last, struct err *e)
{
	char *entry = number >= 1 && number <= ENTRIES
			      ? t->entries + (size_t)(number - 1) * ENTRY
			      : NULL;

	if (!entry || get(entry + ENTRY_START, 8) != start)
		return err_set(e, -EINVAL,
			"partition %u is not in the table as the kernel knows it",
			number);
	t->first = start;
	for (unsigned i = 0; i < ENTRIES; i++) {
		const char *other = t->entries + (size_t)i * ENTRY;
		const uint64_t at = get(other + ENTRY_START, 8);

		if (!get(other, 8) && !get(other + 8, 8))
			continue;
		if (at > start)
			return err_set(e, -EINVAL, "partition %u lies behind it", i + 1);
		if (at < t->first)
			t->first = at;
	}
	if (last < start || last < get(entry + ENTRY_LAST, 8) ||
		last > gpt_last_usable(t->sectors))
		return err_set(e, -EINVAL,
			"partition %u cannot be made that long on this disk", number);
	put(entry + ENTRY_LAST, last, 8);
	return 0;
}

/* Zeros, or what a run that was cut short has left: of the list of before, of that to be. */
static bool is_free(const struct table *t, struct str spare)
{
	static const char zeros[GPT_SECTOR];
	const struct str now = sectors_of(t->head, USUAL_PLACE, ENTRY_SECTORS);

	for (size_t at = 0; at < spare.n; at += GPT_SECTOR)
		if (memcmp(spare.p + at, zeros, GPT_SECTOR) != 0 &&
			memcmp(spare.p + at, now.p + at, GPT_SECTOR) != 0 &&
			memcmp(spare.p + at, t->entries + at, GPT_SECTOR) != 0)
			return false;
	return true;
}

/* Entries elsewhere were moved by someone who needs their usual place for something: the boot
 * loaders of some boards do. */
static int check_room(const struct table *t, uint64_t entries, struct err *e)
{
	const struct str spare = sectors_of(t->head, SPARE_PLACE, ENTRY_SECTORS);

	if (entries != USUAL_PLACE && entries != SPARE_PLACE)
		return err_set(e, -EINVAL, "its entries are at an unusual place");
	if (t->first < SPARE_PLACE + ENTRY_SECTORS || spare.n != sizeof(t->entries))
		return err_set(e, -EINVAL,
			"there is no room for a second list of partitions, without which "
			"a power failure could lose the first");
	if (entries == USUAL_PLACE && !is_free(t, spare))
		return err_set(e, -EINVAL,
			"the sectors behind its partition table hold something");
	return 0;
}

static int fill(struct table *t, struct err *e)
{
	static const char zeros[ENTRY_SECTORS * GPT_SECTOR];
	const uint64_t entries = get(t->header + ENTRIES_AT, 8), end = t->sectors - 1;
	char first[GPT_SECTOR];
	int r = protect(t, first, e);

	if (r >= 0)
		r = check_room(t, entries, e);
	if (r < 0)
		return r;
	write_entries(t, end - ENTRY_SECTORS);
	write_header(t, end, end - ENTRY_SECTORS);
	if (entries == USUAL_PLACE) {
		write_entries(t, SPARE_PLACE);
		write_header(t, 1, SPARE_PLACE);
	}
	write_entries(t, USUAL_PLACE);
	write_header(t, 1, USUAL_PLACE);
	write_at(t, SPARE_PLACE, (struct str){zeros, sizeof(zeros)});
	write_at(t, 0, (struct str){first, GPT_SECTOR});
	for (size_t i = 0; i < t->out->n; i++)
		if (strbuf_err(&t->out->v[i].data) < 0)
			return err_oom(e);
	return 0;
}

int gpt_grow(struct str head, uint64_t sectors, unsigned number, uint64_t start,
	uint64_t last, struct gpt_writes *ret, struct err *e)
{
	struct gpt_writes out = {0};
	struct table t = {.head = head, .sectors = sectors, .out = &out};
	int r;

	if (!gpt_is_whole(head))
		return err_set(e, -EINVAL,
			"its partition table (gpt) is damaged, or none of 128 entries");
	memcpy(t.header, head.p + GPT_SECTOR, GPT_SECTOR);
	memcpy(t.entries, sectors_of(head, get(t.header + ENTRIES_AT, 8), 1).p,
		sizeof(t.entries));
	r = edit_entries(&t, number, start, last, e);
	if (r >= 0)
		r = fill(&t, e);
	if (r < 0) {
		gpt_writes_done(&out);
		return r;
	}
	*ret = out;
	return 0;
}

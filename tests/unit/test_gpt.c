/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The writes one after the other, and cut off anywhere: the table at the beginning is whole. */
#include <errno.h>

#include "check_main.h"
#include "text/gpt.h"

enum { OLD_SECTORS = 1 << 16, SECTORS = 3 << 16, OLD_LAST = OLD_SECTORS - 34 };

struct part {
	uint64_t start, last;
};

static uint32_t crc(const char *p, size_t n)
{
	uint32_t v = ~0u;

	for (size_t i = 0; i < n; i++) {
		v ^= (uint8_t)p[i];
		for (int bit = 0; bit < 8; bit++)
			v = v & 1 ? v >> 1 ^ 0xedb88320u : v >> 1;
	}
	return ~v;
}

static void put(char *at, uint64_t v, int n)
{
	for (int i = 0; i < n; i++)
		at[i] = (char)(uint8_t)(v >> 8 * i);
}

static uint64_t get(const char *at, int n)
{
	uint64_t v = 0;

	while (n--)
		v = v << 8 | (uint8_t)at[n];
	return v;
}

static void put_header(char *disk, uint64_t entries)
{
	char *h = disk + 512;

	memset(h, 0, 512);
	memcpy(h, "EFI PART\0\0\1\0", 12);
	put(h + 12, 92, 4);
	put(h + 24, 1, 8);
	put(h + 32, OLD_SECTORS - 1, 8);
	put(h + 40, 34, 8);
	put(h + 48, OLD_LAST, 8);
	memcpy(h + 56, "disk's own GUID.", 16);
	put(h + 72, entries, 8);
	put(h + 80, 128, 4);
	put(h + 84, 128, 4);
	put(h + 88, crc(disk + entries * 512, 128 * 128), 4);
	put(h + 16, crc(h, 92), 4);
}

/* A disk of SECTORS with a table for OLD_SECTORS. */
static char *make_disk(const struct part *v, size_t n, uint64_t entries)
{
	char *disk = calloc(SECTORS, 512);

	ck_assert_ptr_nonnull(disk);
	put(disk + 446 + 4, 0xee, 1);
	put(disk + 446 + 8, 1, 4);
	put(disk + 446 + 12, OLD_SECTORS - 1, 4);
	memcpy(disk + 510, "\x55\xaa", 2);
	for (size_t i = 0; i < n && v[i].start; i++) {
		char *e = disk + entries * 512 + i * 128;

		memcpy(e, "type of a part..GUID of this one", 32);
		put(e + 32, v[i].start, 8);
		put(e + 40, v[i].last, 8);
	}
	put_header(disk, entries);
	return disk;
}

static struct str head_of(const char *disk)
{
	return (struct str){disk, GPT_HEAD};
}

/* Where the table at the beginning says that the partition ends; 0: it is not whole. */
static uint64_t end_of(const char *disk, unsigned number)
{
	if (!gpt_is_whole(head_of(disk)))
		return 0;
	return get(disk + get(disk + 512 + 72, 8) * 512 + (size_t)(number - 1) * 128 + 40,
		8);
}

static void write_some(char *disk, const struct gpt_write *w, unsigned long which)
{
	for (size_t i = 0; i < w->data.n / 512; i++)
		if (which >> i % 32 & 1)
			memcpy(disk + (w->sector + i) * 512, w->data.p + i * 512, 512);
}

static const struct row {
	const char *name;
	struct part parts[3];
	unsigned number;
	uint64_t start, last;
	const char *refused;
	uint64_t entries;
	int spoil; /* a byte to change: without the sums knowing of it */
} rows[] = {
	{"one partition", {{2048, 40000}}, 1, 2048, 190000, NULL, 2, 0},
	{"the second", {{2048, 4095}, {4096, 40000}}, 2, 4096, SECTORS - 34, NULL, 2, 0},
	{"a first one near the table", {{66, 70}, {2048, 40000}}, 2, 2048, 190000, NULL,
		2, 0},
	{"a run that was cut short has left its list", {{2048, 40000}}, 1, 2048, 190000,
		NULL, 34, 0},
	{"past the end", {{2048, 40000}}, 1, 2048, SECTORS - 33, "that long", 2, 0},
	{"shorter", {{2048, 40000}}, 1, 2048, 39999, "that long", 2, 0},
	{"one behind it", {{2048, 40000}, {40001, 50000}}, 1, 2048, 190000,
		"partition 2 lies behind", 2, 0},
	{"it begins elsewhere", {{2048, 40000}}, 1, 2049, 190000, "not in the table", 2,
		0},
	{"not there", {{2048, 40000}}, 2, 2048, 190000, "not in the table", 2, 0},
	{"number 129", {{2048, 40000}}, 129, 2048, 190000, "not in the table", 2, 0},
	{"number 0", {{2048, 40000}}, 0, 2048, 190000, "not in the table", 2, 0},
	{"no room for a second list", {{40, 45}, {2048, 40000}}, 2, 2048, 190000,
		"no room", 2, 0},
	{"something lies there", {{2048, 40000}}, 1, 2048, 190000, "hold something", 2,
		34 * 512},
	{"its list lies elsewhere", {{2048, 40000}}, 1, 2048, 190000, "unusual place",
		1000, 0},
	{"no room, and a run that was cut short", {{40, 45}, {2048, 40000}}, 2, 2048,
		190000, "no room", 34, 0},
	{"an end before its beginning", {{2048, 0}}, 1, 2048, 100, "that long", 2, 0},
	{"an entry is damaged", {{2048, 40000}}, 1, 2048, 190000, "damaged", 2,
		1024 + 41},
	{"the header is damaged", {{2048, 40000}}, 1, 2048, 190000, "damaged", 2,
		512 + 60},
	{"no such header", {{2048, 40000}}, 1, 2048, 190000, "damaged", 2, 512},
	{"a hybrid", {{2048, 40000}}, 1, 2048, 190000, "of its own", 2, 446 + 16 + 4},
	{"not protected", {{2048, 40000}}, 1, 2048, 190000, "does not protect", 2,
		446 + 4},
};

START_TEST(grow)
{
	static const unsigned long torn[] = {
		0, 1, 0xffff, 0xffff0000ul, 0x55555555ul, 0xaaaaaaaaul, 0x7fffffff};
	const struct row *row = &rows[_i];
	char *disk = make_disk(row->parts, ARRAY_SIZE(row->parts), row->entries);
	const uint64_t before = end_of(disk, 1);
	struct gpt_writes w = {0};
	struct err e = {0};
	int r;

	ck_assert_uint_eq(before, row->parts[0].last);
	if (row->spoil)
		disk[row->spoil] ^= 0x11;
	r = gpt_grow(head_of(disk), SECTORS, row->number, row->start, row->last, &w, &e);
	ck_assert_msg(
		r == (row->refused ? -EINVAL : 0), "%s: %d, %s", row->name, r, e.text);
	if (row->refused) {
		ck_assert_msg(strstr(e.text, row->refused) != NULL, "%s: %s", row->name,
			e.text);
		ck_assert_uint_eq(w.n, 0);
		free(disk);
		return;
	}
	for (size_t i = 0; i < w.n; i++) {
		char *cut = malloc(GPT_HEAD);

		ck_assert_ptr_nonnull(cut);
		for (size_t k = 0; k < ARRAY_SIZE(torn); k++) {
			uint64_t end;

			/* The other table is far behind, and nobody's then. */
			if (w.v[i].sector * 512 + w.v[i].data.n > GPT_HEAD)
				continue;
			memcpy(cut, disk, GPT_HEAD);
			write_some(cut, &w.v[i], torn[k]);
			end = end_of(cut, row->number);
			ck_assert_msg(end == row->last ||
					      end == row->parts[row->number - 1].last,
				"%s: write %zu torn as %lx: ends at %llu", row->name, i,
				torn[k], (unsigned long long)end);
		}
		write_some(disk, &w.v[i], ~0ul);
		ck_assert_msg(end_of(disk, row->number), "%s: write %zu", row->name, i);
		free(cut);
	}
	ck_assert_uint_eq(end_of(disk, row->number), row->last);
	ck_assert_uint_eq(get(disk + 512 + 72, 8), 2);
	ck_assert_uint_eq(get(disk + 512 + 48, 8), SECTORS - 34);
	ck_assert_uint_eq(get(disk + 512 + 32, 8), SECTORS - 1);
	ck_assert_uint_eq(get(disk + 446 + 12, 4), SECTORS - 1);
	ck_assert_mem_eq(disk + 512 + 56, "disk's own GUID.", 16);
	for (size_t i = 34 * 512; i < 66 * 512; i++)
		ck_assert_int_eq(disk[i], 0);
	/* The copy at the end: the same, but for where it lies. */
	ck_assert_mem_eq(disk + (SECTORS - 33) * 512, disk + 1024, 128 * 128);
	ck_assert_uint_eq(get(disk + (SECTORS - 1) * 512 + 24, 8), SECTORS - 1);
	ck_assert_uint_eq(get(disk + (SECTORS - 1) * 512 + 32, 8), 1);
	ck_assert_uint_eq(get(disk + (SECTORS - 1) * 512 + 72, 8), SECTORS - 33);
	gpt_writes_done(&w);
	free(disk);
}
END_TEST

/* A run that was cut short anywhere is begun again, and comes to its end. */
START_TEST(again)
{
	const struct part parts[] = {{2048, 40000}};
	const size_t cut = (size_t)_i;
	char *disk = make_disk(parts, 1, 2);
	struct gpt_writes w = {0};
	struct err e = {0};

	ck_assert_int_eq(gpt_grow(head_of(disk), SECTORS, 1, 2048, 190000, &w, &e), 0);
	for (size_t i = 0; i < cut && i < w.n; i++)
		write_some(disk, &w.v[i], i + 1 == cut ? 0x55555555ul : ~0ul);
	gpt_writes_done(&w);
	if (!gpt_is_whole(head_of(disk)))
		ck_abort_msg("cut at %zu it is not whole", cut);
	ck_assert_msg(gpt_grow(head_of(disk), SECTORS, 1, 2048, 190000, &w, &e) == 0,
		"cut at %zu: %s", cut, e.text);
	for (size_t i = 0; i < w.n; i++)
		write_some(disk, &w.v[i], ~0ul);
	ck_assert_uint_eq(end_of(disk, 1), 190000);
	ck_assert_uint_eq(get(disk + 512 + 72, 8), 2);
	gpt_writes_done(&w);
	free(disk);
}
END_TEST

START_TEST(cut_short)
{
	struct gpt_writes w = {0};
	char *head = calloc(1, 1024);

	ck_assert_ptr_nonnull(head);
	ck_assert_int_eq(gpt_grow(STR(""), SECTORS, 1, 1, 2, &w, NULL), -EINVAL);
	memcpy(head + 512, "EFI PART", 8);
	ck_assert_int_eq(
		gpt_grow((struct str){head, 1024}, SECTORS, 1, 1, 2, &w, NULL), -EINVAL);
	free(head);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, grow, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(tc, again, 0, 9);
	tcase_add_test(tc, cut_short);
}

int main(void)
{
	return check_main("gpt", add);
}

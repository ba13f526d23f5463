/* SPDX-License-Identifier: GPL-2.0-or-later */
/* gpt_grow(): the table at the beginning is whole behind each of its writes and in the middle
 * of each, nothing but tables is written, and a second run comes to the same. The input is a
 * request, then the beginning of a disk. */
#include <errno.h>
#include <string.h>

#include "fuzz_laws.h"
#include "text/gpt.h"

/* Of the disk no more than is looked at. */
enum { ENTRIES = 128 * 128, SPARE_END = 66, COPY = 33, HEAD = 72 * GPT_SECTOR };

struct request {
	uint8_t sums; /* 1: they are made right, which a fuzzer cannot */
	uint8_t number;
	uint64_t start, last, sectors;
} __attribute__((packed));

static char head[HEAD], before[HEAD];

static uint64_t get(const char *at, int n)
{
	uint64_t v = 0;

	while (n--)
		v = v << 8 | (uint8_t)at[n];
	return v;
}

static void put_sum(char *at, const char *p, size_t n)
{
	uint32_t v = ~0u;

	for (size_t i = 0; i < n; i++) {
		v ^= (uint8_t)p[i];
		for (int bit = 0; bit < 8; bit++)
			v = v & 1 ? v >> 1 ^ 0xedb88320u : v >> 1;
	}
	v = ~v;
	memcpy(at, &v, 4);
}

static void make_sums(void)
{
	char *header = head + GPT_SECTOR;
	const uint64_t at = get(header + 72, 8), n = get(header + 12, 4);

	if (at > (HEAD - ENTRIES) / GPT_SECTOR || n < 92 || n > GPT_SECTOR)
		return;
	put_sum(header + 88, head + at * GPT_SECTOR, ENTRIES);
	memset(header + 16, 0, 4);
	put_sum(header + 16, header, n);
}

static struct str all(void)
{
	return (struct str){head, HEAD};
}

static void write_sectors(const struct gpt_write *w, size_t n)
{
	memcpy(head + w->sector * GPT_SECTOR, w->data.p, n * GPT_SECTOR);
}

static void check_writes(const struct request *q, const struct gpt_writes *w)
{
	for (size_t i = 0; i < w->n; i++) {
		const uint64_t at = w->v[i].sector, n = w->v[i].data.n / GPT_SECTOR;

		LAW(n && w->v[i].data.n % GPT_SECTOR == 0);
		LAW(at + n <= SPARE_END ||
			(at >= SPARE_END && at >= q->sectors - COPY && at < q->sectors &&
				n <= q->sectors - at));
		if (at >= SPARE_END)
			continue; /* the copy, which nobody reads then */
		write_sectors(&w->v[i], n / 2);
		LAW(gpt_is_whole(all()));
		write_sectors(&w->v[i], n);
		LAW(gpt_is_whole(all()));
	}
	LAW(get(head + (size_t)2 * GPT_SECTOR + (size_t)(q->number - 1) * 128 + 40, 8) ==
		q->last);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gpt_writes w = {0};
	struct err e = {0};
	struct request q;
	int r;

	if (size < sizeof(q))
		return 0;
	memcpy(&q, data, sizeof(q));
	data += sizeof(q);
	size -= sizeof(q);
	memset(head, 0, sizeof(head));
	memcpy(head, data, size < HEAD ? size : HEAD);
	if (q.sums & 1)
		make_sums();
	memcpy(before, head, sizeof(head));
	r = gpt_grow(all(), q.sectors, q.number, q.start, q.last, &w, &e);
	LAW(r == 0 || r == -EINVAL);
	LAW((r < 0) == (e.text[0] != '\0'));
	LAW((r < 0) == (w.n == 0));
	LAW(memcmp(head, before, sizeof(head)) == 0);
	if (r < 0)
		return 0;
	check_writes(&q, &w);
	gpt_writes_done(&w);
	LAW(gpt_grow(all(), q.sectors, q.number, q.start, q.last, &w, &e) == 0);
	gpt_writes_done(&w);
	return 0;
}

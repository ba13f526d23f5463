/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A GUID partition table (UEFI specification, chapter 5), as far as growing a partition needs
 * it. Sectors of 512 bytes.
 *
 * Linux looks at the copy at the disk's end only when told to. So the table at its beginning
 * must be whole at every instant, but its header and its entries are several sectors. The
 * writes of gpt_grow() therefore never touch the entries that the header names: the new ones
 * go to free sectors behind them, one write of one sector turns the header to these, then
 * the same once more, back to where everyone expects them. */
#pragma once

#include "base/err.h"
#include "base/strbuf.h"

enum {
	GPT_SECTOR = 512,
	GPT_HEAD = 1 << 20
}; /* bytes that gpt_grow() wants of the start */

struct gpt_write {
	uint64_t sector;
	struct strbuf data;
};
/* To be done one after the other, each durable before the next is begun. */
struct gpt_writes {
	struct gpt_write v[8];
	size_t n;
};
void gpt_writes_done(struct gpt_writes *w);

/* Partition `number` (from 1), which begins at sector `start`, is to end with sector `last`,
 * and the table to fill the disk of `sectors`. `head`: the disk's first GPT_HEAD bytes.
 * -EINVAL: the table is not whole, not one that is known, has another partition behind this
 * one, or no room for a second list of entries. */
int gpt_grow(struct str head, uint64_t sectors, unsigned number, uint64_t start,
	uint64_t last, struct gpt_writes *ret, struct err *e) must_check;

/* Whether header and entries at the beginning are whole; for tests, too. */
bool gpt_is_whole(struct str head) must_check;
/* The last sector that may be a partition's, of a disk of `sectors`; 0: it is too small. */
uint64_t gpt_last_usable(uint64_t sectors) must_check;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See crc32c.h. Four bytes a step: an initramfs is read whole for its checksum. */
#include "txn/crc32c.h"

#define POLYNOMIAL 0x82f63b78u /* bit-reversed */

static uint32_t table[4][256];

static void fill(void)
{
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t c = i;

		for (int bit = 0; bit < 8; bit++)
			c = c >> 1 ^ (c & 1 ? POLYNOMIAL : 0);
		table[0][i] = c;
	}
	for (int k = 1; k < 4; k++)
		for (uint32_t i = 0; i < 256; i++)
			table[k][i] =
				table[k - 1][i] >> 8 ^ table[0][table[k - 1][i] & 0xff];
}

uint32_t crc32c(uint32_t before, struct str data)
{
	const unsigned char *p = (const unsigned char *)data.p;
	uint32_t c = ~before;
	size_t n = data.n;

	if (!table[0][1])
		fill();
	for (; n >= 4; n -= 4, p += 4) {
		c ^= (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
		     (uint32_t)p[3] << 24;
		c = table[3][c & 0xff] ^ table[2][c >> 8 & 0xff] ^
		    table[1][c >> 16 & 0xff] ^ table[0][c >> 24];
	}
	for (; n; n--, p++)
		c = c >> 8 ^ table[0][(c ^ *p) & 0xff];
	return ~c;
}

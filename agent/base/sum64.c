/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See sum64.h. Eight bytes a step, each of which can be undone: so nothing is lost. */
#include <string.h>

#include "base/sum64.h"

static uint64_t step(uint64_t h, const void *word)
{
	uint64_t w;

	memcpy(&w, word, sizeof(w));
	h = (h ^ w) * 0x9e3779b97f4a7c15u; /* odd */
	return h ^ h >> 32;
}

void sum64_add(struct sum64 *s, struct str bytes)
{
	const char *p = bytes.p;
	size_t n = bytes.n, have = s->n % sizeof(s->part);
	uint64_t h = s->h;

	s->n += n;
	for (; n && have; n--) {
		s->part[have++] = (unsigned char)*p++;
		if (have == sizeof(s->part)) {
			h = step(h, s->part);
			have = 0;
		}
	}
	for (; n >= sizeof(s->part); n -= sizeof(s->part), p += sizeof(s->part))
		h = step(h, p);
	if (n)
		memcpy(s->part, p, n);
	s->h = h;
}

uint64_t sum64_value(const struct sum64 *s)
{
	unsigned char last[sizeof(s->part)] = {0};

	memcpy(last, s->part, s->n % sizeof(s->part));
	return step(step(s->h, last), &s->n);
}

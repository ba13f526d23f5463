/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of the disks that a power cut may leave are tried: all where they are few, else the
 * telling ones and a seeded random choice. */
#pragma once

#include "budget.h"
#include "disk.h"

struct cuts {
	const struct disk *d;
	size_t p;            /* the cut is before this event */
	const void *without; /* no-op fsyncs, or NULL */
	unsigned limit;      /* of disks to try */
	/* Another one; `true`: enough. */
	bool (*each)(void *ctx, const struct strbuf *tree);
	void *ctx;

	unsigned char *fates;
	size_t *open; /* the events that may be lost */
	size_t n_open;
	bool *owed; /* of those: durable but for `without` */
};

static unsigned fates_of(const struct cuts *c, size_t i)
{
	return c->d->events[c->open[i]].kind == EVENT_DATA ? 4 : 2;
}

static bool cuts_try(struct cuts *c)
{
	struct strbuf tree = {0};
	bool enough;

	disk_after_cut(c->d, c->p, c->without, c->fates, &tree);
	enough = c->each(c->ctx, &tree);
	strbuf_done(&tree);
	return enough;
}

static void set_all(struct cuts *c, enum fate owed, enum fate others)
{
	for (size_t i = 0; i < c->n_open; i++)
		c->fates[c->open[i]] = (unsigned char)(c->owed[i] ? owed : others);
}

/* All combinations, as the digits of a number. */
static bool cuts_all(struct cuts *c)
{
	set_all(c, FATE_LOST, FATE_LOST);
	for (;;) {
		size_t i = 0;

		if (cuts_try(c))
			return true;
		while (i < c->n_open && ++c->fates[c->open[i]] == fates_of(c, i))
			c->fates[c->open[i++]] = 0;
		if (i == c->n_open)
			return false;
	}
}

/* One event has another fate than all the others. */
static bool cuts_single(struct cuts *c, bool owed_only)
{
	for (size_t i = 0; i < c->n_open; i++) {
		if (owed_only && !c->owed[i])
			continue;
		for (unsigned fate = 0; fate < fates_of(c, i); fate++) {
			enum fate others = fate == FATE_DONE ? FATE_LOST : FATE_DONE;

			set_all(c, others, others);
			c->fates[c->open[i]] = (unsigned char)fate;
			if (cuts_try(c))
				return true;
		}
	}
	return false;
}

static bool cuts_random(struct cuts *c, unsigned n)
{
	for (; n; n--) {
		/* A file system writes back in order more often than not. */
		const bool in_order = rng(2);
		const size_t lost = rng((unsigned)c->n_open + 1);

		for (size_t i = 0; i < c->n_open; i++) {
			unsigned fate = in_order ? i < lost : rng(fates_of(c, i));

			c->fates[c->open[i]] = (unsigned char)fate;
		}
		if (cuts_try(c))
			return true;
	}
	return false;
}

static bool cuts_few(const struct cuts *c)
{
	unsigned n = 1;

	for (size_t i = 0; i < c->n_open && n <= c->limit; i++)
		n *= fates_of(c, i);
	return n <= c->limit;
}

static bool cuts_chosen(struct cuts *c, bool any_owed)
{
	if (cuts_few(c))
		return cuts_all(c);
	if (any_owed) {
		set_all(c, FATE_LOST, FATE_DONE);
		if (cuts_try(c) || cuts_single(c, true))
			return true;
	}
	set_all(c, FATE_LOST, FATE_LOST);
	if (cuts_try(c))
		return true;
	set_all(c, FATE_DONE, FATE_DONE);
	return cuts_try(c) || cuts_single(c, false) || cuts_random(c, c->limit);
}

/* Tries the disks of a cut before event `p`. With `without`: only where that makes a
 * difference. `true`: it was enough. */
static bool cuts_at(struct cuts *c, size_t p)
{
	bool any = false, enough = false;

	c->p = p;
	c->n_open = 0;
	c->fates = calloc(p + 1, 1);
	c->open = calloc(p + 1, sizeof(*c->open));
	c->owed = calloc(p + 1, sizeof(*c->owed));
	if (!c->fates || !c->open || !c->owed)
		errx(1, "out of memory");
	for (size_t i = 0; i < p; i++) {
		if (c->d->events[i].kind == EVENT_SYNC ||
			disk_durable(c->d, i, p, c->without))
			continue;
		c->owed[c->n_open] = c->without && disk_durable(c->d, i, p, NULL);
		any |= c->owed[c->n_open];
		c->open[c->n_open++] = i;
	}
	if (!c->without || any)
		enough = cuts_chosen(c, any);
	free(c->fates);
	free(c->open);
	free(c->owed);
	return enough;
}

/* The instants that matter: what is lost before any other one may be lost at the next of
 * these as well. */
static bool cuts_matter(const struct disk *d, size_t p)
{
	return p == d->n_events || d->events[p].kind == EVENT_SYNC;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How much is tried of what cannot be tried wholly in every run, and the seed of the choice.
 * XVD2VD_SEED: printed by each test. XVD2VD_CRASH: "all", or how many times the usual. */
#pragma once

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#if defined(__SANITIZE_ADDRESS__)
#define SLOWER 3
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SLOWER 3
#endif
#endif
#ifndef SLOWER
#define SLOWER 1
#endif

static uint64_t rng_state;
static double budget = 1;
static unsigned slower = SLOWER; /* this build; what is tried is divided by it */

static unsigned rng(unsigned below)
{
	rng_state ^= rng_state << 13;
	rng_state ^= rng_state >> 7;
	rng_state ^= rng_state << 17;
	return (unsigned)((rng_state >> 32) % below);
}

/* What `n` of the usual budget is in this run. */
static unsigned limited(unsigned n)
{
	double x = n * budget / slower;

	return x > 1e9 ? 1000000000 : x < 4 ? 4 : (unsigned)x;
}

static void budget_read(void)
{
	const char *seed = getenv("XVD2VD_SEED"), *much = getenv("XVD2VD_CRASH");

	rng_state = seed ? strtoull(seed, NULL, 10) : (uint64_t)time(NULL) * 1000003;
	rng_state = rng_state ? rng_state : 1;
	if (much)
		budget = !strcmp(much, "all") ? 1e9 : strtod(much, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Time as the agent measures it: for deadlines and durations, never the time of day. */
#pragma once

#include <stdint.h>
#include <time.h>

/* Milliseconds of one of the kernel's clocks: CLOCK_MONOTONIC, or CLOCK_BOOTTIME for the time
 * since power-on. */
static inline int64_t clock_ms(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Milliseconds since `from`, which clock_ms(CLOCK_MONOTONIC) gave. */
static inline unsigned clock_since(int64_t from)
{
	return (unsigned)(clock_ms(CLOCK_MONOTONIC) - from);
}

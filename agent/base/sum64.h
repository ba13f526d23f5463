/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A quick checksum of a stream of bytes, to tell whether they are the same again. Two streams
 * that differ in one place only always differ in it; it withstands no one who means harm. The
 * same however the stream is cut into pieces. */
#pragma once

#include "base/str.h"

struct sum64 {
	uint64_t h, n; /* of all whole words; all bytes */
	unsigned char part[8];
};

void sum64_add(struct sum64 *s, struct str bytes);
uint64_t sum64_value(const struct sum64 *s);

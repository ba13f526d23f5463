/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The boot header of an x86 Linux kernel image (Linux, Documentation/arch/x86/boot.rst). */
#pragma once

#include "base/str.h"

/* The header and all of the setup code, in which the version string lies, are within. */
#define BZIMAGE_HEAD ((size_t)64 * 1024)

struct bzimage {
	unsigned protocol;  /* 0x020f is 2.15 */
	struct str release; /* borrowed; "" where the image does not say */
	bool relocatable64; /* has a 64-bit entry point and runs at any address */
	uint64_t length;    /* bytes that the whole file has at least; 0: does not say */
};

/* `head`: the first BZIMAGE_HEAD bytes of the file, or all of it. NULL, or in a few words why
 * it is not a bzImage (nothing is set then). */
const char *bzimage_parse(struct str head, struct bzimage *ret) must_check;

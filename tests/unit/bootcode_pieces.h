/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two pieces of boot code, as far as bootcode_choose() looks at them. */
#pragma once

#include <string.h>

#include "plan/bootcode.h"

#define PIECES_CORE 4 /* sectors */

static inline struct bootcode_pieces make_pieces(void)
{
	static const char list[] = {2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x20, 8};
	static const char hdrs[] = {'H', 'd', 'r', 'S'}, jump[] = {(char)0xeb, 0x63};
	static const char kernel_sector[] = {1, 0, 0, 0, 0, 0, 0, 0, (char)0xff};
	static const char signature[] = {0x55, (char)0xaa};
	static char boot[BOOTCODE_SECTOR], image[(2 + PIECES_CORE) * BOOTCODE_SECTOR];

	memcpy(boot, jump, sizeof(jump));
	memcpy(boot + 0x5c, kernel_sector, sizeof(kernel_sector));
	memcpy(boot + 510, signature, sizeof(signature));
	memcpy(image + 0x202, hdrs, sizeof(hdrs));
	memcpy(image + 1024 + 0x1f4, list, sizeof(list));
	return (struct bootcode_pieces){
		{boot, sizeof(boot)}, {image, sizeof(image)}, false};
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of a folder and of all below it, for those who guard them together. Private to
 * txn/. */
#pragma once

#include "base/strv.h"
#include "sys/root.h"

/* Adds the paths of files and links (not followed), and the bytes of the files. A folder that
 * is not there has none. -E2BIG: too many, or too deep. */
int tree_list(const struct root *r, const char *path, struct strv *ret_paths,
	uint64_t *ret_bytes, struct err *e) must_check;

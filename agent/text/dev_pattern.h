/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Device names inside wildcards and regular expressions, as mdadm.conf and lvm.conf have
 * them: xvda1, xvda*, xvda[0-9]+, xvd*, xvd[a-z], xvd.* (without their "/dev/"). */
#pragma once

#include "text/dev_map.h"

/* Looks at the beginning of `s`, which ends where the pattern ends. True if something is
 * to be replaced: *ret_range (from the beginning of `s` on) by what was added to `out`.
 *
 * - A mapped device or disk gets its new name; what follows stays.
 * - A family (xvd, sd, hd without a disk's letters) becomes that of the first renamed
 *   device of the family.
 *
 * `widen` is NULL, or for patterns that let devices in, where it is better to look at
 * more disks than to miss the one with the data: a disk that the map knows partitions of
 * only becomes the family with `widen` ("*" for wildcards, "" for regular expressions)
 * in place of its tail, and the letters of a family, [bc], become [a-z]. */
bool dev_pattern_rename(const struct dev_map *map, struct str s, const char *widen,
	struct str *ret_range, struct strbuf *out);

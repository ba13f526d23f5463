/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The map from old device names to new ones, as the editors use it. Borrowed; built by
 * plan/. */
#pragma once

#include "base/strbuf.h"

struct dev_rename {
	const char *from; /* "/dev/xvda1" */
	const char *to;   /* "/dev/vda"; NULL: the disk is gone */
	const char *spec; /* what fstab is to say instead of `to` ("UUID=..."), or NULL */
	bool parts;       /* a disk with a partition table: from5 becomes to5 as well */
};

struct dev_map {
	const struct dev_rename *v;
	size_t n;
};

enum dev_fate {
	DEV_KEPT,    /* not in the map */
	DEV_RENAMED, /* the new name was added to the buffer */
	DEV_GONE,
};

/* What becomes of `name`. An exact row wins over a row with `parts`. Adds the new name to
 * `out` only for DEV_RENAMED; `out` may be NULL. */
enum dev_fate dev_map_find(
	const struct dev_map *map, struct str name, struct strbuf *out);

/* As dev_map_find(), but prefers the row's `spec`. For files read by mount(8). */
enum dev_fate dev_map_find_spec(
	const struct dev_map *map, struct str name, struct strbuf *out);

/* A name of a disk or partition of a Xen guest's: /dev/ (xvd | sd | hd) letters [digits]; or, of one
 * that Xen emulates, a link of udev's made from what its hardware says or where that is plugged in:
 * /dev/disk/by-id/ata-QEMU_HARDDISK_QM00001[-partN]. */
struct dev_name {
	struct str prefix;  /* "xvd"; "disk/by-id/ata-" */
	struct str letters; /* "a", "aa"; "QEMU_HARDDISK_QM00001" */
	struct str number;  /* "1", or empty */
	struct str disk;    /* "/dev/xvda": the name without its number */
	bool is_link;
};
bool dev_name_parse(struct str name, struct dev_name *ret);
/* The name that `s` may begin with, as long as it goes on; 0 where it does not. */
size_t dev_name_length(struct str s);
/* By prefix, letters (z before aa) and number. */
int dev_name_cmp(const struct dev_name *a, const struct dev_name *b);

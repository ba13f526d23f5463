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

/* A name that Xen gives a disk or partition: /dev/ (xvd | sd | hd) letters [digits]. */
struct dev_name {
	struct str prefix;  /* "xvd" */
	struct str letters; /* "a", "aa" */
	struct str number;  /* "1", or empty */
	struct str disk;    /* "/dev/xvda": the name without its number */
};
bool dev_name_parse(struct str name, struct dev_name *ret);
/* 0 for a, 25 for z, 26 for aa. */
unsigned dev_name_index(struct str letters);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The script for nash that Red Hat's mkinitrd, up to EL 5's 5.1.19, makes the /init of its
 * images: a command a line, words between blanks, double quotes around some. */
#pragma once

#include "base/err.h"
#include "base/strv.h"
#include "text/dev_map.h"

/* True if a line `insmod PATH` names the module. */
bool nash_init_loads(struct str in, const char *driver);

struct nash_edit {
	const struct strv *modules; /* paths in the image, in the order to be loaded */
	const struct dev_map *map;  /* for mkrootdev and resume, with or without /dev/ */
};
/* Loads the modules before the first that it loads, or else before it makes the root device
 * (-EINVAL: it does neither), and makes nodes of the disks that then come; renames the root
 * and the disk to resume from; the line of one that is gone is removed. */
int nash_init_edit(struct str in, const struct nash_edit *req, struct strbuf *ret_out,
	struct err *e) must_check;

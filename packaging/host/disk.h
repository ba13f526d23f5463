/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A disk image: where it is and what format it has. */
#pragma once

#include "base/err.h"
#include "base/str.h"

struct disk {
	char *path;     /* absolute */
	char *format;   /* as QEMU's -blockdev names it */
	bool is_device; /* a block device rather than a file */
};

void disk_done(struct disk *d);

/* Finds and probes it with `qemu_img`. `format`: given by the operator, or NULL to probe.
 * *ret owns its strings. */
int disk_open(const char *qemu_img, const char *path, const char *format,
	struct disk *ret, struct err *e) must_check;

/* Pure: the format in what `qemu-img info --output=json` printed. Freed by the caller. */
int disk_format_of(struct str info, char **ret, struct err *e) must_check;
/* Pure: a format this launcher starts a guest from. */
bool disk_format_known(const char *format);

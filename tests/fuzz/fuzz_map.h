/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The request that the fuzz targets of the renaming editors make: every kind of row, and
 * no swap, so that a second run has nothing to do. */
#pragma once

#include "text/cmdline.h"

static inline const struct dev_map *fuzz_map(void)
{
	static const struct dev_rename rows[] = {
		{.from = "/dev/xvda", .to = "/dev/vda", .parts = true},
		{.from = "/dev/xvda2", .to = "/dev/vdc", .spec = "UUID=12-34"},
		{.from = "/dev/xvdb1", .to = NULL},
		{.from = "/dev/sda", .to = "/dev/nvme0n1", .parts = true},
		{.from = "/dev/hda1", .to = "/dev/vdd", .parts = true},
	};
	static const struct dev_map map = {rows, ARRAY_SIZE(rows)};

	return &map;
}

static inline const struct cmdline_edit *fuzz_cmdline(void)
{
	static struct cmdline_edit req = {.console = "ttyS0", .drop_xen = true};

	req.map = fuzz_map();
	return &req;
}

static inline const struct cmdline_edit *fuzz_no_cmdline(void)
{
	static const struct cmdline_edit req = {0};

	return &req;
}

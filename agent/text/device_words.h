/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files in which a device is a word at the start of an active line: smartd.conf(5)
 * ("/dev/xvda -a"), hdparm.conf(5) ("/dev/xvda {"), sdparm, raw devices. */
#pragma once

#include "base/err.h"
#include "text/dev_map.h"

int device_words_rename(struct str in, const struct dev_map *map, struct strbuf *ret_out,
	struct err *e) must_check;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel says of a block device while something is done to it, /dev/kmsg. */
#pragma once

#include "base/strbuf.h"

/* From now on; -1 where the log is not ours to read. Closed with close(2). */
int kmsg_open(void) must_check;
/* Adds the messages since then that name the device ("/dev/vda1", also a link or a node of
 * device mapper's), one a line. */
void kmsg_about(int fd, const char *device, struct strbuf *ret);

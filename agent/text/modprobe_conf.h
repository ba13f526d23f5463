/* SPDX-License-Identifier: GPL-2.0-or-later */
/* modprobe.conf(5), modprobe.d(5): aliases of the days when a driver was found by the name of
 * its interface. */
#pragma once

#include "base/err.h"
#include "base/strbuf.h"

/* `alias NAME DRIVER` with a driver of Xen's (eth0 xennet, scsi_hostadapter xenblk) gets
 * virtio's: mkinitrd of EL5 reads there what it puts into the initrd, and stops at a module
 * that the kernel does not have. 0 same, 1 changed, -ENOMEM. */
int modprobe_conf_virtio(struct str in, struct strbuf *ret_out, struct err *e) must_check;

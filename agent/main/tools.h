/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the common path does not need, and therefore is not paid for there: the tools for
 * LVM, md and other file systems, their modules, and udevd. Made ready on first use. */
#pragma once

#include "sys/modload.h"

/* Remembers the module loader (borrowed) and takes over probe_prepare. */
void tools_init(struct modload *m);
/* For probe_prepare: what a file system or a member of a volume needs. */
int tools_prepare(const char *type, struct err *e) must_check;
/* Unpacks the tools archive over the rescue system; once. */
int tools_unpack(struct err *e) must_check;
/* Starts systemd-udevd, and waits until it has made its links (/dev/disk/by-uuid) for all
 * disks. For programs of the guest's and the support shell. Once. */
int tools_udevd(struct err *e) must_check;

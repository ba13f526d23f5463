/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The programs of the rescue system that the agent stands on: udevd, and what the common path
 * does not need and therefore does not pay for: the tools for LVM, md and other file systems
 * with their modules, made ready on first use. */
#pragma once

#include "sys/modload.h"

/* Remembers the module loader (borrowed) and takes over probe_prepare. */
void tools_init(struct modload *m);
/* For probe_prepare: what a file system or a member of a volume needs. */
int tools_prepare(const char *type, struct err *e) must_check;
/* Unpacks the tools archive over the rescue system; once. */
int tools_unpack(struct err *e) must_check;
/* Starts systemd-udevd, once, and waits until it is done with all disks and has made its links
 * (/dev/disk/by-uuid). Nothing to do where the system has none (injected elsewhere). */
int tools_udevd(struct err *e) must_check;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What findroot.c and mountguest.c share. */
#pragma once

#include "probe/probe.h"

/* Asks probe_prepare, where it is set. */
int probe_ask_prepare(const char *type, struct err *e) must_check;
/* What a look has forbidden. */
int probe_allow_writes(const struct device *d, struct err *e) must_check;

/* Mounts a device at `target` such that a root that it holds lies there: on btrfs the
 * default subvolume, else one of those that installers make. 1: there is a root, 0: mounted,
 * but there is none. `checks`: NULL: not asked for. */
int probe_mount_root(const struct device *d, const char *target, enum probe_mount how,
	struct fs_checks *checks, struct err *e) must_check;

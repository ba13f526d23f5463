/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which file systems make up a guest's tree, as far as a repair reaches: /, and by its fstab
 * /boot, /usr, /var and what of them lies on file systems of its own. Pure. */
#pragma once

#include "guest/machine.h"

struct guest_mount {
	const struct device *device; /* borrowed from the machine */
	char *target;                /* "/boot" */
	char *options;               /* "subvol=@boot"; "" for most */
};
struct guest_mounts {
	struct guest_mount *v; /* in the order to mount them; without / */
	size_t n;
};
void guest_mounts_done(struct guest_mounts *l);

/* `fstab`: its bytes. `root`: the device that holds it. `map`: the option map=, or "".
 * A name that Xen gave is found by: the option; the machine, where it has this name or UUID;
 * the only other file system that was last mounted there; the partition of the same number on
 * the root's disk (of a volume: the one disk whose partitions it lies on). -ENODEV: none of these, and the text says what would decide it. */
int guest_mounts_find(struct str fstab, const struct machine *m,
	const struct device *root, const char *map, struct guest_mounts *ret,
	struct err *e) must_check;

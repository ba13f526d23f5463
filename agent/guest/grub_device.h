/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Disks as GRUB names them: "hd0" is the first that the BIOS has. For kvm-pvgrub.img a disk
 * without a table is its own partition as well (docs/PVGRUB.md). Pure. */
#pragma once

#include "guest/guest.h"

/* GRUB 2's "hd0", "hd0,msdos1", "hd0,1", "lvm/vg-lv", "md/0"; a volume by an id that only GRUB
 * knows ("lvmid/...") is taken for the one that holds /boot. NULL: GRUB would not find it. */
const struct device *grub_device_find(
	const struct machine *m, const struct guest *g, struct str name);
/* The name of a device as above; nothing is added where it has none. */
void grub_device_name(
	const struct machine *m, const struct device *d, struct strbuf *out);
/* GRUB legacy's "(hd0)", "(hd0,0)": partitions count from 0. */
const struct device *grub_device_find_legacy(
	const struct machine *m, const struct guest *g, struct str name);
/* False for swap and parts of volumes: they have an id, but nothing that GRUB reads. */
bool grub_device_has_files(const struct device *d);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks, and decides nothing: fills the snapshot of a guest's tree and the description of
 * this machine. */
#pragma once

#include "guest/machine.h"
#include "guest/snapshot.h"
#include "sys/root.h"

/* Reads what guest/files.c lists. Trouble with a single file (too large, a fifo, a link out of
 * the tree, an initramfs cut short) is noted in its entry, not an error. At most 64 MiB of
 * content in all. */
int probe_snapshot(const struct root *r, struct snapshot *ret, struct err *e) must_check;

/* This machine's disks, what lies on them, its network cards, its firmware. `root` stays "". */
int probe_machine(struct machine *ret, struct err *e) must_check;

/* Mounts file systems one after the other, read-only, below `scratch` until one holds
 * /etc/fstab and /sbin/init (or /lib/systemd/systemd, /bin/sh), and puts its path into m->root.
 * Assembles LVM and md first where a disk holds them (lvm, mdadm of the rescue system).
 * `wanted`: the option root= ("" : find it). Two such file systems: m->root stays "" and
 * -EUSERS names both and says that root= decides. -ENOENT: none. */
int probe_find_root(struct machine *m, const char *wanted, const char *scratch,
	struct err *e) must_check;

/* Mounts the guest's root at `target` read-write (or not), then, by its fstab, /boot, /usr,
 * /var and what lies below them, names that Xen gave resolved as `resolve` answers (a device
 * path to mount, or NULL). */
int probe_mount_guest(const struct machine *m, const char *target, bool readonly,
	struct err *e) must_check;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks, and decides nothing: fills the snapshot of a guest's tree and the description of
 * this machine, and mounts the guest's file systems where they can be looked at. */
#pragma once

#include "guest/filesystems.h"
#include "guest/machine.h"
#include "guest/snapshot.h"
#include "sys/root.h"

/* Reads what guest/files.c lists. Trouble with a single file (too large, a fifo, an initramfs
 * cut short) is noted in its entry, not an error. At most 64 MiB of content in all. The file
 * behind a link is an entry of its own; archives and kernels have the path of their file's
 * entry. */
int probe_snapshot(const struct root *r, struct snapshot *ret, struct err *e) must_check;
/* The same, of a guest that was looked at before: archives in `known` that are as they were,
 * or have grown at their end, are not unpacked again as far as they are the same. */
int probe_snapshot_again(const struct root *r, const struct snapshot *known,
	struct snapshot *ret, struct err *e) must_check;

/* What holds packages of ours, and our CD. */
#define PROBE_MEDIUM_LABEL "XVD2VD"

/* This machine's disks, what lies on them, its network cards, its firmware. `root` stays "".
 * Each device is probed once; one that cannot be read has type "". */
int probe_machine(struct machine *ret, struct err *e) must_check;
/* Adds the volumes that have come since; those that are known stay where they are in their
 * order. Pointers into m->volumes are no longer valid. */
int probe_volumes(struct machine *m, struct err *e) must_check;

/* Asked before something is used that a small rescue system must unpack or load first: a
 * type of sys/blk.h ("xfs", "LVM2_member"). NULL: all is there. */
extern int (*probe_prepare)(const char *type, struct err *e);

/* Mounts file systems one after the other, read-only and without replaying their journals,
 * below `scratch` until all were looked at for /etc/fstab and an init (/sbin/init,
 * /lib/systemd/systemd, /bin/sh), and puts the path of the one that has both into m->root.
 * Assembles LVM and md first where a disk holds parts of volumes that are not there (lvm,
 * mdadm of the rescue system), and adds them to `m`.
 * `wanted`: the option root= ("" : find it). Two such file systems: m->root stays "" and
 * -EUSERS names both and says that root= decides. -ENOENT: none; -EUCLEAN: none, but there is
 * a damaged one. */
int probe_find_root(struct machine *m, const char *wanted, const char *scratch,
	struct err *e) must_check;

enum probe_mount {
	PROBE_WRITE,   /* read-write; what needs a check first gets it */
	PROBE_LOOK,    /* read-only, no journal replayed: nothing is written */
	PROBE_SWITCH,  /* read-only for an init that mounts it read-write later */
	PROBE_REMOUNT, /* probe_mount_writable()'s own */
};

/* Mounts the guest's root (m->root) at `target`, then what its fstab mounts on /usr, /var and
 * /boot (see guest/mounts.h, also for `map`, the option of that name, and -ENODEV). `checks`
 * tells of file systems that were checked, also where that went wrong (-EUCLEAN, see
 * fscheck.h), or, with PROBE_LOOK, that should be. On failure nothing stays mounted. */
int probe_mount_guest(const struct machine *m, const char *map, const char *target,
	enum probe_mount how, struct fs_checks *checks, struct err *e) must_check;
/* What was mounted for a look (and is not in use) becomes writable: as it lies there, with what
 * the kernel has read of it; or, where `checks` tell that it is to be checked or its journal to
 * be replayed, mounted anew with PROBE_WRITE, and `checks` then tell of that. */
int probe_mount_writable(const struct machine *m, const char *map, const char *target,
	struct fs_checks *checks, struct err *e) must_check;
/* Unmounts it all. Devices take writes again that looks have forbidden. */
int probe_release(const struct machine *m, const char *target, struct err *e) must_check;

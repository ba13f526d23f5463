/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Block and network devices of this machine, through libudev (blockdev*.c are the only files
 * that include libudev.h). Facts only. */
#pragma once

#include "base/err.h"
#include "base/strbuf.h"

struct blockdev {
	char *name;           /* "vda", "vda1", "mapper/vg0-root" (below /dev) */
	char *parent;         /* "vda" for a partition; NULL for others */
	char *serial;         /* sysfs serial; "" where there is none */
	uint64_t size, start; /* bytes; start of a partition */
	unsigned number;      /* partition number, 0 for a disk */
	bool removable, readonly, optical, volume; /* volume: device mapper or md */
	char **on; /* names a volume lies on, NULL-terminated; NULL if none */
};
struct netdev {
	char *name, *mac, *driver;
};
struct blockdevs {
	struct blockdev *v;
	size_t n;
	struct netdev *nets;
	size_t n_nets;
};
void blockdevs_done(struct blockdevs *b);

/* What is there now, in order: disks by name (vda, vdb, ... vdaa), each with its partitions,
 * then volumes. Loop, ram, zram and floppy drives and what has no size are left
 * out. Needs /sys, but no udevd. */
int blockdev_list(struct blockdevs *ret, struct err *e) must_check;

/* Starts listening (call before blockdev_trigger()): to udevd's events when it runs, else
 * to the kernel's. */
struct blockdev_watch;
int blockdev_watch_new(struct blockdev_watch **ret, struct err *e) must_check;
void blockdev_watch_free(struct blockdev_watch *w);
/* Asks the kernel to announce the devices of these subsystems again (udevadm trigger). */
int blockdev_trigger(const char *const *subsystems, struct err *e) must_check;
/* Waits until at least one disk is there and udevd, if it runs, is done with all of them and
 * its queue is empty: 1; 0 when `timeout_ms` passed without a disk (with one: 1, what udevd
 * left undone notwithstanding). Waits on events, never sleeps. */
int blockdev_wait(
	struct blockdev_watch *w, unsigned timeout_ms, struct err *e) must_check;

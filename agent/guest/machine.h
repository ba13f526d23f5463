/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The target machine: its disks, what lies on them, its network cards. What `xvd2vd scan
 * --json` prints and `--disks` reads. Owns everything; strings are never NULL. */
#pragma once

#include "base/err.h"
#include "base/strbuf.h"
#include "base/strv.h"

/* A disk, a partition of a disk, or a volume (device mapper, md). */
struct device {
	char *name;           /* below /dev: "vda", "vda1", "mapper/vg0-root" */
	uint64_t size, start; /* bytes */
	uint64_t fs_size; /* of the file system on it (ext only), bytes; 0: not known */
	unsigned number;  /* of a partition, else 0 */
	char *serial, *table, *boot_code; /* of a disk: see sys/blk.h */
	char *type, *uuid, *label, *partuuid, *partlabel, *last_mounted;
	struct strv on; /* of a volume: the devices it lies on */
	size_t disk; /* index of the disk (its own, or its parent's) in machine.disks */
};

struct machine {
	struct device *disks, *parts, *volumes; /* parts in the order of their disks */
	size_t n_disks, n_parts, n_volumes;
	/* What holds packages of ours, by its label XVD2VD: none of the guest's; NULL. */
	struct device *medium;
	struct strv
		in_use;   /* disks of the system we run in: none of the guest's either */
	bool has_payload; /* packages for this guest came along with us */
	struct netcard {
		char *name, *mac, *driver;
	} * nets;
	size_t n_nets;
	char *root;     /* "/dev/vda1"; "" where not known */
	char *firmware; /* "bios", "efi" */
};

void machine_done(struct machine *m);
void device_done(struct device *d);

/* Takes a disk away, with its partitions and the volumes on it; its name goes to `in_use`.
 * Pointers to devices are no longer valid. */
int machine_leave_out(struct machine *m, size_t disk) must_check;

/* Reads the JSON object; unknown keys are passed over, wrong types and absurd counts are
 * refused (-EINVAL). At most 1 MiB. */
int machine_parse(struct str json, struct machine *ret, struct err *e) must_check;

/* The disk that firmware starts from: the first that has boot code; NULL where none has. */
const struct device *machine_boot_disk(const struct machine *m);

/* The device of a name below /dev ("vda1") or a path ("/dev/vda1"), or NULL. */
const struct device *machine_device(const struct machine *m, struct str name);
/* The device that a fstab spec or root= value means: /dev/..., UUID=, LABEL=, PARTUUID=,
 * PARTLABEL=, /dev/disk/by-uuid/... (quotes allowed); NULL where there is none. */
const struct device *machine_resolve(const struct machine *m, struct str spec);
/* True for a spec that names a block device at all (as opposed to proc, tmpfs, nfs). */
bool spec_is_device(struct str spec);
/* True where it says what the device holds (UUID=, LABEL=, /dev/disk/by-uuid/...), not where the
 * device was: nothing but the map can tell what has become of a name. */
bool spec_is_content(struct str spec);
/* The spec without quotes (UUID="x" gives UUID=x), in fresh memory; NULL: none left. */
char *spec_plain(struct str spec) must_check;
/* The n-th device of all: disks, partitions, volumes; NULL past the end. */
const struct device *machine_any(const struct machine *m, size_t n);
/* The n-th device that can hold a file system: unpartitioned disks, partitions, volumes; NULL
 * past the end. */
const struct device *machine_target(const struct machine *m, size_t n);

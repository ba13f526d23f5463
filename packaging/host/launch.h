/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the launcher was asked for; and doing it with disks: find the parts, run the machine,
 * show and keep the report. */
#pragma once

#include "base/err.h"
#include "base/strv.h"
#include "host/disk.h"
#include "host/qemu.h"

struct launch {
	const char *rescue, *report, *log, *mac, *qemu, *qemu_img;
	struct strv settings;
	struct disk disks[QEMU_DISKS_MAX];
	const char *paths[QEMU_DISKS_MAX], *formats[QEMU_DISKS_MAX];
	size_t n_disks;
	uint64_t timeout_s, memory_mb;
	enum accel accel;
	bool network, utf8, quiet;
	/* libvirt domains instead of disks, see fleet.h */
	const char *connect;          /* URI; NULL: libvirt's default */
	const char *domain, *pattern; /* one by its name, or all that match */
	const char *reports;          /* a folder: NAME.json for each of many */
	uint64_t jobs;                /* at once */
	bool start;                   /* what was repaired */
	bool again;                   /* also what was repaired before */
};

void launch_done(struct launch *c);

/* The status to exit with; a negative errno when nothing was started, or (-EINTR) a signal
 * came first. */
int launch_run(struct launch *c, struct err *e) must_check;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line of QEMU. Pure: what is wanted in, an argv out; no shell ever sees it. */
#pragma once

#include "base/err.h"
#include "base/strv.h"
#include "host/disk.h"

enum {
	/* Slots of the PCI bus. The kernel names virtio disks in the order of their slots,
	 * whatever the order of the command line. */
	QEMU_SLOT_SERIAL = 3,
	QEMU_SLOT_NET = 4,
	QEMU_SLOT_DISK = 5,
	QEMU_DISKS_MAX = 26,
};

enum accel {
	ACCEL_AUTO,
	ACCEL_KVM,
	ACCEL_TCG,
};

struct qemu {
	const char *program;
	enum accel accel; /* not ACCEL_AUTO */
	unsigned memory_mb;
	const char *kernel, *initrd; /* initrd NULL: none */
	const char *cmdline;
	const struct disk *disks;
	size_t n_disks;
	bool network;
	const char *mac; /* NULL: QEMU's choice */
	int serial_fd;   /* a connected stream socket: the serial console */
	int port_fd;     /* likewise: the port org.xvd2vd.report; < 0: no port */
	int options_fd;  /* readable: the content of the fw_cfg file; < 0: none */
};

int qemu_argv(const struct qemu *q, struct strv *ret, struct err *e) must_check;

/* Six pairs of hex digits with colons between, not a multicast address. */
bool qemu_mac_ok(const char *mac);

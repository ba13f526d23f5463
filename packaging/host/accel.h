/* SPDX-License-Identifier: GPL-2.0-or-later */
/* KVM or software emulation: found out by booting. */
#pragma once

#include "base/err.h"
#include "host/qemu.h"

/* KVM where `program` boots `kernel` with it to its end within some seconds, else software
 * emulation: /dev/kvm may be there and yet not run an ordinary kernel, or run it slower
 * than emulation does. The answer is kept until the host reboots, in $XDG_RUNTIME_DIR, or
 * /run for root. -EINTR where a signal stopped the probe. */
int accel_probe(const char *program, const char *kernel, enum accel *ret,
	struct err *e) must_check;

/* Pure. The console shows that the kernel came as far as it gets without a root. */
bool accel_kernel_ran(struct str console);
/* Pure. Reads a kept answer ("BOOT-ID ANSWER PROGRAM\n"); false where it is none, or one of
 * another boot or another QEMU. */
bool accel_kept(
	struct str line, struct str boot_id, const char *program, enum accel *ret);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a run ends. */
#pragma once

#include "base/err.h"

enum power { POWER_REBOOT, POWER_OFF };
/* sync, then reboot(2). Returns only where that failed. */
int power_do(enum power how, struct err *e) must_check;
/* In a systemd system: asks logind/systemd over D-Bus (sd-bus) instead. */
int power_ask_systemd(enum power how, struct err *e) must_check;
/* Loads kernel and initramfs and starts them; `cmdline` as is. */
int power_kexec(const char *kernel, const char *initrd, const char *cmdline,
	struct err *e) must_check;

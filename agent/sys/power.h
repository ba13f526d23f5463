/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a run ends. */
#pragma once

#include "base/err.h"

enum power { POWER_REBOOT, POWER_OFF };
/* sync, then reboot(2). Returns only where that failed. */
int power_do(enum power how, struct err *e) must_check;
/* As a program of a system that others run: asks its init for it, by the program that it has for
 * that. systemd's speaks D-Bus with logind, or where there is no bus with systemd itself. 0: it is
 * on its way, the caller should end. */
int power_ask(enum power how, struct err *e) must_check;
/* Loads kernel and initramfs (may be NULL) and starts them; `cmdline` as is. By
 * kexec_file_load(2), or kexec-tools for kernels which that does not take. Paths are opened
 * as they are: those of a guest's must have been resolved inside it before. File systems must
 * be unmounted by the caller. Returns only where it failed. */
int power_kexec(const char *kernel, const char *initrd, const char *cmdline,
	struct err *e) must_check;

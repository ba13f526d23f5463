/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of a run, from one table: command line (--set), kernel command line, SMBIOS and
 * fw_cfg all end here. */
#pragma once

#include "base/err.h"
#include "base/str.h"

enum mode { MODE_AUTO, MODE_PLAN, MODE_VERIFY, MODE_UNDO, MODE_SHELL, MODE_BOOT };
enum finish {
	FINISH_REBOOT,
	FINISH_POWEROFF,
	FINISH_KEXEC,
	FINISH_SHELL,
	FINISH_EJECT /* of the CD: main/finish.c */
};
enum fstab_style { FSTAB_DEVICE, FSTAB_UUID };
enum swap_policy { SWAP_REMOVE, SWAP_KEEP };
enum initrd_policy { INITRD_AUTO, INITRD_GRAFT, INITRD_REBUILD };
enum boot_policy { BOOT_AUTO, BOOT_HOST, BOOT_SELF };
enum packages { PACKAGES_AUTO, PACKAGES_OFFLINE, PACKAGES_OFF };
/* force: also what was changed since; packages: also those that were installed; all: both */
enum undo_policy { UNDO_SAFE, UNDO_FORCE, UNDO_PACKAGES, UNDO_ALL };
enum yes_no { NO, YES };

struct options {
	int mode, finish, on_fail; /* on_fail: enum finish, SHELL first */
	int fstab, swap, initrd, boot, packages, ext4, grow, undo;
	char console[32]; /* "ttyS0"; "keep" */
	char map[512];    /* "xvda2:vda,xvda1:none" */
	char root[256];   /* "/dev/vda1", "UUID=..." */
};

void options_init(struct options *o);
/* "KEY=VALUE". -EINVAL: the text lists the keys or values that there are. */
int options_set(struct options *o, struct str assignment, struct err *e) must_check;
const char *options_mode_name(const struct options *o);

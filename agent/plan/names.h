/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every old device name that the guest's files use, and where. */
#pragma once

#include "plan/plan.h"

struct name_use {
	char *name;       /* "/dev/xvda2" */
	struct strv uses; /* "fstab:/", "fstab:swap", "cmdline:root", "device.map", ... */
	char *mount;      /* where fstab mounts it; NULL */
	char *vfstype;    /* as fstab says; NULL */
	const char *content; /* what else must lie there: "crypto_LUKS"; NULL */
	bool swap;           /* a swap line, or only resumed from */
	bool needed; /* a boot would miss it: in fstab, crypttab or on a kernel line */
};
struct names {
	struct name_use *v; /* sorted: by prefix, letters (z before aa), number */
	size_t n;
};

int names_collect(
	const struct plan_input *in, struct names *ret, struct err *e) must_check;
/* What the guest resumes from, as written: resume= of its menu and of default/grub, RESUME= of
 * initramfs-tools, both of the images that are there. */
int names_resumed(
	const struct plan_input *in, struct strv *ret, struct err *e) must_check;
void names_done(struct names *n);
const struct name_use *names_find(const struct names *n, struct str name);

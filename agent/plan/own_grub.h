/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest's own GRUB 2 as what boot=self makes boot code of: its grub-install puts images and
 * modules into /boot and writes no sector; the sectors are ours to write (plan/bootcode.h). */
#pragma once

#include "plan/plan.h"

struct own_grub {
	const char *program; /* "/usr/sbin/grub-install" */
	const char *config;  /* the menu that it looks for when it starts */
	const char *folder;  /* all that it writes into, with '/' at the end */
	const char *images;  /* boot.img and core.img, once it has run */
};

/* NULL: it is not there, or may not or cannot be used here. */
const struct own_grub *own_grub_find(const struct plan_input *in);
/* The step that runs it, and that which puts its core on `disk`. */
int own_grub_install(const struct own_grub *own, const struct device *disk,
	struct plan *p, struct err *e) must_check;
/* True where one of these, or what they made of the disk, is in the way of the plan. */
bool own_grub_failed(const struct plan *p, const char *check);

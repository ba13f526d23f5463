/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An initramfs made anew by the guest's own tool, in its tree. */
#pragma once

#include "plan/plan.h"

struct rebuild_tool {
	enum initramfs_flavour makes;
	const char *programs[3]; /* any of these */
	const char *marker;      /* must be there too; NULL */
	const char *since;       /* DRACUT_VERSION; NULL */
	const char *argv[10];
};
extern const struct rebuild_tool rebuild_tools[];
extern const size_t n_rebuild_tools;

/* The command for a person and as argv, for the tool that made the image, else for the one that
 * the guest has. 1, 0: it has none that can be told what to put in, -ENOMEM. */
int rebuild_command(const struct plan_input *in, const struct kernel *k, struct strv *ret,
	struct err *e) must_check;
/* Adds the step; where no program of the guest's may run, what is pending. */
int rebuild_plan(const struct plan_input *in, const struct kernel *k,
	const struct strv *command, struct plan *p, struct err *e) must_check;

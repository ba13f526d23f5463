/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packages that a guest lacks, installed by its own package tool. */
#pragma once

#include "plan/plan.h"

/* Where the guest's package tool finds a payload while it runs: sources.list, payload/,
 * lists/; and what apply/shield.h gives it. A folder that each guest has, and that is empty. */
#define PACKAGES_PAYLOAD "/mnt"

struct wanted_package {
	const char *id;   /* of the steps */
	const char *name; /* of the package */
	const char *why;  /* what for: "so that ..." */
	bool needed;      /* the guest does not boot without it */
};
/* How a person would install one; NULL: that family's tool is not known. */
const char *plan_install_by_hand(enum family family);
/* Whether a repair, or the guest's first start, installs some there. */
bool plan_installs(enum family family);
/* Whether this run may start the guest's package tool, and there is a source for it. */
bool plan_can_install(const struct plan_input *in);
/* Plans to install it. Where that cannot be, and later where it fails, it is pending, and of
 * plan.to_install where the guest can do it itself; but one that is needed fails the run, and is not
 * to be asked for where it cannot be. 0 or -ENOMEM. */
int plan_install(const struct plan_input *in, struct plan *p,
	const struct wanted_package *w, struct err *e) must_check;
/* For a shell in the guest: lines that install plan.to_install, with `otherwise` behind each that
 * must succeed. 0 or -ENOMEM. */
int plan_install_script(const struct guest *g, const struct strv *names,
	const char *otherwise, struct strbuf *ret) must_check;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A script of ours in the guest, run by its init at each start until it has done its work: then
 * it removes itself and what calls it. Everything is a new file of its own, so that an undo is
 * the same before and after: both find nothing to put back but absence. */
#pragma once

#include "plan/plan.h"

#define START_HOOK_STATE "/var/lib/xvd2vd"

struct start_hook {
	const char *name;      /* of the script in START_HOOK_STATE, and of its steps */
	const char *what;      /* for a person: "Note that ..." */
	const char *note;      /* of the script's step */
	const char *otherwise; /* for the warning where it cannot be placed */
	bool slow;             /* it may take minutes: no start waits for it */
};

/* The end of each such script: "rm -f", all that may call it, and itself; more names may follow
 * on the line. */
void start_hook_removal(const struct start_hook *h, struct strbuf *ret);

/* Plans the script (taken from *script), and what calls it in this guest. Where that cannot be
 * it is a warning. 0 or -ENOMEM. */
int start_hook_plan(const struct plan_input *in, struct plan *p,
	const struct start_hook *h, struct strbuf *script, struct err *e) must_check;

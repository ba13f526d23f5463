/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Would this guest boot here? A rehearsal over a snapshot, step by step as firmware, boot
 * loader, kernel and init would come to it. Each check says what it looked at. */
#pragma once

#include "guest/guest.h"
#include "plan/options.h"

struct check {
	const char *id; /* one of those that docs/REPAIRS.md lists */
	bool ok;
	char *detail;
};
struct verdict {
	bool bootable; /* all checks hold */
	struct check *v;
	size_t n;
};

/* 0 with the verdict, or -ENOMEM. */
int verify_guest(const struct snapshot *snap, const struct machine *m,
	const struct guest *g, const struct options *o, struct verdict *ret,
	struct err *e) must_check;
void verdict_done(struct verdict *v);

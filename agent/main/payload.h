/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packages that came along with the rescue system, for a machine without a way to the guest's
 * repositories: a folder "debian-12-x86_64" in /payload of the rescue system or of a disk with
 * the label XVD2VD. packaging/payload/make makes it. */
#pragma once

#include "guest/guest.h"
#include "guest/machine.h"

struct payload {
	char dir[128]; /* "": none */
	bool mounted, staged;
};

/* Whether there is one for this guest; looks at names alone. */
bool payload_find(const struct machine *m, const struct guest *g, struct payload *p);
/* Checks each of its files against its manifest, once, and lays it where the guest's programs
 * see it (plan/packages.h). -EBADMSG: damaged. */
int payload_stage(struct payload *p, struct err *e) must_check;
void payload_done(struct payload *p);

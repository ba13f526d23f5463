/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The network interfaces that the guest configures by name, and whether a name holds here. */
#pragma once

#include "guest/snapshot.h"

/* Their names, sorted. 0 or -ENOMEM. */
int network_names(
	const struct snapshot *snap, struct strv *ret, struct err *e) must_check;
/* True if a rule or .link file of the guest's gives this card that name. */
bool network_is_pinned(const struct snapshot *snap, const char *mac, const char *name);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the guest reaches its network, for programs of its own that need it while it is being
 * repaired. */
#pragma once

#include "guest/snapshot.h"
#include "text/ip_config.h"

/* The guest's static address; false where its files have none, so that DHCP is asked. Its
 * name servers are filled in either way where it has any. */
bool guest_address(const struct snapshot *snap, struct ip_config *ret);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The network, for programs of the guest's that need it: the guest's own address where its
 * files have one and its gateway answers, else DHCP. */
#pragma once

#include "guest/machine.h"
#include "guest/snapshot.h"

/* Does nothing where there is a way out already. Cards are set up in the rescue system alone,
 * whose they are; elsewhere it is -ENETUNREACH. Where the guest's resolv.conf names no server
 * that answers from here, /run/xvd2vd/resolv.conf does afterwards. */
int network_up(
	const struct machine *m, const struct snapshot *snap, struct err *e) must_check;

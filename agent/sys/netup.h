/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Brings a network card up, by the rescue system's busybox. */
#pragma once

#include "base/err.h"

struct netup {
	const char *iface;   /* "eth0" */
	const char *address; /* "192.0.2.10/24"; NULL: by DHCP */
	const char *gateway; /* NULL: none */
};

/* -ENETUNREACH where nothing answers: the gateway, or a DHCP server. DHCP's name servers are
 * in /etc/resolv.conf afterwards. */
int netup(const struct netup *how, struct err *e) must_check;

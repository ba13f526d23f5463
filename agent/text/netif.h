/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Network interfaces that a guest's files configure, each by its name, by the address of its
 * card, or by both. */
#pragma once

#include "base/str.h"

enum { NETIF_MAC_LEN = 17, NETIF_NAME_LEN_MAX = 15 /* IFNAMSIZ - 1 */ };

struct netif {
	char name[NETIF_NAME_LEN_MAX + 1]; /* "eth0"; "" where only the card is meant */
	char mac[NETIF_MAC_LEN + 1];       /* in lower case; "" where any card is */
	bool names; /* whoever reads this gives the card with that address the name */
};
struct netifs {
	struct netif *v;
	size_t n;
};

void netifs_done(struct netifs *l);
/* Adds one, or what is new about one that is known by its name, or by its address. What is
 * neither a name nor an address counts as not given; past 256 nothing is added. 0 or
 * -ENOMEM. */
int netifs_add(struct netifs *l, struct str name, struct str mac, bool names) must_check;
/* By name: eth2 before eth10. */
void netifs_sort(struct netifs *l);

/* eth0, ens3, enX0: a letter or digit behind eth or en, nothing else: no lo, no aliases eth0:1,
 * no vlans eth0.5. */
bool netif_is_ethernet(struct str name);
bool mac_is_valid(struct str mac); /* "52:54:00:12:34:56", any case */
bool mac_eq(struct str a, struct str b);
/* A valid one, in lower case, in capitals. */
void mac_copy(char ret[NETIF_MAC_LEN + 1], struct str mac);
void mac_copy_capitals(char ret[NETIF_MAC_LEN + 1], struct str mac);

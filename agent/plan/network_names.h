/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The network interfaces that the guest configures, which of this machine's cards each is to
 * be, and what gives a card its name there. */
#pragma once

#include "guest/guest.h"
#include "text/netif.h"

struct network_iface {
	struct netif is;
	const struct netcard *card; /* NULL: not known which */
};
struct network {
	struct network_iface *v; /* by name */
	size_t n;
	size_t lost; /* so many have no card */
};

/* How the guest's udev is told a name. */
enum naming {
	NAMING_NONE,   /* it cannot be, or names them right by itself */
	NAMING_LINK,   /* systemd.link(5) */
	NAMING_RULE,   /* 70-persistent-net.rules */
	NAMING_HWADDR, /* HWADDR= of ifcfg files, by initscripts' rename_device */
};

/* A card is an interface's by the address that its files name; of the others, by order, where
 * there are as many cards as interfaces. 0 or -ENOMEM. */
int network_read(const struct snapshot *snap, const struct machine *m,
	struct network *ret, struct err *e) must_check;
void network_done(struct network *n);
enum naming network_naming(const struct snapshot *snap, const struct guest *g);
/* True if what configures the interface also gives the card its name, once it has the right
 * address: netplan's set-name, HWADDR of initscripts. */
bool network_by_config(const struct guest *g, const struct network_iface *iface);
/* True if the card gets this name: by a rule, a .link file, or what configures it. */
bool network_is_named(const struct snapshot *snap, const struct guest *g,
	const struct network_iface *iface);

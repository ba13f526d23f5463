/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which network interfaces the guest configures: interfaces(5) of ifupdown, netplan's ethernets,
 * Gentoo's /etc/conf.d/net. Read only. Each adds what it finds; 0 or -ENOMEM. */
#pragma once

#include "text/netif.h"

/* The names of `iface NAME ...` and `auto`/`allow-*` stanzas that look like ethernet. */
int interfaces_netifs(struct str in, struct netifs *ret) must_check;
/* Keys right below `ethernets:` in netplan YAML (block style). One with a `match:` of its own is
 * the card of its macaddress, and has the name of its set-name, if any. */
int netplan_netifs(struct str in, struct netifs *ret) must_check;
/* The names in config_eth0=, routes_eth0=, dhcp_eth0=. */
int conf_d_net_netifs(struct str in, struct netifs *ret) must_check;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which network interfaces the guest configures: interfaces(5) of ifupdown, netplan's
 * ethernets, ifcfg files. Read only. */
#pragma once

#include "base/strv.h"

/* Adds the names of `iface NAME ...` and `auto`/`allow-*` stanzas that look like ethernet
 * (eth0, ens3; no lo, no aliases eth0:1, no vlans eth0.5). 0 or -ENOMEM. */
int interfaces_names(struct str in, struct strv *ret) must_check;
/* Keys right below `ethernets:` in netplan YAML (block style), without those that have a
 * `match:` of their own. */
int netplan_names(struct str in, struct strv *ret) must_check;

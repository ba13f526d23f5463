/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ifcfg files of the Red Hat family (initscripts, sysconfig.txt; NetworkManager) and of SUSE
 * (ifcfg(5)). Read only. */
#pragma once

#include "text/netif.h"

/* What the file ifcfg-`suffix` configures: DEVICE=, else the suffix; HWADDR=, or the suffix
 * eth-id-ADDRESS of SUSE. Copies (ifcfg-eth0.bak) and aliases (ifcfg-eth0:1) are passed over.
 * 0 or -ENOMEM. */
int ifcfg_netifs(struct str in, struct str suffix, struct netifs *ret) must_check;
/* "eth-id-00:16:3e:01:02:03": the address; false for other suffixes. */
bool ifcfg_suffix_mac(struct str suffix, struct str *ret_mac);

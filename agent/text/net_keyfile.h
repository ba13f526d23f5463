/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of sections and keys that configure interfaces: keyfiles of NetworkManager
 * (nm-settings-keyfile(5)), systemd.network(5), profiles of Arch's netctl. Read only. */
#pragma once

#include "text/netif.h"

/* The interface that the file is about: [connection] interface-name and [ethernet] mac-address,
 * [Match] Name and MACAddress, or Interface. 0 or -ENOMEM. */
int net_keyfile_netifs(struct str in, struct netifs *ret) must_check;

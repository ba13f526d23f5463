/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /etc/udev/rules.d/70-persistent-net.rules (udev's 75-persistent-net-generator) and
 * systemd.link(5) files: which MAC address has which name. */
#pragma once

#include "base/err.h"
#include "base/strbuf.h"

/* The name that an active rule gives the address (any case); false where none does. */
bool persistent_net_find(struct str in, struct str mac, struct str *ret_name);
/* True if an active rule is about the address, or gives the name to any. */
bool persistent_net_knows(struct str in, struct str mac, struct str name);
/* Makes `mac` be called `name`: a rule for this mac gets the name; else a rule for this
 * name gets the mac; else a rule is appended: SUBSYSTEM=="net", ACTION=="add",
 * DRIVERS=="?*", ATTR{address}=="MAC", ATTR{type}=="1", KERNEL=="eth*", NAME="NAME" (on
 * one line; mac in lower case) Other rules that give the name to another mac are removed.
 */
int persistent_net_set(struct str in, const char *mac, const char *name,
	struct strbuf *ret_out, struct err *e) must_check;
/* MACAddress= and Name= of a .link file; false where one is missing. */
bool link_file_get(struct str in, struct str *ret_mac, struct str *ret_name);

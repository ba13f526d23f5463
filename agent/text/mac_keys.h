/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses of network cards as the values of keys, in any of the formats that have `key=value`
 * or `key: value`: ifcfg's HWADDR, netplan's macaddress, NetworkManager's mac-address. */
#pragma once

#include "base/err.h"
#include "base/strbuf.h"

struct mac_edit {
	const char *key;
	const char *from, *to;
};

/* Replaces the values `from` of `key` by `to`, in capitals where the old one was. Lines that
 * begin with # or ; are comments. 0 same, 1 changed, -ENOMEM. */
int mac_keys_replace(struct str in, const struct mac_edit *req, struct strbuf *ret_out,
	struct err *e) must_check;
/* The next address that `key` has, off *rest. */
bool mac_keys_next(struct str *rest, const char *key, struct str *ret_mac);

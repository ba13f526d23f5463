/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See ifcfg.h. */
#include <errno.h>
#include <string.h>

#include "text/ifcfg.h"
#include "text/shell_vars.h"

bool ifcfg_suffix_mac(struct str suffix, struct str *ret_mac)
{
	if (!str_skip(&suffix, "eth-id-") || !mac_is_valid(suffix))
		return false;
	*ret_mac = suffix;
	return true;
}

int ifcfg_netifs(struct str in, struct str suffix, struct netifs *ret)
{
	cleanup_(strbuf_done) struct strbuf device = {0}, hwaddr = {0};
	struct str name = suffix, mac = {0};

	if (ifcfg_suffix_mac(suffix, &mac))
		return netifs_add(ret, (struct str){0}, mac, false);
	for (size_t i = 0; i < suffix.n; i++)
		if (strchr(".:~", suffix.p[i]))
			return 0;
	if (shell_vars_get(in, "DEVICE", &device) && device.n)
		name = str_trim(strbuf_str(&device));
	if (shell_vars_get(in, "HWADDR", &hwaddr))
		mac = str_trim(strbuf_str(&hwaddr));
	if (strbuf_err(&device) < 0 || strbuf_err(&hwaddr) < 0)
		return -ENOMEM;
	if (!netif_is_ethernet(name)) {
		/* A bridge, a bond; or a profile of NetworkManager's, by its card alone. */
		if (device.n)
			return 0;
		name.n = 0;
	}
	return netifs_add(ret, name, mac, true);
}

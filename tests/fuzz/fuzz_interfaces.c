/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What configures interfaces: only names and addresses that one can have come out. */
#include <string.h>

#include "fuzz_laws.h"
#include "text/ifcfg.h"
#include "text/interfaces.h"
#include "text/net_keyfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = {(const char *)data, size};
	struct netifs l = {0};

	LAW(interfaces_netifs(in, &l) == 0);
	LAW(netplan_netifs(in, &l) == 0);
	LAW(conf_d_net_netifs(in, &l) == 0);
	LAW(net_keyfile_netifs(in, &l) == 0);
	LAW(ifcfg_netifs(in, STR("eth0"), &l) == 0);
	LAW(ifcfg_netifs(in, str_upto(in, 32), &l) == 0);
	LAW(l.n <= 256);
	for (size_t i = 0; i < l.n; i++) {
		LAW(l.v[i].name[0] || l.v[i].mac[0]);
		LAW(!l.v[i].mac[0] || mac_is_valid(str_from(l.v[i].mac)));
		LAW(!l.v[i].names || l.v[i].mac[0]);
	}
	netifs_done(&l);
	return 0;
}

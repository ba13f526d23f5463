/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See address.h. */
#include "guest/address.h"
#include "base/attr.h"

bool guest_address(const struct snapshot *snap, struct ip_config *ret)
{
	static const struct {
		const char *pattern;
		bool (*read)(struct str in, struct ip_config *ret);
	} files[] = {
		{"/etc/network/interfaces", interfaces_ip},
		{"/etc/network/interfaces.d/*", interfaces_ip},
		{"/etc/netplan/*.yaml", netplan_ip},
		{"/etc/systemd/network/*.network", networkd_ip},
		{"/etc/sysconfig/network-scripts/ifcfg-*", ifcfg_ip},
		{"/etc/sysconfig/network/ifcfg-*", ifcfg_ip},
	};
	struct str text;
	bool found = false;

	*ret = (struct ip_config){0};
	for (size_t i = 0; i < ARRAY_SIZE(files) && !found; i++) {
		const struct snap_entry *ent;
		size_t pos = 0;

		while (!found && (ent = snapshot_glob(snap, files[i].pattern, &pos)))
			found = ent->has_data &&
				files[i].read(strbuf_str(&ent->data), ret);
	}
	if (snapshot_data(snap, "/etc/resolv.conf", &text))
		(void)resolv_conf_dns(text, ret);
	return found;
}

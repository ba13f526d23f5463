/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See network_names.h. */
#include <string.h>

#include "plan/network_names.h"
#include "text/interfaces.h"
#include "text/persistent_net.h"

int network_names(const struct snapshot *snap, struct strv *ret, struct err *e)
{
	static const struct {
		const char *pattern;
		int (*names)(struct str in, struct strv *ret);
	} files[] = {
		{"/etc/network/interfaces", interfaces_names},
		{"/etc/network/interfaces.d/*", interfaces_names},
		{"/etc/netplan/*.yaml", netplan_names},
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		const struct snap_entry *ent;
		size_t pos = 0;

		while ((ent = snapshot_glob(snap, files[i].pattern, &pos)))
			if (ent->has_data &&
				files[i].names(strbuf_str(&ent->data), ret) < 0)
				return err_oom(e);
	}
	strv_sort(ret);
	return 0;
}

bool network_is_pinned(const struct snapshot *snap, const char *mac, const char *name)
{
	const struct snap_entry *ent;
	struct str have, of;
	size_t pos = 0;

	while ((ent = snapshot_glob(snap, "/etc/udev/rules.d/*.rules", &pos)))
		if (ent->has_data &&
			persistent_net_find(
				strbuf_str(&ent->data), str_from(mac), &have) &&
			str_is(have, name))
			return true;
	pos = 0;
	while ((ent = snapshot_glob(snap, "/etc/systemd/network/*.link", &pos)))
		if (ent->has_data && link_file_get(strbuf_str(&ent->data), &of, &have) &&
			of.n == strlen(mac) && strncasecmp(of.p, mac, of.n) == 0 &&
			str_is(have, name))
			return true;
	return false;
}

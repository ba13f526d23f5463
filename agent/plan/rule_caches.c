/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Caches of device names go: what is in them was true on Xen. */
#include "plan/draft.h"
#include "plan/rules.h"

static const char *const caches[] = {
	"/etc/blkid.tab",
	"/etc/blkid.tab.old",
	"/etc/blkid/blkid.tab",
	"/etc/blkid/blkid.tab.old",
	"/etc/lvm/cache/.cache",
	"/etc/lvm/.cache",
};

static bool names_old_device(const struct plan *p, struct str text)
{
	for (size_t i = 0; i < p->n_map; i++)
		if (str_contains(text, p->map[i].from))
			return true;
	return str_contains(text, "/dev/xvd");
}

int rule_caches(const struct plan_input *in, struct plan *p, struct err *e)
{
	const bool busy = p->n_steps > 0;
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(caches) && r >= 0; i++) {
		struct str text = {0};
		bool stale;

		if (!snapshot_exists(in->snap, caches[i]))
			continue;
		stale = snapshot_data(in->snap, caches[i], &text) &&
			names_old_device(p, text);
		if (busy || stale)
			r = draft_remove(in, p, "caches", caches[i], e, "stale cache");
	}
	return r;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See inuse.h. */
#include <stdio.h>
#include <string.h>

#include "probe/inuse.h"
#include "sys/blk.h"

/* What a system takes into use without being asked, wherever it finds it. */
static bool is_claimed_unasked(const struct device *d)
{
	static const char *const types[] = {
		"", "swap", "LVM2_member", "linux_raid_member", "crypto_LUKS"};

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (strcmp(d->type, types[i]) == 0)
			return true;
	return false;
}

bool probe_in_use(const struct device *d)
{
	char path[300];

	if (is_claimed_unasked(d))
		return false;
	return snprintf(path, sizeof(path), "/dev/%s", d->name) < (int)sizeof(path) &&
	       blk_in_use(path);
}

static bool disk_in_use(const struct machine *m, size_t disk)
{
	const struct device *d;

	for (size_t i = 0; (d = machine_target(m, i)); i++)
		if (d->disk == disk && probe_in_use(d))
			return true;
	return false;
}

int probe_leave_out_used(struct machine *m, struct err *e)
{
	const struct device *root;
	size_t i = 0;

	while (i < m->n_disks) {
		root = machine_resolve(m, str_from(m->root));
		if ((root && root->disk == i) || !disk_in_use(m, i))
			i++;
		else if (machine_leave_out(m, i) < 0)
			return err_oom(e);
	}
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See disks.h. */
#include <errno.h>
#include <stdlib.h>

#include "apply/disks.h"

void disks_done(struct disks *d)
{
	free(d->v);
	strv_done(&d->paths);
	*d = (struct disks){0};
}

/* What stays the same when the disk gets another name: the UUID on it, or on its first
 * partition that has one. "" where there is none: a serial may be another one as soon as the
 * host describes its disks in another way. */
static const char *id_of(const struct machine *m, size_t disk)
{
	if (*m->disks[disk].uuid)
		return m->disks[disk].uuid;
	for (size_t i = 0; i < m->n_parts; i++)
		if (m->parts[i].disk == disk && *m->parts[i].uuid)
			return m->parts[i].uuid;
	return "";
}

static int add(struct disks *d, const struct device *dev, const char *id)
{
	if (strv_addf(&d->paths, "/dev/%s", dev->name) < 0)
		return -ENOMEM;
	d->v[d->n++].id = id;
	return 0;
}

int disks_list(const struct machine *m, bool all, struct disks *ret, struct err *e)
{
	const struct device *root = all ? NULL : machine_resolve(m, str_from(m->root));
	struct disks d = {.v = calloc(m->n_disks + m->n_parts + 1, sizeof(*d.v))};
	int r = d.v ? 0 : -ENOMEM;

	/* A volume may lie on several: then none of them is told by the root. */
	for (size_t i = 0; i < m->n_disks && r >= 0; i++)
		if (all || (root && !root->on.n && root->disk == i))
			r = add(&d, &m->disks[i], id_of(m, i));
	for (size_t i = 0; i < m->n_parts && r >= 0; i++)
		if (all || (root && !root->on.n && root->disk == m->parts[i].disk))
			r = add(&d, &m->parts[i], m->parts[i].uuid);
	if (r < 0) {
		disks_done(&d);
		return err_oom(e);
	}
	for (size_t i = 0; i < d.n; i++)
		d.v[i].path = d.paths.v[i];
	*ret = d;
	return 0;
}

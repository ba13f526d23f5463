/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which device holds the guest's root and /boot, and in which of the layouts Xen gave it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guest/guest.h"
#include "guest/mounts.h"
#include "text/dev_map.h"
#include "text/fstab.h"

static const char *const names[] = {
	[LAYOUT_UNKNOWN] = "unknown",
	[LAYOUT_PARTITION_AS_DISK] = "partition-as-disk",
	[LAYOUT_WHOLE_DISK] = "whole-disk",
	[LAYOUT_PARTITIONED] = "partitioned",
};

const char *layout_name(enum layout l)
{
	return names[l];
}

/* The machine says where it found the root; a machine described by hand may leave it to the
 * mount points in the superblocks. */
static int find_root(const struct machine *m, struct guest *g, struct err *e)
{
	const struct device *d, *other = NULL;

	if (*m->root) {
		g->root = machine_resolve(m, str_from(m->root));
		return g->root ? 0
			       : err_set(e, -EINVAL,
					 "the root device %s is not there; give root=",
					 m->root);
	}
	for (size_t i = 0; (d = machine_target(m, i)); i++) {
		if (strcmp(d->last_mounted, "/") != 0)
			continue;
		if (g->root)
			other = d;
		else
			g->root = d;
	}
	if (!g->root)
		return err_set(
			e, -EINVAL, "no disk holds a root file system; give root=");
	if (other)
		return err_set(e, -EINVAL,
			"two root file systems, /dev/%s and /dev/%s: say which with "
			"root=",
			g->root->name, other->name);
	return 0;
}

/* The first disk below a device: itself, its parent, or what its volume lies on. */
static const struct device *ground(const struct machine *m, const struct device *d)
{
	for (int depth = 0; d && d->on.n && depth < 8; depth++)
		d = machine_device(m, str_from(d->on.v[0]));
	return d;
}

/* Where /boot is, if it is a file system of its own. One that is not found is refused when it
 * is to be mounted. */
static int find_boot(
	struct str fstab, const struct machine *m, struct guest *g, struct err *e)
{
	struct guest_mounts mounts = {0};
	int r = guest_mounts_find(fstab, m, g->root, "", &mounts, e);

	g->bootfs = g->root;
	for (size_t i = 0; r >= 0 && i < mounts.n; i++) {
		if (strcmp(mounts.v[i].target, "/boot") != 0)
			continue;
		g->bootfs = mounts.v[i].device;
		free(g->bootfs_prefix);
		g->bootfs_prefix = strdup("/boot");
	}
	guest_mounts_done(&mounts);
	if (!g->bootfs_prefix)
		return err_oom(e);
	return r == -ENOMEM ? r : 0;
}

static bool names_numbered_disk(struct str spec)
{
	struct dev_name name;

	return dev_name_parse(spec, &name) && name.number.n && !str_is(name.prefix, "vd");
}

int guest_read_storage(const struct snapshot *snap, const struct machine *m,
	struct guest *g, struct err *e)
{
	const struct device *below;
	struct fstab_entry ent;
	struct str fstab = {0};
	bool numbered = false;
	size_t line = 0;
	int r;

	r = find_root(m, g, e);
	if (r < 0)
		return r;
	g->bootfs_prefix = strdup("");
	snapshot_data(snap, "/etc/fstab", &fstab);
	r = find_boot(fstab, m, g, e);
	if (r < 0)
		return r;
	while (fstab_next(&fstab, &line, &ent)) {
		if (str_is(ent.file, "/") && names_numbered_disk(ent.spec))
			numbered = true;
	}
	below = ground(m, g->root);
	if (!below)
		g->layout = LAYOUT_UNKNOWN;
	else if (below->number)
		g->layout = LAYOUT_PARTITIONED;
	else
		g->layout = numbered ? LAYOUT_PARTITION_AS_DISK : LAYOUT_WHOLE_DISK;
	return 0;
}

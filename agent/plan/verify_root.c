/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rehearsal of the initramfs at work: from the virtio disk to the root file system. */
#include <stdio.h>
#include <string.h>

#include "plan/verify_work.h"
#include "text/cmdline.h"

/* What a root needs that lies on more than a disk or partition. */
struct layer {
	const char *type; /* of the devices beneath */
	const char *name;
	const char *drivers[6]; /* one of them */
	const char *files[3];   /* one of them: ends of members' paths */
	/* What initramfs-tools' scripts read, one of them; the others find out by
	 * themselves. */
	const char *config[3];
};
static const struct layer layers[] = {
	{
		.type = "LVM2_member",
		.name = "LVM",
		.drivers = {"dm_mod"},
		.files = {"bin/lvm"},
	},
	{
		.type = "crypto_LUKS",
		.name = "LUKS",
		.drivers = {"dm_crypt"},
		.files = {"bin/cryptsetup", "/systemd-cryptsetup"},
		.config = {"cryptroot/crypttab", "conf/conf.d/cryptroot"},
	},
	{
		.type = "linux_raid_member",
		.name = "md",
		.drivers = {"raid1", "raid0", "raid10", "raid456", "linear"},
		.files = {"bin/mdadm"},
		.config = {"etc/mdadm/mdadm.conf", "etc/mdadm.conf"},
	},
};
/* Its devices are found before any of them can be mounted. */
static const struct layer btrfs_devices = {
	.type = "btrfs",
	.name = "btrfs on several devices",
	.drivers = {"btrfs"},
	.files = {"bin/btrfs", "rules.d/64-btrfs.rules"},
};

/* Kernels that say neither in modules.builtin nor in their config what is built in cannot be
 * asked what they lack. */
static bool can_tell(const struct rehearsal *r)
{
	cleanup_(free_charp) char *config =
		str_printf("/boot/config-%s", r->kernel->release);
	cleanup_(free_charp) char *builtin =
		str_printf("/lib/modules/%s/modules.builtin", r->kernel->release);
	struct str data;

	return config && builtin &&
	       (snapshot_data(r->snap, config, &data) ||
		       snapshot_data(r->snap, builtin, &data));
}

/* The best place of any of these drivers, and which it is. */
static enum driver_place best_driver(
	const struct rehearsal *r, const char *const *names, size_t n, const char **ret)
{
	enum driver_place best = DRIVER_ABSENT;

	*ret = names[0];
	for (size_t i = 0; i < n && names[i]; i++) {
		enum driver_place p = kernel_driver_place(r->snap, r->kernel, names[i]);

		if (p < best) {
			best = p;
			*ret = names[i];
		}
	}
	return best;
}

/* Mounting asks for the driver, and tools ask for theirs: it need not be loaded before. */
static bool in_reach(const struct rehearsal *r, enum driver_place p)
{
	return p <= DRIVER_IDLE || (p == DRIVER_ABSENT && !can_tell(r));
}

static const char *find_member(
	const struct snap_archive *a, const char *const *ends, size_t n)
{
	STRV_FOREACH (m, &a->members)
		for (size_t i = 0; i < n && ends[i]; i++)
			if (str_ends(str_from(*m), ends[i]))
				return *m;
	return NULL;
}

static void check_layer(struct rehearsal *r, const struct layer *l)
{
	const bool by_scripts =
		l->config[0] && r->kernel->flavour == FLAVOUR_INITRAMFS_TOOLS;
	const char *driver, *tool, *config;
	enum driver_place place =
		best_driver(r, l->drivers, ARRAY_SIZE(l->drivers), &driver);

	if (!r->image) {
		verify_check(r, "root-storage", false,
			"the root is on %s, and no initramfs brings it up", l->name);
		return;
	}
	tool = find_member(r->image, l->files, ARRAY_SIZE(l->files));
	config = find_member(r->image, l->config, ARRAY_SIZE(l->config));
	verify_check(r, "root-storage",
		in_reach(r, place) && tool && (config || !by_scripts),
		"the root is on %s: %s is %s; the initramfs has %s%s%s", l->name, driver,
		place == DRIVER_IDLE ? "in the initramfs" : driver_place_name(place),
		tool ? tool : "no program for it", by_scripts ? ", " : "",
		!by_scripts ? ""
		: config    ? config
			    : "but no config for it");
}

/* All layers beneath a device, the upper ones first; each once. */
static void check_beneath(struct rehearsal *r, const struct device *d, unsigned *seen)
{
	for (int depth = 0; d && d->on.n && depth < 8; depth++) {
		d = machine_device(r->m, str_from(d->on.v[0]));
		for (size_t i = 0; d && i < ARRAY_SIZE(layers); i++)
			if (strcmp(d->type, layers[i].type) == 0 && !(*seen & 1u << i)) {
				*seen |= 1u << i;
				check_layer(r, &layers[i]);
			}
	}
}

void verify_root_storage(struct rehearsal *r)
{
	const struct device *root = r->g->root, *d;
	unsigned seen = 0;
	size_t same = 0;

	if (!r->kernel || r->blind)
		return;
	check_beneath(r, root, &seen);
	if (strcmp(root->type, "btrfs") != 0)
		return;
	for (size_t i = 0; (d = machine_any(r->m, i)); i++) {
		if (strcmp(d->type, "btrfs") != 0 || strcmp(d->uuid, root->uuid) != 0)
			continue;
		if (d != root)
			check_beneath(r, d, &seen);
		same++;
	}
	if (same > 1)
		check_layer(r, &btrfs_devices);
}

/* The driver that mounts it: ext4's takes its elders, too. */
void verify_root_fs(struct rehearsal *r)
{
	const char *type = r->g->root->type;
	const char *const names[] = {
		type, str_starts(str_from(type), "ext") ? "ext4" : NULL};
	enum driver_place place;
	const char *driver;

	if (!r->kernel || r->blind || !*type)
		return;
	place = best_driver(r, names, ARRAY_SIZE(names), &driver);
	verify_check(r, "root-fs", in_reach(r, place), "%s for /dev/%s: %s", driver,
		r->g->root->name,
		place == DRIVER_IDLE                     ? "in the initramfs"
		: place == DRIVER_ABSENT && !can_tell(r) ? "the kernel does not say"
							 : driver_place_name(place));
}

void verify_root_resolves(struct rehearsal *r)
{
	const struct device *root = r->g->root, *d;
	struct str spec;

	if (!r->entry || r->entry->chain)
		return;
	if (!cmdline_root(r->entry->args, &spec)) {
		verify_check(r, "root-resolves", false, "the kernel line names no root=");
		return;
	}
	d = machine_resolve(r->m, spec);
	if (d)
		verify_check(r, "root-resolves", d == root,
			"root=" STR_FMT " is /dev/%s, %s", STR_ARG(spec), d->name,
			d != root  ? "not the root file system"
			: *d->type ? d->type
				   : "the root");
	else
		verify_check(r, "root-resolves", false,
			"root=" STR_FMT " is not on this machine", STR_ARG(spec));
}

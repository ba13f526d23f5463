/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Describes this machine: what sysfs lists, and what libblkid finds there. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probe/probe.h"
#include "sys/blk.h"
#include "sys/blockdev.h"

static struct device *more(struct device **v, size_t *n)
{
	struct device *p = reallocarray(*v, *n + 1, sizeof(*p));

	if (!p)
		return NULL;
	*v = p;
	return memset(&p[(*n)++], 0, sizeof(*p));
}

/* Strings are never NULL in a machine, whatever fails on the way. */
static bool fill(struct device *d, const struct blockdev *b, const struct blk_info *info)
{
	bool ok = true;

	d->size = b->size;
	d->start = b->start;
	d->number = b->number;
	d->fs_size = info->fs_size;
	ok &= (d->name = strdup(b->name)) != NULL;
	ok &= (d->serial = strdup(b->serial ? b->serial : "")) != NULL;
	ok &= (d->table = strdup(info->table[0] ? info->table : "none")) != NULL;
	/* The boot sector of a partition is reached through the disk's only. */
	ok &= (d->boot_code = strdup(b->parent ? "" : info->boot_code)) != NULL;
	ok &= (d->type = strdup(info->type)) != NULL;
	ok &= (d->uuid = strdup(info->uuid)) != NULL;
	ok &= (d->label = strdup(info->label)) != NULL;
	ok &= (d->partuuid = strdup(info->partuuid)) != NULL;
	ok &= (d->partlabel = strdup(info->partlabel)) != NULL;
	ok &= (d->last_mounted = strdup(info->last_mounted)) != NULL;
	for (char **on = b->on; on && *on; on++)
		ok &= strv_adds(&d->on, *on) == 0;
	return ok;
}

/* A device that cannot be read is told of as empty: the machine may well do without it. */
static int add(struct device **v, size_t *n, const struct blockdev *b, size_t disk,
	struct err *e)
{
	cleanup_(free_charp) char *path = str_printf("/dev/%s", b->name);
	struct blk_info info = {0};
	struct device *d;

	if (!path)
		return err_oom(e);
	if (blk_probe(path, &info, NULL) == -ENOMEM)
		return err_oom(e);
	d = more(v, n);
	if (!d)
		return err_oom(e);
	d->disk = disk;
	return fill(d, b, &info) ? 0 : err_oom(e);
}

/* A medium of ours is no disk of the guest's, and nothing is concluded from it. */
static int set_apart(struct machine *m, struct device *v, size_t *n, struct err *e)
{
	struct device *d = &v[*n - 1];

	if (m->medium || strcmp(d->label, PROBE_MEDIUM_LABEL) != 0)
		return 0;
	m->medium = malloc(sizeof(*d));
	if (!m->medium)
		return err_oom(e);
	*m->medium = *d;
	--*n;
	return 0;
}

/* A CD is never the guest's disk: it is ours, or nothing. */
static int add_optical(struct machine *m, const struct blockdev *b, struct err *e)
{
	struct device *v = NULL;
	size_t n = 0;
	int r = add(&v, &n, b, 0, e);

	if (r >= 0)
		r = set_apart(m, v, &n, e);
	if (n)
		device_done(v);
	free(v);
	return r;
}

static const struct device *known(const struct device *v, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(v[i].name, name) == 0)
			return &v[i];
	return NULL;
}

/* The disk below a volume, or the first. */
static size_t disk_below(const struct machine *m, const struct blockdev *b)
{
	const struct device *d =
		b->on && *b->on ? machine_device(m, str_from(*b->on)) : NULL;

	return d ? d->disk : 0;
}

static int add_volumes(struct machine *m, const struct blockdevs *all, struct err *e)
{
	int r = 0;

	for (size_t i = 0; i < all->n && r >= 0; i++)
		if (all->v[i].volume && !known(m->volumes, m->n_volumes, all->v[i].name))
			r = add(&m->volumes, &m->n_volumes, &all->v[i],
				disk_below(m, &all->v[i]), e);
	return r;
}

static int add_disks(struct machine *m, const struct blockdevs *all, struct err *e)
{
	int r = 0;

	for (size_t i = 0; i < all->n && r >= 0; i++) {
		const struct blockdev *b = &all->v[i];
		const struct device *parent;

		if (b->volume)
			continue;
		if (b->optical) {
			r = add_optical(m, b, e);
			continue;
		}
		if (!b->parent) {
			r = add(&m->disks, &m->n_disks, b, m->n_disks, e);
			if (r >= 0)
				r = set_apart(m, m->disks, &m->n_disks, e);
			continue;
		}
		parent = known(m->disks, m->n_disks, b->parent);
		if (parent)
			r = add(&m->parts, &m->n_parts, b, parent->disk, e);
		if (parent && r >= 0)
			r = set_apart(m, m->parts, &m->n_parts, e);
	}
	return r;
}

static int add_nets(struct machine *m, const struct blockdevs *all, struct err *e)
{
	m->nets = calloc(all->n_nets + 1, sizeof(*m->nets));
	if (!m->nets)
		return err_oom(e);
	for (size_t i = 0; i < all->n_nets; i++) {
		struct netcard *net = &m->nets[m->n_nets++];

		net->name = strdup(all->nets[i].name);
		net->mac = strdup(all->nets[i].mac);
		net->driver = strdup(all->nets[i].driver);
		if (!net->name || !net->mac || !net->driver)
			return err_oom(e);
	}
	return 0;
}

int probe_machine(struct machine *ret, struct err *e)
{
	cleanup_(blockdevs_done) struct blockdevs all = {0};
	cleanup_(machine_done) struct machine m = {0};
	int r = blockdev_list(&all, e);

	if (r >= 0)
		r = add_disks(&m, &all, e);
	if (r >= 0)
		r = add_volumes(&m, &all, e);
	if (r >= 0)
		r = add_nets(&m, &all, e);
	if (r < 0)
		return r;
	m.root = strdup("");
	m.firmware = strdup(access("/sys/firmware/efi", F_OK) == 0 ? "efi" : "bios");
	if (!m.root || !m.firmware)
		return err_oom(e);
	*ret = m;
	m = (struct machine){0};
	return 0;
}

int probe_volumes(struct machine *m, struct err *e)
{
	cleanup_(blockdevs_done) struct blockdevs all = {0};
	int r = blockdev_list(&all, e);

	return r < 0 ? r : add_volumes(m, &all, e);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See growth.h. */
#include <errno.h>
#include <string.h>

#include "plan/growth.h"

#define MIB ((uint64_t)1 << 20)
/* A last group of blocks too small for its own tables stays unused. */
#define NOT_WORTH (16 * MIB)
/* Sectors that a table of type dos can count. */
#define DOS_MOST ((uint64_t)UINT32_MAX * 512)

static bool is_journalled_ext(const struct device *d)
{
	return strcmp(d->type, "ext3") == 0 || strcmp(d->type, "ext4") == 0;
}

static int check_alone(const struct machine *m, const struct device *d, struct err *e)
{
	for (size_t i = 0; i < m->n_parts; i++)
		if (m->parts[i].disk == d->disk && m->parts[i].start > d->start)
			return err_set(e, -EINVAL,
				"/dev/%s lies behind it on the disk; only the last "
				"partition can grow",
				m->parts[i].name);
	return 0;
}

/* Where the disk's last whole MiB for partitions ends. A GUID table has its copy behind it. */
static int find_end(
	const struct device *disk, const struct device *d, uint64_t *ret, struct err *e)
{
	uint64_t end = disk->size & ~(MIB - 1);

	if (strcmp(disk->table, "gpt") == 0) {
		*ret = (disk->size - 1) & ~(MIB - 1);
		/* The copy is 33 sectors. */
		if (disk->size - *ret < (uint64_t)33 * 512)
			*ret -= MIB;
		return 0;
	}
	if (strcmp(disk->table, "dos") != 0)
		return err_set(e, -EINVAL,
			"the partition table of /dev/%s (%s) is not one that is known",
			disk->name, disk->table);
	if (d->number > 4)
		return err_set(e, -EINVAL, "it is not a primary partition");
	*ret = end - d->start > DOS_MOST ? d->start + DOS_MOST : end;
	return 0;
}

static int grow_partition(
	const struct machine *m, const struct device *d, struct growth *g, struct err *e)
{
	const struct device *disk = &m->disks[d->disk];
	uint64_t end = 0;
	int r;

	if (!d->start || !disk->size || d->start + d->size > disk->size)
		return err_set(e, -EINVAL, "it is not known where on /dev/%s it lies",
			disk->name);
	r = check_alone(m, d, e);
	if (r >= 0)
		r = find_end(disk, d, &end, e);
	if (r < 0)
		return r;
	if (end >= d->start + d->size + NOT_WORTH) {
		g->partition = true;
		g->size = end - d->start;
	}
	return 0;
}

int growth_find(const struct machine *m, const struct device *d, struct growth *ret,
	struct err *e)
{
	struct growth g = {.size = d->size};
	int r = 0;

	if (!is_journalled_ext(d))
		return err_set(e, -EINVAL, "it holds %s: only ext3 and ext4 are grown",
			*d->type ? d->type : "nothing that is known");
	if (d->on.n)
		return err_set(e, -EINVAL,
			"it is a volume: lvextend, mdadm and the like grow it");
	if (!d->size || !d->fs_size)
		return err_set(e, -EINVAL, "its size is not known");
	if (d->number)
		r = grow_partition(m, d, &g, e);
	if (r < 0)
		return r;
	g.filesystem = g.size >= d->fs_size + NOT_WORTH;
	*ret = g;
	return 0;
}

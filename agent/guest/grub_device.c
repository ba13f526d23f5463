/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See grub_device.h. */
#include <string.h>

#include "guest/grub_device.h"

static const struct device *disk(const struct machine *m, struct str name)
{
	uint64_t n;

	if (!str_skip(&name, "hd") || !str_u64(name, &n) || n >= m->n_disks)
		return NULL;
	return &m->disks[n];
}

static const struct device *part(const struct machine *m, const struct guest *g,
	const struct device *of, uint64_t number)
{
	for (size_t i = 0; i < m->n_parts; i++)
		if (m->parts[i].disk == of->disk && m->parts[i].number == number)
			return &m->parts[i];
	return g->by_pvgrub && strcmp(of->table, "none") == 0 ? of : NULL;
}

bool grub_device_has_files(const struct device *d)
{
	static const char *const others[] = {
		"", "swap", "LVM2_member", "linux_raid_member", "crypto_LUKS"};

	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (strcmp(d->type, others[i]) == 0)
			return false;
	return true;
}

/* Tables by blkid's and by GRUB's name. */
static const char *const tables[][2] = {{"dos", "msdos"}, {"gpt", "gpt"}};

static const char *table_name(const struct device *d)
{
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		if (strcmp(d->table, tables[i][0]) == 0)
			return tables[i][1];
	return "";
}

/* "mapper/vg-lv" is GRUB's "lvm/vg-lv", "md0" its "md/0". */
static const struct device *volume(const struct machine *m, struct str name)
{
	const bool lvm = str_skip(&name, "lvm/");

	if (!lvm && !str_skip(&name, "md/"))
		return NULL;
	for (size_t i = 0; i < m->n_volumes; i++) {
		struct str have = str_from(m->volumes[i].name);

		if (!str_skip(&have, lvm ? "mapper/" : "md"))
			continue;
		if (!lvm)
			str_skip(&have, "/");
		if (str_eq(have, name))
			return &m->volumes[i];
	}
	return NULL;
}

static bool is_id(struct str name)
{
	return str_starts(name, "lvmid/") || str_starts(name, "mduuid/") ||
	       str_starts(name, "cryptouuid/");
}

const struct device *grub_device_find(
	const struct machine *m, const struct guest *g, struct str name)
{
	struct str head = name, tail;
	const struct device *d;
	const char *table;
	uint64_t number;

	if (is_id(name))
		return g->bootfs && g->bootfs->on.n ? g->bootfs : NULL;
	if (!str_cut(name, ',', &head, &tail)) {
		d = disk(m, name);
		return d ? d : volume(m, name);
	}
	d = disk(m, head);
	if (!d)
		return NULL;
	table = table_name(d);
	if (*table)
		str_skip(&tail, table);
	for (size_t i = 0; i < ARRAY_SIZE(tables) && !*table; i++)
		str_skip(&tail, tables[i][1]);
	return str_u64(tail, &number) ? part(m, g, d, number) : NULL;
}

void grub_device_name(const struct machine *m, const struct device *d, struct strbuf *out)
{
	struct str name = str_from(d->name);

	if (!d->on.n)
		strbuf_addf(out, "hd%zu", d->disk);
	else if (str_skip(&name, "mapper/"))
		strbuf_addf(out, "lvm/" STR_FMT, STR_ARG(name));
	else if (str_skip(&name, "md/") || str_skip(&name, "md"))
		strbuf_addf(out, "md/" STR_FMT, STR_ARG(name));
	/* What a machine's description calls a volume may have one, and no disk. */
	if (d->number && d->disk < m->n_disks)
		strbuf_addf(out, ",%s%u", table_name(&m->disks[d->disk]), d->number);
}

const struct device *grub_device_find_legacy(
	const struct machine *m, const struct guest *g, struct str name)
{
	const struct device *d;
	struct str head, tail;
	uint64_t number;

	if (!str_skip(&name, "(") || !str_cut(name, ')', &name, &tail))
		return NULL;
	if (!str_cut(name, ',', &head, &tail))
		return disk(m, name);
	d = disk(m, head);
	return d && str_u64(tail, &number) ? part(m, g, d, number + 1) : NULL;
}

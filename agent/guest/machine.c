/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See machine.h. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "guest/machine.h"

void device_done(struct device *d)
{
	free(d->name);
	free(d->serial);
	free(d->table);
	free(d->boot_code);
	free(d->type);
	free(d->uuid);
	free(d->label);
	free(d->partuuid);
	free(d->partlabel);
	free(d->last_mounted);
	strv_done(&d->on);
	*d = (struct device){0};
}

static void devices_done(struct device *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		device_done(&v[i]);
	free(v);
}

void machine_done(struct machine *m)
{
	devices_done(m->disks, m->n_disks);
	devices_done(m->parts, m->n_parts);
	devices_done(m->volumes, m->n_volumes);
	for (size_t i = 0; i < m->n_nets; i++) {
		free(m->nets[i].name);
		free(m->nets[i].mac);
		free(m->nets[i].driver);
	}
	free(m->nets);
	if (m->medium)
		device_done(m->medium);
	free(m->medium);
	strv_done(&m->in_use);
	free(m->root);
	free(m->firmware);
	*m = (struct machine){0};
}

static void leave_out(struct device *v, size_t *n, size_t disk)
{
	size_t kept = 0;

	for (size_t i = 0; i < *n; i++) {
		if (v[i].disk == disk) {
			device_done(&v[i]);
			continue;
		}
		v[kept] = v[i];
		v[kept++].disk -= v[i].disk > disk;
	}
	*n = kept;
}

int machine_leave_out(struct machine *m, size_t disk)
{
	int r = strv_adds(&m->in_use, m->disks[disk].name);

	if (r < 0)
		return r;
	leave_out(m->disks, &m->n_disks, disk);
	leave_out(m->parts, &m->n_parts, disk);
	leave_out(m->volumes, &m->n_volumes, disk);
	return 0;
}

typedef bool (*device_test)(const struct device *d, struct str want);

static const struct device *find(
	const struct machine *m, device_test test, struct str want)
{
	const struct device *d;

	for (size_t i = 0; (d = machine_any(m, i)); i++)
		if (test(d, want))
			return d;
	return NULL;
}

static bool has_name(const struct device *d, struct str want)
{
	return str_is(want, d->name);
}

/* UUIDs are written in any case. */
static bool has_uuid(const struct device *d, struct str want)
{
	return want.n && strlen(d->uuid) == want.n &&
	       strncasecmp(d->uuid, want.p, want.n) == 0;
}

static bool has_partuuid(const struct device *d, struct str want)
{
	return want.n && strlen(d->partuuid) == want.n &&
	       strncasecmp(d->partuuid, want.p, want.n) == 0;
}

/* udev's links to what the device mapper made. */
static bool has_mapped_name(const struct device *d, struct str want)
{
	struct str have = str_from(d->name);

	return str_skip(&have, "mapper/") && str_eq(have, want);
}

static bool has_label(const struct device *d, struct str want)
{
	return want.n && str_is(want, d->label);
}

static bool has_partlabel(const struct device *d, struct str want)
{
	return want.n && str_is(want, d->partlabel);
}

/* /dev/vg0/root and /dev/mapper/vg0-root are one volume; in the latter, '-' inside the
 * names is doubled (lvm(8), "VALID NAMES"). */
static bool has_lvm_path(const struct device *d, struct str want)
{
	struct str have = str_from(d->name), vg, lv;
	struct strbuf mapped = {0};
	bool same;

	if (!str_skip(&have, "mapper/") || !str_cut(want, '/', &vg, &lv))
		return false;
	for (size_t i = 0; i < vg.n; i++)
		strbuf_addf(&mapped, vg.p[i] == '-' ? "--" : "%c", vg.p[i]);
	strbuf_addc(&mapped, '-');
	for (size_t i = 0; i < lv.n; i++)
		strbuf_addf(&mapped, lv.p[i] == '-' ? "--" : "%c", lv.p[i]);
	same = !mapped.oom && str_eq(have, strbuf_str(&mapped));
	strbuf_done(&mapped);
	return same;
}

const struct device *machine_device(const struct machine *m, struct str name)
{
	const struct device *d;

	str_skip(&name, "/dev/");
	d = find(m, has_name, name);
	return d ? d : find(m, has_lvm_path, name);
}

/* The ways to name a device: by what it holds, and udev's link to a volume. */
static const struct {
	const char *prefix;
	device_test test;
	bool content;
} spec_tags[] = {
	{"UUID=", has_uuid, true},
	{"LABEL=", has_label, true},
	{"PARTUUID=", has_partuuid, true},
	{"PARTLABEL=", has_partlabel, true},
	{"/dev/disk/by-uuid/", has_uuid, true},
	{"/dev/disk/by-label/", has_label, true},
	{"/dev/disk/by-partuuid/", has_partuuid, true},
	{"/dev/disk/by-partlabel/", has_partlabel, true},
	{"/dev/disk/by-id/dm-name-", has_mapped_name, false},
};

const struct device *machine_resolve(const struct machine *m, struct str spec)
{
	spec = str_unquote(spec);
	for (size_t i = 0; i < ARRAY_SIZE(spec_tags); i++)
		if (str_skip(&spec, spec_tags[i].prefix))
			return find(m, spec_tags[i].test, str_unquote(spec));
	return str_starts(spec, "/dev/") ? machine_device(m, spec) : NULL;
}

bool spec_is_content(struct str spec)
{
	spec = str_unquote(spec);
	for (size_t i = 0; i < ARRAY_SIZE(spec_tags); i++)
		if (spec_tags[i].content && str_starts(spec, spec_tags[i].prefix))
			return true;
	return false;
}

bool spec_is_device(struct str spec)
{
	return spec_is_content(spec) || str_starts(str_unquote(spec), "/dev/");
}

char *spec_plain(struct str spec)
{
	struct str tag, value;

	spec = str_unquote(spec);
	if (!str_cut(spec, '=', &tag, &value))
		return str_dup(spec);
	value = str_unquote(value);
	return str_printf(STR_FMT "=" STR_FMT, STR_ARG(tag), STR_ARG(value));
}

const struct device *machine_any(const struct machine *m, size_t n)
{
	if (n < m->n_disks)
		return &m->disks[n];
	n -= m->n_disks;
	if (n < m->n_parts)
		return &m->parts[n];
	n -= m->n_parts;
	return n < m->n_volumes ? &m->volumes[n] : NULL;
}

const struct device *machine_target(const struct machine *m, size_t n)
{
	for (size_t i = 0; i < m->n_disks; i++)
		if (strcmp(m->disks[i].table, "none") == 0 && n-- == 0)
			return &m->disks[i];
	if (n < m->n_parts)
		return &m->parts[n];
	n -= m->n_parts;
	return n < m->n_volumes ? &m->volumes[n] : NULL;
}

const struct device *machine_boot_disk(const struct machine *m)
{
	for (size_t i = 0; i < m->n_disks; i++)
		if (*m->disks[i].boot_code && strcmp(m->disks[i].boot_code, "none") != 0)
			return &m->disks[i];
	return NULL;
}

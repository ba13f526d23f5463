/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See mounts.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guest/mounts.h"
#include "text/dev_map.h"
#include "text/fstab.h"

/* In the order to mount them. Without one that is `needed` the guest cannot be judged: its
 * kernels, its programs or its package database would be missing. */
static const struct place {
	const char *target;
	bool needed;
} places[] = {
	{"/usr", true},
	{"/usr/lib", true},
	{"/var", true},
	{"/var/lib", true},
	{"/var/cache", false},
	{"/boot", true},
	{"/boot/efi", false},
};

void guest_mounts_done(struct guest_mounts *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->v[i].target);
		free(l->v[i].options);
	}
	free(l->v);
	*l = (struct guest_mounts){0};
}

static bool holds_files(const struct device *d)
{
	return *d->type && !str_ends(str_from(d->type), "_member") &&
	       strcmp(d->type, "swap") != 0 && strcmp(d->type, "ambivalent") != 0 &&
	       strcmp(d->type, "crypto_LUKS") != 0;
}

/* The host's own word: "xvda1:vdb,xvdb:none". */
static struct str ask_map(const char *map, struct str spec)
{
	struct str rest = str_from(map), item, from, to;

	str_skip(&spec, "/dev/");
	while (str_item(&rest, ',', &item)) {
		if (!str_cut(str_trim(item), ':', &from, &to))
			continue;
		str_skip(&from, "/dev/");
		if (str_eq(from, spec))
			return to;
	}
	return (struct str){0};
}

/* The only file system but the root's that says it was mounted there. */
static const struct device *by_last_mount(
	const struct machine *m, const struct device *root, const char *target)
{
	const struct device *d, *found = NULL;

	for (size_t i = 0; (d = machine_target(m, i)); i++) {
		if (d == root || !holds_files(d) || strcmp(d->last_mounted, target) != 0)
			continue;
		if (found)
			return NULL;
		found = d;
	}
	return found;
}

/* A partition, or a volume whose parts all lie on partitions of its disk. What --disks reads
 * may go round in circles. */
static bool is_partitioned(const struct machine *m, const struct device *d, int depth)
{
	if (d->number)
		return true;
	for (size_t i = 0; i < d->on.n; i++) {
		const struct device *below = machine_device(m, str_from(d->on.v[i]));

		if (!below || below->disk != d->disk || !depth ||
			!is_partitioned(m, below, depth - 1))
			return false;
	}
	return d->on.n > 0;
}

static const struct device *by_number(
	const struct machine *m, const struct device *root, struct str spec)
{
	struct dev_name name;
	uint64_t number;

	if (!is_partitioned(m, root, 4) || !dev_name_parse(spec, &name) ||
		!str_u64(name.number, &number))
		return NULL;
	for (size_t i = 0; i < m->n_parts; i++)
		if (m->parts[i].disk == root->disk && m->parts[i].number == number)
			return &m->parts[i];
	return NULL;
}

static const struct device *find_device(const struct machine *m,
	const struct device *root, const char *map, const struct fstab_entry *ent,
	const char *target)
{
	struct str said = ask_map(map, ent->spec);
	const struct device *d;

	if (said.n)
		return machine_device(m, said);
	d = machine_resolve(m, ent->spec);
	if (!d || d == root || !holds_files(d))
		d = by_last_mount(m, root, target);
	if (!d)
		d = by_number(m, root, ent->spec);
	return d && d != root && holds_files(d) ? d : NULL;
}

/* Another part of the file system that holds the root. */
static bool is_subvolume(const struct device *root, const struct fstab_entry *ent)
{
	return strcmp(root->type, "btrfs") == 0 && str_is(ent->vfstype, "btrfs") &&
	       str_contains(ent->mntops, "subvol");
}

/* Of the options only those that choose what is mounted. */
static int add_options(struct str mntops, struct strbuf *out)
{
	struct str rest = mntops, item;

	while (str_item(&rest, ',', &item))
		if (str_starts(item, "subvol=") || str_starts(item, "subvolid=")) {
			strbuf_adds(out, out->n ? "," : "");
			strbuf_add(out, item);
		}
	return strbuf_err(out);
}

static int add(struct guest_mounts *l, const struct device *d, const char *target,
	struct str mntops, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf options = {0};
	struct guest_mount *v = reallocarray(l->v, l->n + 1, sizeof(*v));

	if (!v)
		return err_oom(e);
	l->v = v;
	if (add_options(mntops, &options) < 0)
		return err_oom(e);
	v[l->n] = (struct guest_mount){
		.device = d, .target = strdup(target), .options = strbuf_take(&options)};
	l->n++;
	return v[l->n - 1].target && v[l->n - 1].options ? 0 : err_oom(e);
}

/* The last line for a target is the one that is seen, since it is mounted over the others. */
static bool find_entry(struct str fstab, const char *target, struct fstab_entry *ret)
{
	struct fstab_entry ent;
	bool found = false;
	size_t line = 0;

	while (fstab_next(&fstab, &line, &ent)) {
		struct str file = ent.file;

		while (file.n > 1 && file.p[file.n - 1] == '/')
			file.n--;
		if (!str_is(file, target) || !spec_is_device(ent.spec) ||
			fstab_has_option(ent.mntops, "bind"))
			continue;
		*ret = ent;
		found = true;
	}
	return found;
}

static int find_place(struct str fstab, const struct machine *m,
	const struct device *root, const char *map, const struct place *place,
	struct guest_mounts *l, struct err *e)
{
	const struct device *d;
	struct fstab_entry ent;

	if (!find_entry(fstab, place->target, &ent))
		return 0;
	d = is_subvolume(root, &ent) ? root
				     : find_device(m, root, map, &ent, place->target);
	if (d)
		return add(l, d, place->target, ent.mntops, e);
	if (!place->needed || fstab_has_option(ent.mntops, "nofail"))
		return 0;
	str_skip(&ent.spec, "/dev/");
	return err_set(e, -ENODEV,
		"line %zu of /etc/fstab: which device " STR_FMT " (%s) is now cannot be "
		"told; say it with map=" STR_FMT ":DEVICE",
		ent.line, STR_ARG(ent.spec), place->target, STR_ARG(ent.spec));
}

int guest_mounts_find(struct str fstab, const struct machine *m,
	const struct device *root, const char *map, struct guest_mounts *ret,
	struct err *e)
{
	struct guest_mounts l = {0};
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(places) && r >= 0; i++)
		r = find_place(fstab, m, root, map, &places[i], &l, e);
	if (r < 0) {
		guest_mounts_done(&l);
		return r;
	}
	*ret = l;
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The device map by what lies on the devices, and by their order. See devmap_work.h. */
#include <string.h>

#include "plan/devmap_work.h"
#include "plan/rules.h"
#include "text/fstab.h"

static bool is_ext(const char *type)
{
	return strcmp(type, "ext2") == 0 || strcmp(type, "ext3") == 0 ||
	       strcmp(type, "ext4") == 0;
}

static bool is_file_system(const char *type)
{
	return *type && strcmp(type, "swap") != 0 && strcmp(type, "LVM2_member") != 0 &&
	       strcmp(type, "linux_raid_member") != 0;
}

static bool is_only_resumed(const struct name_use *use)
{
	return use->swap && !use->vfstype;
}

/* The root, and what fstab names by UUID, label or volume, is not what an old name was. But for
 * a name that is only resumed from: that may be a swap of fstab's. */
static bool is_known(
	const struct work *w, const struct name_use *use, const struct device *d)
{
	struct fstab_entry ent;
	struct str rest = {0};
	size_t line = 0;

	if (d == w->in->guest->root)
		return true;
	if (is_only_resumed(use))
		return false;
	snapshot_data(w->in->snap, "/etc/fstab", &rest);
	while (fstab_next(&rest, &line, &ent))
		if (machine_resolve(w->in->machine, ent.spec) == d)
			return true;
	return false;
}

/* A guest cannot have meant the device by this name: it is a partition with another
 * number. */
static bool number_fits(struct str number, const struct device *d)
{
	uint64_t n;

	return !d->number || (str_u64(number, &n) && n == d->number);
}

static bool fits(const struct slot *s, const struct device *d)
{
	const struct name_use *u = s->use;

	if (d->on.n || !number_fits(slot_name(s).number, d))
		return false;
	if (u->swap)
		return strcmp(d->type, "swap") == 0;
	if (!u->vfstype && u->content)
		return strcmp(d->type, u->content) == 0;
	if (!u->vfstype)
		return strcmp(d->type, "swap") != 0;
	if (strcmp(u->vfstype, "auto") == 0)
		return is_file_system(d->type);
	return strcmp(u->vfstype, d->type) == 0 ||
	       (is_ext(u->vfstype) && is_ext(d->type));
}

static bool mounted_there(const struct slot *s, const struct device *d)
{
	return s->use->mount && strcmp(s->use->mount, d->last_mounted) == 0;
}

/* The fitting devices that no name has yet. Those last mounted where fstab mounts the name
 * leave the others out. *ret_one is one of them. */
static size_t candidates(
	struct work *w, const struct slot *s, const struct device **ret_one)
{
	const struct device *d, *mounted = NULL;
	size_t n = 0, n_mounted = 0;

	for (size_t i = 0; (d = machine_target(w->in->machine, i)); i++) {
		if (work_is_taken(w, d) || !fits(s, d) || is_known(w, s->use, d))
			continue;
		*ret_one = d;
		n++;
		if (mounted_there(s, d)) {
			mounted = d;
			n_mounted++;
		}
	}
	if (!n_mounted)
		return n;
	*ret_one = mounted;
	return n_mounted;
}

/* Wanted by no other open name. */
static bool sole_suitor(struct work *w, const struct slot *of, const struct device *d)
{
	for (size_t i = 0; i < w->names.n; i++) {
		const struct slot *s = &w->v[i];

		if (s != of && !s->settled && s->use->needed && fits(s, d) &&
			!(mounted_there(of, d) && !mounted_there(s, d)))
			return false;
	}
	return true;
}

/* Settles what only one device can be, and what none can be, until nothing more follows. */
static void by_type(struct work *w)
{
	bool again = true;

	while (again) {
		again = false;
		for (size_t i = 0; i < w->names.n; i++) {
			struct slot *s = &w->v[i];
			const struct device *d = NULL;
			size_t n;

			if (s->settled ||
				!(s->use->needed || s->use->content || s->use->swap))
				continue;
			n = candidates(w, s, &d);
			if (n == 0)
				slot_settle(s, NULL, "no-such-disk");
			else if (n == 1 && sole_suitor(w, s, d))
				slot_settle(s, d, "type");
			else
				continue;
			again = true;
		}
		work_by_parent(w);
	}
}

static bool needed_open(const struct slot *s)
{
	return !s->settled && s->use->needed;
}

/* Members of arrays and volume groups: found again by what is written on them, so that no
 * boot hangs on the name. */
static bool content_open(const struct slot *s)
{
	return !s->settled && s->use->content;
}

/* Open names and the devices any of them fits, side by side in their orders: accepted where
 * they are equal in number and every pair fits. Else refused, where a boot needs them. */
static int by_order(struct work *w, bool (*is_open)(const struct slot *s), struct err *e)
{
	cleanup_(strbuf_done) struct strbuf names = {0}, devices = {0};
	const struct device *d, *free_devices[64];
	size_t n_open = 0, n_free = 0, k = 0;
	bool all_fit = true;

	for (size_t i = 0; (d = machine_target(w->in->machine, i)); i++) {
		bool wanted = false;

		for (size_t j = 0; j < w->names.n; j++)
			wanted |= is_open(&w->v[j]) && !work_is_taken(w, d) &&
				  fits(&w->v[j], d) && !is_known(w, w->v[j].use, d);
		if (!wanted || n_free == ARRAY_SIZE(free_devices))
			continue;
		free_devices[n_free++] = d;
		strbuf_addf(&devices, "%s/dev/%s", devices.n ? ", " : "", d->name);
	}
	for (size_t i = 0; i < w->names.n; i++) {
		if (!is_open(&w->v[i]))
			continue;
		all_fit &= n_open < n_free && fits(&w->v[i], free_devices[n_open]);
		n_open++;
		strbuf_addf(&names, "%s%s", names.n ? ", " : "", w->names.v[i].name);
	}
	if (!n_open)
		return 0;
	if (strbuf_err(&names) < 0 || strbuf_err(&devices) < 0)
		return err_oom(e);
	if ((!all_fit || n_open != n_free) && is_open != needed_open)
		return 0;
	if (!all_fit || n_open != n_free)
		return refuse(e,
			"%s could each be any of %s: say which with map=OLD:NEW,...",
			names.p, devices.p);
	for (size_t i = 0; i < w->names.n; i++)
		if (is_open(&w->v[i]))
			slot_settle(&w->v[i], free_devices[k++], "order");
	return 0;
}

/* --- what is left: names that only lesser files use ------------------------------------ */

/* A parent that Xen never attached (device.map's /dev/xvda of a guest with xvda1 and xvda2)
 * stands for the disk that its numbered names became, the root's first; with `gone`, gone where
 * they are all gone. What no evidence speaks of stays as it is. */
static void by_children(struct work *w, bool gone)
{
	for (size_t i = 0; i < w->names.n; i++) {
		struct slot *s = &w->v[i];
		const struct device *to = NULL;
		bool children = false;

		if (s->settled || slot_name(s).number.n)
			continue;
		for (size_t k = 0; k < w->names.n; k++) {
			const struct slot *c = &w->v[k];

			if (c == s || !str_eq(slot_name(c).disk, str_from(s->use->name)))
				continue;
			children = true;
			if (c->to && (!to || c->to == w->in->guest->root))
				to = c->to;
		}
		if (to || (children && gone))
			slot_settle(s, to, to ? "disk" : "no-such-disk");
	}
}

static bool is_used(const struct work *w, const struct device *disk)
{
	for (size_t i = 0; i < w->names.n; i++)
		if (w->v[i].to && !w->v[i].to->on.n &&
			&w->in->machine->disks[w->v[i].to->disk] == disk)
			return true;
	return false;
}

/* Whole disks that only device.map and its like name: as many as there are disks left, in
 * the order of both. */
static void by_disks(struct work *w)
{
	const struct machine *m = w->in->machine;
	size_t n_open = 0, n_free = 0, next = 0;

	for (size_t i = 0; i < w->names.n; i++)
		n_open += !w->v[i].settled && !slot_name(&w->v[i]).number.n;
	for (size_t i = 0; i < m->n_disks; i++)
		n_free += !is_used(w, &m->disks[i]);
	if (n_open != n_free)
		return;
	for (size_t i = 0; i < w->names.n; i++) {
		if (w->v[i].settled || slot_name(&w->v[i]).number.n)
			continue;
		while (next < m->n_disks && is_used(w, &m->disks[next]))
			next++;
		if (next < m->n_disks)
			slot_settle(&w->v[i], &m->disks[next], "order");
	}
	work_by_parent(w);
}

/* What several swaps fit: without it nothing is looked for, and a boot goes on. */
static void by_default(struct work *w)
{
	for (size_t i = 0; i < w->names.n; i++)
		if (!w->v[i].settled && is_only_resumed(&w->names.v[i]))
			slot_settle(&w->v[i], NULL, "several");
}

int work_by_content(struct work *w, struct err *e)
{
	int r;

	by_type(w);
	r = by_order(w, needed_open, e);
	if (r >= 0)
		r = by_order(w, content_open, e);
	if (r < 0)
		return r;
	work_by_parent(w);
	by_children(w, false);
	/* A disk whose only partition with a name is gone may still be here: the others have
	 * UUIDs. */
	by_disks(w);
	by_children(w, true);
	by_disks(w);
	by_default(w);
	return 0;
}

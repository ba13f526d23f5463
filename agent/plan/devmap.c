/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See devmap.h. Every old name ends with one device, or as gone; evidence is tried from the
 * strongest to the weakest, and each kind only decides what the ones before it left open.
 * Two devices that fit equally well are refused, never guessed. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plan/devmap.h"
#include "plan/names.h"
#include "plan/rules.h"
#include "text/blkid_tab.h"
#include "text/cmdline.h"
#include "text/fstab.h"
#include "text/lvm_conf.h"

/* What is known of one name so far. */
struct slot {
	const struct name_use *use;
	const struct device *to;
	const char *why; /* evidence: "root-fs", "uuid"; NULL while open */
	bool settled;    /* decided, even if gone */
	bool parts;
};

struct work {
	const struct plan_input *in;
	struct names names;
	struct slot *v; /* one for each of names */
};

static void settle(struct slot *s, const struct device *to, const char *why)
{
	s->to = to;
	s->why = why;
	s->settled = true;
	s->parts = to && !to->number && strcmp(to->table ? to->table : "", "none") != 0 &&
		   !to->on.n;
}

static struct slot *slot_of(struct work *w, struct str name)
{
	for (size_t i = 0; i < w->names.n; i++)
		if (str_is(name, w->names.v[i].name))
			return &w->v[i];
	return NULL;
}

static bool is_taken(const struct work *w, const struct device *d)
{
	for (size_t i = 0; i < w->names.n; i++)
		if (w->v[i].to == d)
			return true;
	return false;
}

static struct dev_name parsed(const struct slot *s)
{
	struct dev_name name = {0};

	dev_name_parse(str_from(s->use->name), &name);
	return name;
}

/* --- 1. what the host says ------------------------------------------------------------ */

/* map=xvda2:vda,xvda1:none */
static int by_option(struct work *w, struct err *e)
{
	struct str rest = str_from(w->in->options->map), item, from, to;

	while (rest.n && str_item(&rest, ',', &item)) {
		cleanup_(free_charp) char *name = NULL;
		const struct device *d = NULL;
		struct slot *s;

		if (!str_cut(item, ':', &from, &to))
			return refuse(
				e, "map=: \"" STR_FMT "\" is not OLD:NEW", STR_ARG(item));
		str_skip(&from, "/dev/");
		name = str_printf("/dev/" STR_FMT, STR_ARG(from));
		if (!name)
			return err_oom(e);
		if (!str_is(to, "none")) {
			d = machine_device(w->in->machine, to);
			if (!d)
				return refuse(e, "map=: there is no /dev/" STR_FMT,
					STR_ARG(to));
		}
		s = slot_of(w, str_from(name));
		if (s)
			settle(s, d, "host");
	}
	return 0;
}

static void by_serial(struct work *w)
{
	for (size_t i = 0; i < w->names.n; i++) {
		const struct machine *m = w->in->machine;

		for (size_t k = 0; k < m->n_disks && !w->v[i].settled; k++)
			if (*m->disks[k].serial &&
				strcmp(m->disks[k].serial, w->names.v[i].name + 5) == 0)
				settle(&w->v[i], &m->disks[k], "serial");
	}
}

/* --- 2. cached pairs of name and UUID ------------------------------------------------- */

/* The one device with this UUID: a copy of a disk says nothing. */
static const struct device *by_uuid(const struct machine *m, struct str uuid)
{
	const struct device *d, *found = NULL;

	for (size_t i = 0; uuid.n && (d = machine_any(m, i)); i++) {
		if (!str_is(uuid, d->uuid))
			continue;
		if (found)
			return NULL;
		found = d;
	}
	return found;
}

static void pair(struct work *w, struct str name, struct str uuid)
{
	struct slot *s = slot_of(w, name);
	const struct device *d = by_uuid(w->in->machine, uuid);

	if (s && !s->settled && d && !is_taken(w, d))
		settle(s, d, "uuid");
}

static void by_caches(struct work *w)
{
	static const char *const tabs[] = {"/etc/blkid.tab", "/etc/blkid/blkid.tab",
		"/etc/blkid.tab.old", "/etc/blkid/blkid.tab.old"};
	const struct snap_entry *ent;
	struct str text;
	size_t pos = 0;

	for (size_t i = 0; i < ARRAY_SIZE(tabs); i++) {
		struct blkid_tab_entry tab;

		if (!snapshot_data(w->in->snap, tabs[i], &text))
			continue;
		while (blkid_tab_next(&text, &tab))
			pair(w, tab.device, tab.uuid);
	}
	while ((ent = snapshot_glob(w->in->snap, "/etc/lvm/backup/*", &pos))) {
		struct lvm_backup_pv pv;

		text = strbuf_str(&ent->data);
		while (ent->has_data && lvm_backup_next(&text, &pv))
			pair(w, pv.device, pv.id);
	}
}

/* --- 3. the root ---------------------------------------------------------------------- */

/* The old name of the root: fstab's, else the default entry's root=, else any root=. */
static struct slot *root_slot(struct work *w)
{
	const struct guest *g = w->in->guest;
	struct str value;
	struct slot *s;

	for (size_t i = 0; i < w->names.n; i++)
		if (w->names.v[i].mount && strcmp(w->names.v[i].mount, "/") == 0)
			return &w->v[i];
	if (g->n_menu && cmdline_get(g->menu[g->default_entry].args, "root", &value) &&
		(s = slot_of(w, value)))
		return s;
	for (size_t i = 0; i < w->names.n; i++)
		if (strv_has(&w->names.v[i].uses, STR("cmdline:root")))
			return &w->v[i];
	return NULL;
}

static int by_root(struct work *w, struct err *e)
{
	const struct device *root = w->in->guest->root;
	struct slot *s = root_slot(w);

	if (!s)
		return 0;
	if (s->settled && s->to == root)
		return 0;
	if (s->settled && strcmp(s->why, "host") == 0)
		return refuse(e,
			"the root %s is /dev/%s here, but map= says something else",
			s->use->name, root->name);
	settle(s, root, "root-fs");
	return 0;
}

/* --- 4. partitions of a disk that is known -------------------------------------------- */

static const struct device *partition(
	const struct machine *m, const struct device *disk, struct str number)
{
	uint64_t n;

	if (!str_u64(number, &n))
		return NULL;
	for (size_t i = 0; i < m->n_parts; i++)
		if (&m->disks[m->parts[i].disk] == disk && m->parts[i].number == n)
			return &m->parts[i];
	return NULL;
}

/* The partitioned disk that a parent name like /dev/xvda has become, if any name below it
 * says so. */
static const struct device *disk_of(struct work *w, struct str parent)
{
	for (size_t i = 0; i < w->names.n; i++) {
		const struct slot *s = &w->v[i];
		struct dev_name name = parsed(s);
		uint64_t number;

		if (!s->to || !str_eq(name.disk, parent))
			continue;
		if (!name.number.n && s->parts)
			return s->to;
		if (s->to->number && str_u64(name.number, &number) &&
			number == s->to->number)
			return &w->in->machine->disks[s->to->disk];
	}
	return NULL;
}

static void by_parent(struct work *w)
{
	for (size_t i = 0; i < w->names.n; i++) {
		struct slot *s = &w->v[i];
		struct dev_name name = parsed(s);
		const struct device *disk;

		if (s->settled)
			continue;
		disk = disk_of(w, name.disk);
		if (!disk)
			continue;
		if (!name.number.n)
			settle(s, disk, "disk");
		else
			settle(s, partition(w->in->machine, disk, name.number),
				"partition");
	}
}

/* --- 5., 6. by what lies on the devices, then by order ---------------------------------- */

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

/* The root, and what the guest mounts by UUID, label or volume, is not what an old name was. */
static bool is_known(const struct work *w, const struct device *d)
{
	struct fstab_entry ent;
	struct str rest = {0};
	size_t line = 0;

	if (d == w->in->guest->root)
		return true;
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

	if (d->on.n || !number_fits(parsed(s).number, d))
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
		if (is_taken(w, d) || !fits(s, d) || is_known(w, d))
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
				settle(s, NULL, "no-such-disk");
			else if (n == 1 && sole_suitor(w, s, d))
				settle(s, d, "type");
			else
				continue;
			again = true;
		}
		by_parent(w);
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
			wanted |=
				is_open(&w->v[j]) && !is_taken(w, d) && fits(&w->v[j], d);
		if (!wanted || is_known(w, d) || n_free == ARRAY_SIZE(free_devices))
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
			settle(&w->v[i], free_devices[k++], "order");
	return 0;
}

/* --- what is left: names that only lesser files use ------------------------------------ */

/* A parent that Xen never attached (device.map's /dev/xvda of a guest with xvda1 and xvda2)
 * stands for the disk that its numbered names became, the root's first; gone where they are
 * all gone. What no evidence speaks of stays as it is. */
static void by_children(struct work *w)
{
	for (size_t i = 0; i < w->names.n; i++) {
		struct slot *s = &w->v[i];
		const struct device *to = NULL;
		bool children = false;

		if (s->settled || parsed(s).number.n)
			continue;
		for (size_t k = 0; k < w->names.n; k++) {
			const struct slot *c = &w->v[k];

			if (c == s || !str_eq(parsed(c).disk, str_from(s->use->name)))
				continue;
			children = true;
			if (c->to && (!to || c->to == w->in->guest->root))
				to = c->to;
		}
		if (children)
			settle(s, to, to ? "disk" : "no-such-disk");
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
		n_open += !w->v[i].settled && !parsed(&w->v[i]).number.n;
	for (size_t i = 0; i < m->n_disks; i++)
		n_free += !is_used(w, &m->disks[i]);
	if (n_open != n_free)
		return;
	for (size_t i = 0; i < w->names.n; i++) {
		if (w->v[i].settled || parsed(&w->v[i]).number.n)
			continue;
		while (next < m->n_disks && is_used(w, &m->disks[next]))
			next++;
		if (next < m->n_disks)
			settle(&w->v[i], &m->disks[next], "order");
	}
	by_parent(w);
}

/* --- the result ----------------------------------------------------------------------- */

static int add_row(
	const struct plan_input *in, const struct slot *s, struct plan *p, struct err *e)
{
	struct map_row *v = reallocarray(p->map, p->n_map + 1, sizeof(*v)), *row;

	if (!v)
		return err_oom(e);
	p->map = v;
	row = memset(&v[p->n_map++], 0, sizeof(*row));
	row->from = strdup(s->use->name);
	if (s->to) {
		row->to = str_printf("/dev/%s", s->to->name);
		if (in->options->fstab == FSTAB_UUID && *s->to->uuid)
			row->spec = str_printf("UUID=%s", s->to->uuid);
		row->parts = s->parts;
	}
	if (!row->from || (s->to && !row->to) || strv_adds(&row->evidence, s->why) < 0)
		return err_oom(e);
	STRV_FOREACH (u, &s->use->uses)
		if (strv_adds(&row->evidence, *u) < 0)
			return err_oom(e);
	return 0;
}

/* The map in the shape the editors take; UUID= and LABEL= of gone swap are names, too. */
static int make_renames(struct plan *p, struct err *e)
{
	p->renames = calloc(p->n_map + p->gone_specs.n + 1, sizeof(*p->renames));
	if (!p->renames)
		return err_oom(e);
	p->n_renames = p->n_map + p->gone_specs.n;
	for (size_t i = 0; i < p->gone_specs.n; i++)
		p->renames[p->n_map + i] =
			(struct dev_rename){.from = p->gone_specs.v[i]};
	for (size_t i = 0; i < p->n_map; i++)
		p->renames[i] = (struct dev_rename){
			.from = p->map[i].from,
			.to = p->map[i].to,
			.spec = p->map[i].spec,
			.parts = p->map[i].parts,
		};
	return 0;
}

static int add_gone(
	const struct plan_input *in, struct str written, struct plan *p, struct err *e)
{
	cleanup_(free_charp) char *spec = spec_plain(written);

	if (!spec)
		return err_oom(e);
	if (*spec == '/' || !spec_is_device(str_from(spec)) ||
		machine_resolve(in->machine, str_from(spec)))
		return 0;
	return strv_add_new(&p->gone_specs, str_from(spec)) < 0 ? err_oom(e) : 0;
}

/* Swap that fstab, RESUME or resume= names by UUID or label, and that nothing here has: it lay
 * on the disk that was left behind. */
static int find_gone_specs(const struct plan_input *in, struct plan *p, struct err *e)
{
	cleanup_(strv_done) struct strv resumed = {0};
	struct fstab_entry ent;
	struct str rest = {0};
	size_t line = 0;
	int r = names_resumed(in, &resumed, e);

	snapshot_data(in->snap, "/etc/fstab", &rest);
	while (r >= 0 && fstab_next(&rest, &line, &ent))
		if (fstab_is_swap(&ent))
			r = add_gone(in, ent.spec, p, e);
	for (size_t i = 0; r >= 0 && i < resumed.n; i++)
		r = add_gone(in, str_from(resumed.v[i]), p, e);
	return r;
}

int devmap_build(const struct plan_input *in, struct plan *p, struct err *e)
{
	struct work w = {.in = in};
	int r;

	r = names_collect(in, &w.names, e);
	if (r < 0)
		return r;
	w.v = calloc(w.names.n + 1, sizeof(*w.v));
	if (!w.v)
		r = err_oom(e);
	for (size_t i = 0; w.v && i < w.names.n; i++)
		w.v[i].use = &w.names.v[i];
	if (r >= 0)
		r = by_option(&w, e);
	if (r >= 0) {
		by_serial(&w);
		by_caches(&w);
		r = by_root(&w, e);
	}
	if (r >= 0) {
		by_parent(&w);
		by_type(&w);
		r = by_order(&w, needed_open, e);
	}
	if (r >= 0)
		r = by_order(&w, content_open, e);
	if (r >= 0) {
		by_parent(&w);
		by_children(&w);
		by_disks(&w);
	}
	for (size_t i = 0; r >= 0 && i < w.names.n; i++)
		if (w.v[i].settled)
			r = add_row(in, &w.v[i], p, e);
	if (r >= 0)
		r = find_gone_specs(in, p, e);
	if (r >= 0)
		r = make_renames(p, e);
	free(w.v);
	names_done(&w.names);
	return r;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See devmap.h. Every old name ends with one device, or as gone; evidence is tried from the
 * strongest to the weakest, and each kind only decides what the ones before it left open.
 * Two devices that fit equally well are refused, never guessed. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plan/devmap.h"
#include "plan/devmap_work.h"
#include "plan/rules.h"
#include "text/blkid_tab.h"
#include "text/cmdline.h"
#include "text/fstab.h"
#include "text/lvm_conf.h"

void slot_settle(struct slot *s, const struct device *to, const char *why)
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

bool work_is_taken(const struct work *w, const struct device *d)
{
	for (size_t i = 0; i < w->names.n; i++)
		if (w->v[i].to == d)
			return true;
	return false;
}

struct dev_name slot_name(const struct slot *s)
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
			slot_settle(s, d, "host");
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
				slot_settle(&w->v[i], &m->disks[k], "serial");
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

	if (s && !s->settled && d && !work_is_taken(w, d))
		slot_settle(s, d, "uuid");
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
	if (g->n_menu && cmdline_root(g->menu[g->default_entry].args, &value) &&
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
	slot_settle(s, root, "root-fs");
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
		struct dev_name name = slot_name(s);
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

void work_by_parent(struct work *w)
{
	for (size_t i = 0; i < w->names.n; i++) {
		struct slot *s = &w->v[i];
		struct dev_name name = slot_name(s);
		const struct device *disk;

		if (s->settled)
			continue;
		disk = disk_of(w, name.disk);
		if (!disk)
			continue;
		if (!name.number.n)
			slot_settle(s, disk, "disk");
		else
			slot_settle(s, partition(w->in->machine, disk, name.number),
				"partition");
	}
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

/* The map in the shape the editors take; a UUID or label of gone swap is a name, too. */
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
	if (!spec_is_content(str_from(spec)) ||
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
		work_by_parent(&w);
		r = work_by_content(&w, e);
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

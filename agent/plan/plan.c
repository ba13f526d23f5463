/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See plan.h: the plan's own bookkeeping, and the order of the rules. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/devmap.h"
#include "plan/labels.h"
#include "plan/plan.h"
#include "plan/rules.h"

/* The rules, in the order in which their steps are made. Files that name devices come
 * before those that are made from them; the initramfs last, since it carries copies. */
static int (*const rules[])(
	const struct plan_input *in, struct plan *p, struct err *e) = {
	rule_guest,
	rule_fstab,
	rule_boot_config,
	rule_pygrub,
	rule_own_kernel,
	rule_kernel,
	rule_device_files,
	rule_resume,
	rule_initramfs_conf,
	rule_console,
	rule_network,
	rule_leftovers,
	rule_initramfs,
	rule_caches,
	rule_acpi,
	rule_acpi_modules,
	rule_ext4,
	rule_grow,
	rule_lilo,
	rule_bootcode,
	rule_install,
	rule_confirm,
};

/* Folders of which only a part was looked at. */
static int warn_of_folders(const struct plan_input *in, struct plan *p, struct err *e)
{
	for (size_t i = 0; i < in->snap->n; i++) {
		const struct snap_entry *ent = &in->snap->v[i];

		if (ent->kind == SNAP_DIR && ent->problem &&
			plan_warn(p, e, "%s: %s", ent->path, ent->problem) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int warn_of_disks(const struct machine *m, struct plan *p, struct err *e)
{
	STRV_FOREACH (disk, &m->in_use)
		if (plan_warn(p, e,
			    "/dev/%s is in use by the system that this runs in, and "
			    "taken for "
			    "no disk of the guest's: unmount it where it is one",
			    *disk) < 0)
			return -ENOMEM;
	return 0;
}

int plan_build(const struct plan_input *in, struct plan *ret, struct err *e)
{
	struct plan p = {0};
	int r;

	r = devmap_build(in, &p, e);
	if (r >= 0)
		r = warn_of_folders(in, &p, e);
	if (r >= 0)
		r = warn_of_disks(in->machine, &p, e);
	for (size_t i = 0; i < ARRAY_SIZE(rules) && r >= 0; i++)
		r = rules[i](in, &p, e);
	if (r >= 0)
		r = labels_build(in->snap, &p, e);
	if (r < 0) {
		plan_done(&p);
		return r;
	}
	*ret = p;
	return 0;
}

static void step_done(struct step *s)
{
	for (size_t i = 0; i < s->n_members; i++) {
		free(s->members[i].path);
		free(s->members[i].from);
		strbuf_done(&s->members[i].content);
	}
	free(s->members);
	free(s->id);
	free(s->path);
	free(s->error);
	free(s->label);
	free(s->package);
	free(s->database);
	strbuf_done(&s->detail);
	strbuf_done(&s->content);
	strv_done(&s->argv);
	strv_done(&s->from_payload);
	strv_done(&s->guard);
}

void plan_done(struct plan *p)
{
	for (size_t i = 0; i < p->n_map; i++) {
		free(p->map[i].from);
		free(p->map[i].to);
		free(p->map[i].spec);
		strv_done(&p->map[i].evidence);
	}
	for (size_t i = 0; i < p->n_steps; i++)
		step_done(&p->steps[i]);
	for (size_t i = 0; i < p->n_pending; i++) {
		free(p->pending[i].id);
		free(p->pending[i].detail);
	}
	free(p->map);
	free(p->renames);
	free(p->steps);
	free(p->pending);
	strv_done(&p->gone_specs);
	strv_done(&p->warnings);
	strv_done(&p->to_install);
	*p = (struct plan){0};
}

/* They are done after all rounds, once. */
static void drop_disk_steps(struct plan *next)
{
	size_t n = 0;

	for (size_t i = 0; i < next->n_steps; i++)
		if (next->steps[i].kind == STEP_DISK)
			step_done(&next->steps[i]);
		else
			next->steps[n++] = next->steps[i];
	next->n_steps = n;
}

int plan_continue(struct plan *p, struct plan *next, struct err *e)
{
	struct step *v;

	drop_disk_steps(next);
	v = reallocarray(p->steps, p->n_steps + next->n_steps + 1, sizeof(*v));
	if (!v)
		return err_oom(e);
	p->steps = v;
	if (next->n_steps)
		memcpy(v + p->n_steps, next->steps, next->n_steps * sizeof(*v));
	p->n_steps += next->n_steps;
	next->n_steps = 0;
	p->again = next->again;
	STRV_FOREACH (w, &next->warnings)
		if (!strv_has(&p->warnings, str_from(*w)) &&
			strv_adds(&p->warnings, *w) < 0)
			return err_oom(e);
	for (size_t i = 0; i < next->n_pending; i++) {
		bool known = false;

		for (size_t k = 0; k < p->n_pending; k++)
			known |= strcmp(p->pending[k].id, next->pending[i].id) == 0;
		if (!known && plan_pend(p, next->pending[i].id, e, "%s",
				      next->pending[i].detail) < 0)
			return -ENOMEM;
	}
	return 0;
}

bool plan_repairs(const struct plan *p)
{
	for (size_t i = 0; i < p->n_steps; i++)
		if (!p->steps[i].optional)
			return true;
	return false;
}

bool plan_lacks_package(const struct plan *p)
{
	for (size_t i = 0; i < p->n_steps; i++)
		if (p->steps[i].status == STEP_PENDING && p->steps[i].package)
			return true;
	return false;
}

const char *step_kind_name(enum step_kind k)
{
	static const char *const names[] = {
		[STEP_WRITE] = "write",
		[STEP_REMOVE] = "remove",
		[STEP_LINK] = "link",
		[STEP_GRAFT] = "write",
		[STEP_RUN] = "run",
		[STEP_BOOTSECTOR] = "bootsector",
		[STEP_DISK] = "run",
	};

	return names[k];
}

const char *step_status_name(enum step_status s)
{
	static const char *const names[] = {
		[STEP_PLANNED] = "planned",
		[STEP_DONE] = "done",
		[STEP_SKIPPED] = "skipped",
		[STEP_PENDING] = "pending",
		[STEP_FAILED] = "failed",
		[STEP_UNDONE] = "undone",
	};

	return names[s];
}

struct dev_map plan_dev_map(const struct plan *p)
{
	return (struct dev_map){p->renames, p->n_renames};
}

const struct map_row *plan_map_find(const struct plan *p, struct str name)
{
	for (size_t i = 0; i < p->n_map; i++)
		if (str_is(name, p->map[i].from))
			return &p->map[i];
	return NULL;
}

int plan_warn(struct plan *p, struct err *e, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return strv_add_new(&p->warnings, str_from(text)) < 0 ? err_oom(e) : 0;
}

int plan_pend(struct plan *p, const char *id, struct err *e, const char *fmt, ...)
{
	struct pending *v = reallocarray(p->pending, p->n_pending + 1, sizeof(*v));
	char text[512];
	va_list ap;

	if (!v)
		return err_oom(e);
	p->pending = v;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	v[p->n_pending++] = (struct pending){strdup(id), strdup(text)};
	return v[p->n_pending - 1].id && v[p->n_pending - 1].detail ? 0 : err_oom(e);
}

struct step *plan_add(
	struct plan *p, enum step_kind kind, const char *id, const char *path)
{
	struct step *v = reallocarray(p->steps, p->n_steps + 1, sizeof(*v)), *s;

	if (!v)
		return NULL;
	p->steps = v;
	s = memset(&v[p->n_steps], 0, sizeof(*s));
	s->kind = kind;
	s->id = strdup(id);
	s->path = strdup(path);
	if (!s->id || !s->path) {
		step_done(s);
		return NULL;
	}
	p->n_steps++;
	return s;
}

struct graft_member *step_add_member(struct step *s, const char *path, unsigned mode)
{
	struct graft_member *v = reallocarray(s->members, s->n_members + 1, sizeof(*v)),
			    *m;

	if (!v)
		return NULL;
	s->members = v;
	m = memset(&v[s->n_members], 0, sizeof(*m));
	m->mode = mode;
	m->path = strdup(path);
	if (!m->path)
		return NULL;
	s->n_members++;
	return m;
}

/* Of "virtio_ring; conf/modules", both; "virtio" is none of them. */
static bool is_noted(struct str detail, const char *text)
{
	while (detail.n) {
		if (str_skip(&detail, text) && (!detail.n || str_starts(detail, "; ")))
			return true;
		while (detail.n && !str_skip(&detail, "; "))
			detail = str_from_pos(detail, 1);
	}
	return false;
}

void step_note(struct step *s, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (is_noted(strbuf_str(&s->detail), text))
		return;
	strbuf_addf(&s->detail, "%s%s", s->detail.n ? "; " : "", text);
}

struct step *plan_step_for(const struct plan *p, const char *path)
{
	for (size_t i = 0; i < p->n_steps; i++)
		if (p->steps[i].kind != STEP_RUN && strcmp(p->steps[i].path, path) == 0)
			return &p->steps[i];
	return NULL;
}

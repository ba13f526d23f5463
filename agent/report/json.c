/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report as JSON, by jansson. What comes from the guest may be any bytes: each string is
 * made printable UTF-8 first. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/printable.h"
#include "report/report.h"

static json_t *text_n(struct str s)
{
	cleanup_(strbuf_done) struct strbuf clean = {0};

	printable_add(&clean, s, "\n\t");
	return clean.oom ? NULL : json_stringn(clean.p ? clean.p : "", clean.n);
}

static json_t *text(const char *s)
{
	return s ? text_n(str_from(s)) : json_null();
}

static json_t *strings(const struct strv *l)
{
	json_t *list = json_array();

	STRV_FOREACH (s, l)
		json_array_append_new(list, text(*s));
	return list;
}

static json_t *guest_json(const struct guest *g)
{
	return json_pack("{so,so,so,so,ss,ss,ss,ss,ss}", "id", text(g->id), "version",
		text(g->version), "name", text(g->name), "arch", text(g->arch), "init",
		init_system_name(g->init), "layout", layout_name(g->layout), "boot",
		boot_style_name(g->boot), "kernel", kernel_kind_name(g->kernel), "loader",
		loader_name(g->loader));
}

static json_t *kernels_json(const struct guest *g)
{
	json_t *list = json_array();

	for (size_t i = 0; i < g->n_kernels; i++) {
		const struct kernel *k = &g->kernels[i];
		json_t *drivers = json_object();

		for (size_t d = 0; d < N_ROOT_DRIVERS; d++)
			json_object_set_new(drivers, root_drivers[d],
				json_string(driver_place_name(k->drivers[d])));
		json_array_append_new(list,
			json_pack("{so,so,so,ss,sb,sb,so}", "release", text(k->release),
				"image", text(k->image), "initramfs", text(k->initramfs),
				"kind", kernel_kind_name(k->kind), "in_menu", k->in_menu,
				"default", k->is_default, "drivers", drivers));
	}
	return list;
}

static json_t *map_json(const struct plan *p)
{
	json_t *list = json_array();

	for (size_t i = 0; i < p->n_map; i++)
		json_array_append_new(
			list, json_pack("{so,so,so}", "from", text(p->map[i].from), "to",
				      text(p->map[i].to), "evidence",
				      strings(&p->map[i].evidence)));
	return list;
}

static json_t *steps_json(const struct plan *p)
{
	json_t *list = json_array();

	for (size_t i = 0; i < p->n_steps; i++) {
		const struct step *s = &p->steps[i];
		json_t *step = json_pack("{ss,so,ss,ss,si,so}", "id", s->id, "path",
			text(s->path), "kind", step_kind_name(s->kind), "status",
			step_status_name(s->status), "ms", (int)s->ms, "detail",
			text_n(strbuf_str(&s->detail)));

		if (s->error)
			json_object_set_new(step, "error", text(s->error));
		json_array_append_new(list, step);
	}
	return list;
}

static json_t *filesystems_json(const struct fs_checks *l)
{
	json_t *list = json_array();

	for (size_t i = 0; i < l->n; i++) {
		const struct fs_check *c = &l->v[i];

		if (c->result != FS_NOT_CHECKED)
			json_array_append_new(list,
				json_pack("{so,so,so,ss,so}", "device", text(c->device),
					"type", text(c->type), "check", text(c->check),
					"result", fs_result_name(c->result), "detail",
					text(c->detail)));
	}
	return list;
}

static json_t *warnings_json(const struct report *r)
{
	json_t *list = r->plan ? strings(&r->plan->warnings) : json_array();

	for (size_t i = 0; r->filesystems && i < r->filesystems->n; i++) {
		cleanup_(strbuf_done) struct strbuf line = {0};

		if (report_unchecked_text(&r->filesystems->v[i], &line))
			json_array_append_new(list, text_n(strbuf_str(&line)));
	}
	return list;
}

static json_t *pending_json(const struct plan *p)
{
	json_t *list = json_array();

	for (size_t i = 0; i < p->n_pending; i++)
		json_array_append_new(
			list, json_pack("{so,so}", "id", text(p->pending[i].id), "detail",
				      text(p->pending[i].detail)));
	return list;
}

static json_t *verdict_json(const struct verdict *v)
{
	json_t *checks = json_array();

	for (size_t i = 0; i < v->n; i++)
		json_array_append_new(
			checks, json_pack("{ss,sb,so}", "id", v->v[i].id, "ok",
					v->v[i].ok, "detail", text(v->v[i].detail)));
	return json_pack("{sb,so}", "bootable", v->bootable, "checks", checks);
}

static json_t *timing_json(const struct timing *t)
{
	return json_pack("{si,si,si,si,si,si}", "kernel", (int)t->kernel, "devices",
		(int)t->devices, "scan", (int)t->scan, "apply", (int)t->apply, "verify",
		(int)t->verify, "total", (int)t->total);
}

static int dump(json_t *top, size_t flags, struct strbuf *ret, struct err *e)
{
	char *line = top ? json_dumps(top, flags) : NULL;

	json_decref(top);
	if (!line)
		return err_oom(e);
	strbuf_adds(ret, line);
	free(line);
	return strbuf_err(ret) < 0 ? err_oom(e) : 0;
}

int report_json(const struct report *r, struct strbuf *ret, struct err *e)
{
	json_t *top = json_pack("{si,ss,ss,ss}", "schema", 1, "version", XVD2VD_VERSION,
		"mode", r->mode, "result", result_name(r->result));

	if (!top)
		return err_oom(e);
	if (r->planned_only)
		json_object_set_new(top, "dry_run", json_true());
	if (r->finished)
		json_object_set_new(top, "finished", text(r->finished));
	if (r->message)
		json_object_set_new(top, "message", text(r->message));
	json_object_set_new(top, "guest", r->guest ? guest_json(r->guest) : json_null());
	json_object_set_new(top, "map", r->plan ? map_json(r->plan) : json_array());
	json_object_set_new(top, "steps", r->plan ? steps_json(r->plan) : json_array());
	json_object_set_new(
		top, "verify", r->verdict ? verdict_json(r->verdict) : json_null());
	json_object_set_new(
		top, "pending", r->plan ? pending_json(r->plan) : json_array());
	if (r->filesystems && r->filesystems->n)
		json_object_set_new(top, "filesystems", filesystems_json(r->filesystems));
	json_object_set_new(top, "warnings", warnings_json(r));
	json_object_set_new(top, "timing_ms", timing_json(&r->timing));
	return dump(top, JSON_COMPACT, ret, e);
}

static json_t *device_json(const struct device *d)
{
	json_t *obj = json_pack("{so,sI,so,so,so,so}", "name", text(d->name), "size",
		(json_int_t)d->size, "type", text(d->type), "uuid", text(d->uuid),
		"label", text(d->label), "last_mounted", text(d->last_mounted));

	if (d->number) {
		json_object_set_new(obj, "number", json_integer(d->number));
		json_object_set_new(obj, "start", json_integer((json_int_t)d->start));
		json_object_set_new(obj, "partuuid", text(d->partuuid));
		if (*d->partlabel)
			json_object_set_new(obj, "partlabel", text(d->partlabel));
	}
	if (d->fs_size)
		json_object_set_new(obj, "fs_size", json_integer((json_int_t)d->fs_size));
	if (d->on.n)
		json_object_set_new(obj, "on", strings(&d->on));
	return obj;
}

static json_t *disks_json(const struct machine *m)
{
	json_t *list = json_array();

	for (size_t i = 0; i < m->n_disks; i++) {
		json_t *disk = device_json(&m->disks[i]), *parts = json_array();

		json_object_set_new(disk, "serial", text(m->disks[i].serial));
		json_object_set_new(disk, "table", text(m->disks[i].table));
		json_object_set_new(disk, "boot_code", text(m->disks[i].boot_code));
		for (size_t k = 0; k < m->n_parts; k++)
			if (m->parts[k].disk == i)
				json_array_append_new(parts, device_json(&m->parts[k]));
		json_object_set_new(disk, "parts", parts);
		json_array_append_new(list, disk);
	}
	return list;
}

int report_scan_json(
	const struct machine *m, const struct guest *g, struct strbuf *ret, struct err *e)
{
	json_t *volumes = json_array(), *nets = json_array(), *top;

	for (size_t i = 0; i < m->n_volumes; i++)
		json_array_append_new(volumes, device_json(&m->volumes[i]));
	for (size_t i = 0; i < m->n_nets; i++)
		json_array_append_new(nets,
			json_pack("{so,so,so}", "name", text(m->nets[i].name), "mac",
				text(m->nets[i].mac), "driver", text(m->nets[i].driver)));
	top = json_pack("{si,ss,so,so,so,so,so}", "schema", 1, "version", XVD2VD_VERSION,
		"disks", disks_json(m), "volumes", volumes, "nets", nets, "root",
		text(m->root), "firmware", text(m->firmware));
	if (top && g) {
		json_object_set_new(top, "guest", guest_json(g));
		json_object_set_new(top, "kernels", kernels_json(g));
	}
	return dump(top, JSON_INDENT(2), ret, e);
}

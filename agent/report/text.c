/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report for a person. Each line is made one that a terminal survives: most of what is
 * told comes from the guest. */
#include <string.h>

#include "base/printable.h"
#include "report/report.h"

const char *result_name(enum result r)
{
	static const char *const names[] = {
		[RESULT_REPAIRED] = "repaired",
		[RESULT_UNCHANGED] = "unchanged",
		[RESULT_UNDONE] = "undone",
		[RESULT_FAILED] = "failed",
		[RESULT_USAGE] = "usage",
		[RESULT_REFUSED] = "refused",
		[RESULT_DEGRADED] = "degraded",
	};

	return names[r];
}

int result_status(enum result r)
{
	static const int status[] = {
		[RESULT_REPAIRED] = 0,
		[RESULT_UNCHANGED] = 0,
		[RESULT_UNDONE] = 0,
		[RESULT_FAILED] = 1,
		[RESULT_USAGE] = 2,
		[RESULT_REFUSED] = 3,
		[RESULT_DEGRADED] = 4,
	};

	return status[r];
}

void report_guest_text(const struct guest *g, struct strbuf *ret)
{
	const struct kernel *k = guest_default_kernel(g);

	printable_line(ret, "guest   %s%s%s, %s", *g->name ? g->name : g->id,
		*g->arch ? ", " : "", g->arch, init_system_name(g->init));
	printable_line(ret, "disks   %s, root on /dev/%s", layout_name(g->layout),
		g->root->name);
	printable_line(ret, "boot    %s%s%s", boot_style_name(g->boot),
		g->config ? ", " : "", g->config ? g->config : "");
	printable_line(ret, "kernel  %s%s%s", kernel_kind_name(g->kernel), k ? ", " : "",
		k ? k->release : "");
}

bool report_unchecked_text(const struct fs_check *c, struct strbuf *ret)
{
	if (c->result != FS_NOT_CHECKED)
		return false;
	strbuf_addf(ret,
		"%s (%s): %s; it was only looked at, a repair takes care of it first",
		c->device, c->type, c->detail);
	return true;
}

void report_filesystems_text(const struct fs_checks *l, struct strbuf *ret)
{
	for (size_t i = 0; l && i < l->n; i++) {
		const struct fs_check *c = &l->v[i];
		cleanup_(strbuf_done) struct strbuf text = {0};

		if (report_unchecked_text(c, &text))
			printable_line(
				ret, "warning " STR_FMT, STR_ARG(strbuf_str(&text)));
		else
			printable_line(ret, "check   %s (%s): %s%s%s: %s", c->device,
				c->type, c->check ? c->check : "", c->check ? ": " : "",
				fs_result_name(c->result), c->detail);
		ret->oom |= text.oom;
	}
}

/* What the guest has the old name for; else the first file that has it. */
static struct str role_of(const struct map_row *row)
{
	struct str first = {0};

	for (size_t i = 1; i < row->evidence.n; i++) {
		struct str named = str_from(row->evidence.v[i]);

		if (str_skip(&named, "fstab:"))
			return str_is(named, "/") ? STR("root") : named;
		if (i == 1)
			first = named;
	}
	return first;
}

static struct str short_name(const char *path)
{
	struct str name = str_from(path ? path : "gone");

	str_skip(&name, "/dev/");
	return name;
}

void report_map_text(const struct plan *p, bool utf8, struct strbuf *ret)
{
	size_t from = 0, to = 0;

	for (size_t i = 0; i < p->n_map; i++) {
		const size_t old = short_name(p->map[i].from).n,
			     new = short_name(p->map[i].to).n;

		from = old > from ? old : from;
		to = new > to ? new : to;
	}
	for (size_t i = 0; i < p->n_map; i++) {
		const struct map_row *row = &p->map[i];
		const struct str role = role_of(row), old = short_name(row->from),
				 new = short_name(row->to);

		printable_line(ret,
			"%-7s " STR_FMT "%*s %s " STR_FMT "%*s  (" STR_FMT "%s%s)",
			i ? "" : "map", STR_ARG(old), (int)(from - old.n), "",
			utf8 ? "──>" : "-->", STR_ARG(new), (int)(to - new.n), "",
			STR_ARG(role), role.n ? "; " : "",
			row->evidence.n ? row->evidence.v[0] : "");
	}
}

void report_plan_text(const struct plan *p, struct strbuf *ret)
{
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct step *s = &p->steps[i];

		printable_line(
			ret, "%2zu. %-7s %s", i + 1, step_kind_name(s->kind), s->path);
		printable_line(
			ret, "            " STR_FMT, STR_ARG(strbuf_str(&s->detail)));
	}
	report_left_text(p, ret);
}

void report_step_text(const struct plan *p, size_t step, struct strbuf *ret)
{
	const struct step *s = &p->steps[step];

	printable_line(ret, "[%2zu/%zu] %5u ms  %-7s %s", step + 1, p->n_steps, s->ms,
		step_kind_name(s->kind), s->path);
}

void report_left_text(const struct plan *p, struct strbuf *ret)
{
	for (size_t i = 0; i < p->n_pending; i++) {
		printable_line(ret, "pending %s", p->pending[i].id);
		printable_line(ret, "        %s", p->pending[i].detail);
	}
	STRV_FOREACH (w, &p->warnings)
		printable_line(ret, "warning %s", *w);
}

void report_checks_text(const struct verdict *v, bool failed_only, struct strbuf *ret)
{
	for (size_t i = 0; i < v->n; i++)
		if (!failed_only || !v->v[i].ok)
			printable_line(ret, "%-7s %s: %s", v->v[i].ok ? "ok" : "NOT OK",
				v->v[i].id, v->v[i].detail);
}

void report_verdict_text(const struct report *r, struct strbuf *ret)
{
	static const char *const next[] = {
		[RESULT_REPAIRED] =
			"the guest boots here now (xvd2vd undo takes it back)",
		[RESULT_UNCHANGED] = "there was nothing to do",
		[RESULT_UNDONE] = "the guest is as it was before the repair",
		[RESULT_FAILED] = "the guest is as it was before",
		[RESULT_USAGE] = "nothing was touched",
		[RESULT_REFUSED] = "nothing was touched",
		[RESULT_DEGRADED] =
			"the guest boots here; some work is left, see pending",
	};
	cleanup_(strbuf_done) struct strbuf took = {0};

	if (r->timing.total)
		strbuf_addf(&took, " after %u.%u s", r->timing.total / 1000,
			r->timing.total % 1000 / 100);
	ret->oom |= took.oom;
	if (r->planned_only)
		printable_line(ret, "plan: apply would end as %s%s%s",
			result_name(r->result), r->message ? ": " : "",
			r->message ? r->message : "");
	else
		printable_line(ret, "%s" STR_FMT ": %s", result_name(r->result),
			STR_ARG(strbuf_str(&took)),
			r->message ? r->message : next[r->result]);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report for a person. */
#include <string.h>

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

	strbuf_addf(ret, "guest   %s%s%s, %s\n", *g->name ? g->name : g->id,
		*g->arch ? ", " : "", g->arch, init_system_name(g->init));
	strbuf_addf(ret, "disks   %s, root on /dev/%s\n", layout_name(g->layout),
		g->root->name);
	strbuf_addf(ret, "boot    %s%s%s\n", boot_style_name(g->boot),
		g->config ? ", " : "", g->config ? g->config : "");
	strbuf_addf(ret, "kernel  %s%s%s\n", kernel_kind_name(g->kernel), k ? ", " : "",
		k ? k->release : "");
}

void report_map_text(const struct plan *p, struct strbuf *ret)
{
	for (size_t i = 0; i < p->n_map; i++) {
		const struct map_row *row = &p->map[i];
		const char *sep = "";

		strbuf_addf(ret, "map     %-11s -> %-11s (", row->from,
			row->to ? row->to : "gone");
		STRV_FOREACH (ev, &row->evidence) {
			strbuf_addf(ret, "%s%s", sep, *ev);
			sep = ", ";
		}
		strbuf_adds(ret, ")\n");
	}
}

void report_plan_text(const struct plan *p, struct strbuf *ret)
{
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct step *s = &p->steps[i];

		strbuf_addf(ret, "%-7s %s\n        " STR_FMT "\n",
			step_kind_name(s->kind), s->path,
			STR_ARG(strbuf_str(&s->detail)));
	}
	for (size_t i = 0; i < p->n_pending; i++)
		strbuf_addf(ret, "pending %s\n        %s\n", p->pending[i].id,
			p->pending[i].detail);
	STRV_FOREACH (w, &p->warnings)
		strbuf_addf(ret, "warning %s\n", *w);
}

void report_checks_text(const struct verdict *v, bool failed_only, struct strbuf *ret)
{
	for (size_t i = 0; i < v->n; i++)
		if (!failed_only || !v->v[i].ok)
			strbuf_addf(ret, "%-7s %s: %s\n", v->v[i].ok ? "ok" : "NOT OK",
				v->v[i].id, v->v[i].detail);
}

void report_verdict_text(const struct report *r, struct strbuf *ret)
{
	static const char *const next[] = {
		[RESULT_REPAIRED] = "the guest boots here now",
		[RESULT_UNCHANGED] = "there was nothing to do",
		[RESULT_UNDONE] = "the guest is as it was before the repair",
		[RESULT_FAILED] = "the guest is as it was before",
		[RESULT_USAGE] = "nothing was touched",
		[RESULT_REFUSED] = "nothing was touched",
		[RESULT_DEGRADED] =
			"the guest boots here; some work is left, see pending",
	};

	if (r->planned_only)
		strbuf_addf(ret, "plan: apply would end as %s\n", result_name(r->result));
	else
		strbuf_addf(ret, "%s: %s\n", result_name(r->result),
			r->message ? r->message : next[r->result]);
}

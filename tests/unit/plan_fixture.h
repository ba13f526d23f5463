/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A guest fixture with options: all that a rule decides from. */
#pragma once

#include "plan/plan.h"

#include "guest_fixture.h"

struct plan_fx {
	struct fx fx;
	struct options options;
	struct plan_input in;
	struct plan plan;
};

/* `set`: options, blanks between; NULL: none. */
static inline void plan_fx_load(struct plan_fx *p, const char *machine,
	const struct fx_file *files, size_t n, const char *set)
{
	struct str rest = str_from(set), word;

	*p = (struct plan_fx){0};
	fx_load(&p->fx, machine, files, n, true);
	options_init(&p->options);
	while (str_word(&rest, &word))
		ck_assert_int_eq(options_set(&p->options, word, NULL), 0);
	p->in = (struct plan_input){
		.snap = &p->fx.snap,
		.machine = &p->fx.machine,
		.guest = &p->fx.guest,
		.options = &p->options,
	};
}

static inline void plan_fx_done(struct plan_fx *p)
{
	plan_done(&p->plan);
	fx_done(&p->fx);
}

/* "id path" of each step, "pending id", "warning", one a line. Without what confirms the first
 * start, which comes with any other step. */
static inline void plan_fx_list(const struct plan *p, struct strbuf *ret)
{
	for (size_t i = 0; i < p->n_steps; i++) {
		if (strcmp(p->steps[i].id, "confirm") == 0)
			continue;
		strbuf_addf(ret, "%s %s%s%s\n", p->steps[i].id,
			p->steps[i].kind == STEP_REMOVE  ? "-"
			: p->steps[i].kind == STEP_LINK  ? "@"
			: p->steps[i].kind == STEP_GRAFT ? "+"
			: p->steps[i].kind == STEP_RUN   ? "!"
							 : "",
			p->steps[i].path,
			p->steps[i].status == STEP_PENDING ? " (pending)" : "");
	}
	for (size_t i = 0; i < p->n_pending; i++)
		strbuf_addf(ret, "pending %s\n", p->pending[i].id);
	if (p->warnings.n)
		strbuf_addf(ret, "warnings %zu\n", p->warnings.n);
}

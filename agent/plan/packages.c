/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See packages.h. */
#include <string.h>

#include "plan/packages.h"

/* One row a family. `refresh` asks the repositories what they have; `install` gets the
 * package's name behind it. */
static const struct tool {
	enum family family;
	const char *program, *database;
	const char *const refresh[8], *const install[12];
	const char *by_hand; /* for a person */
} tools[] = {
	{FAMILY_DEBIAN, "/usr/bin/apt-get", "dpkg", {"apt-get", "-q", "update"},
		{"apt-get", "-q", "-y", "--no-install-recommends", "-o",
			"Dpkg::Options::=--force-confdef", "-o",
			"Dpkg::Options::=--force-confold", "install"},
		"apt-get install"},
};

static const struct tool *find_tool(enum family family)
{
	for (size_t i = 0; i < ARRAY_SIZE(tools); i++)
		if (tools[i].family == family)
			return &tools[i];
	return NULL;
}

bool plan_can_install(const struct plan_input *in)
{
	const struct tool *t = find_tool(in->guest->family);

	return t && !in->offline && in->options->packages != PACKAGES_OFF &&
	       snapshot_exists(in->snap, t->program);
}

static struct step *add_run(struct plan *p, const char *id, const struct tool *t,
	const char *const *argv, size_t n)
{
	struct step *s = plan_add(p, STEP_RUN, id, t->program);

	if (!s)
		return NULL;
	s->network = true;
	for (size_t i = 0; i < n && argv[i]; i++)
		if (strv_adds(&s->argv, argv[i]) < 0)
			return NULL;
	return s;
}

/* The repositories are asked what they have once a run, before the first package. */
static int refresh(struct plan *p, const struct tool *t, bool needed, struct err *e)
{
	struct step *s;

	for (size_t i = 0; i < p->n_steps; i++)
		if (strcmp(p->steps[i].id, "packages") == 0)
			return 0;
	s = add_run(p, "packages", t, t->refresh, ARRAY_SIZE(t->refresh));
	if (!s)
		return err_oom(e);
	s->optional = !needed;
	step_note(s, "what the guest's repositories have");
	return 0;
}

int plan_install(const struct plan_input *in, struct plan *p,
	const struct wanted_package *w, struct err *e)
{
	const struct tool *t = find_tool(in->guest->family);
	struct step *s;
	int r;

	if (!plan_can_install(in))
		return plan_pend(p, w->id, e, "install %s, %s%s%s%s%s", w->name, w->why,
			t ? ": " : "", t ? t->by_hand : "", t ? " " : "",
			t ? w->name : "");
	r = refresh(p, t, w->needed, e);
	if (r < 0)
		return r;
	s = add_run(p, w->id, t, t->install, ARRAY_SIZE(t->install));
	if (!s || strv_adds(&s->argv, w->name) < 0 || !(s->package = strdup(w->name)) ||
		!(s->database = strdup(t->database)))
		return err_oom(e);
	s->optional = !w->needed;
	step_note(s, "%s %s, %s", t->by_hand, w->name, w->why);
	return 0;
}

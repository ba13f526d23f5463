/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See packages.h. */
#include <string.h>

#include "plan/packages.h"

/* One row a family. `refresh` asks the repositories what they have, once a run; `install` gets
 * the package's name behind it. */
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

static struct step *add_run(struct plan *p, const char *id, const char *program,
	const char *const *argv, size_t n)
{
	struct step *s = plan_add(p, STEP_RUN, id, program);

	if (!s)
		return NULL;
	s->optional = s->network = true;
	for (size_t i = 0; i < n && argv[i]; i++)
		if (strv_adds(&s->argv, argv[i]) < 0)
			return NULL;
	return s;
}

static bool is_refreshed(const struct plan *p, const struct tool *t)
{
	for (size_t i = 0; i < p->n_steps; i++)
		if (strcmp(p->steps[i].id, "packages") == 0 &&
			strcmp(p->steps[i].path, t->program) == 0)
			return true;
	return false;
}

int plan_install(const struct plan_input *in, struct plan *p, const char *id,
	const char *package, const char *why, struct err *e)
{
	const struct tool *t = find_tool(in->guest->family);
	struct step *s;

	if (!t)
		return plan_pend(p, id, e, "install %s, %s", package, why);
	if (in->offline || in->options->packages == PACKAGES_OFF ||
		!snapshot_exists(in->snap, t->program))
		return plan_pend(p, id, e, "install %s, %s: %s %s", package, why,
			t->by_hand, package);
	if (!is_refreshed(p, t)) {
		s = add_run(
			p, "packages", t->program, t->refresh, ARRAY_SIZE(t->refresh));
		if (!s)
			return err_oom(e);
		step_note(s, "what the guest's repositories have");
	}
	s = add_run(p, id, t->program, t->install, ARRAY_SIZE(t->install));
	if (!s || strv_adds(&s->argv, package) < 0 || !(s->package = strdup(package)) ||
		!(s->database = strdup(t->database)))
		return err_oom(e);
	step_note(s, "%s %s, %s", t->by_hand, package, why);
	return 0;
}

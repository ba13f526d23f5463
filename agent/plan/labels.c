/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See labels.h. Nobody labels files while the rescue system's kernel writes them; without a
 * label, or with another's, a guest that enforces its policy may not read them. */
#include <stdlib.h>

#include "plan/labels.h"
#include "text/file_contexts.h"
#include "text/shell_vars.h"

#define RELABEL "/.autorelabel"

struct policy {
	struct str specs, local, subs, subs_dist;
};

static bool read_file(
	const struct snapshot *snap, struct str type, const char *name, struct str *ret)
{
	cleanup_(free_charp) char *path = str_printf(
		"/etc/selinux/" STR_FMT "/contexts/files/%s", STR_ARG(type), name);

	*ret = STR("");
	return path && snapshot_data(snap, path, ret);
}

static bool read_policy(const struct snapshot *snap, struct policy *ret)
{
	cleanup_(strbuf_done) struct strbuf state = {0}, type = {0};
	struct str config;

	if (!snapshot_data(snap, "/etc/selinux/config", &config) ||
		!shell_vars_get(config, "SELINUX", &state) ||
		str_is(strbuf_str(&state), "disabled"))
		return false;
	if (!shell_vars_get(config, "SELINUXTYPE", &type))
		strbuf_adds(&type, "targeted");
	if (!read_file(snap, strbuf_str(&type), "file_contexts", &ret->specs))
		return false;
	(void)read_file(snap, strbuf_str(&type), "file_contexts.local", &ret->local);
	(void)read_file(snap, strbuf_str(&type), "file_contexts.subs", &ret->subs);
	(void)read_file(
		snap, strbuf_str(&type), "file_contexts.subs_dist", &ret->subs_dist);
	return true;
}

static int label(const struct policy *policy, struct step *s, struct err *e)
{
	const enum file_contexts_type type =
		s->kind == STEP_LINK ? FILE_CONTEXTS_LINK : FILE_CONTEXTS_FILE;
	cleanup_(free_charp) char *by_admin =
		file_contexts_substitute(policy->subs, str_from(s->path));
	cleanup_(free_charp) char *path =
		by_admin ? file_contexts_substitute(policy->subs_dist, str_from(by_admin))
			 : NULL;
	struct str context;

	if (!path)
		return err_oom(e);
	if (!file_contexts_find(
		    policy->specs, policy->local, str_from(path), type, &context))
		return 0;
	s->label = str_dup(context);
	return s->label ? 0 : err_oom(e);
}

static bool brings_package(const struct plan *p)
{
	for (size_t i = 0; i < p->n_steps; i++)
		if (p->steps[i].package)
			return true;
	return false;
}

/* What a package brings nobody labels either, and how many files that is only its own scripts
 * know: the guest looks through all of them at its next start, as its own tools ask for it. */
static int ask_relabel(const struct snapshot *snap, struct plan *p, struct err *e)
{
	struct step *s;

	if (!brings_package(p) || snapshot_exists(snap, RELABEL))
		return 0;
	s = plan_add(p, STEP_WRITE, "labels", RELABEL);
	if (!s)
		return err_oom(e);
	s->mode = 0644;
	step_note(s, "the guest labels what the package brings, at its next start");
	return 0;
}

int labels_build(const struct snapshot *snap, struct plan *p, struct err *e)
{
	struct policy policy;
	int r;

	if (!read_policy(snap, &policy))
		return 0;
	r = ask_relabel(snap, p, e);
	for (size_t i = 0; i < p->n_steps && r >= 0; i++) {
		struct step *s = &p->steps[i];

		if ((s->kind == STEP_WRITE || s->kind == STEP_LINK) &&
			!snapshot_exists(snap, s->path))
			r = label(&policy, s, e);
	}
	return r;
}

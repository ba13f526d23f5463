/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See draft.h. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "plan/draft.h"

/* The path behind all links: where the bytes are. */
static const char *real_path(const struct plan_input *in, const char *path)
{
	const struct snap_entry *ent = snapshot_find(in->snap, path);

	return ent && ent->kind == SNAP_LINK && ent->real ? ent->real : path;
}

bool draft_read(const struct plan_input *in, const struct plan *p, const char *path,
	struct str *ret)
{
	const struct step *s = plan_step_for(p, real_path(in, path));

	if (s && s->kind == STEP_WRITE) {
		*ret = strbuf_str(&s->content);
		return true;
	}
	return !s && snapshot_data(in->snap, path, ret);
}

bool draft_exists(const struct plan_input *in, const struct plan *p, const char *path)
{
	const struct step *s = plan_step_for(p, path);

	return s ? s->kind != STEP_REMOVE : snapshot_exists(in->snap, path);
}

static void note(struct step *s, const char *fmt, va_list ap) printf_like(2, 0);
static void note(struct step *s, const char *fmt, va_list ap)
{
	char text[256];

	vsnprintf(text, sizeof(text), fmt, ap);
	step_note(s, "%s", text);
}

int draft_write(const struct plan_input *in, struct plan *p, const char *id,
	const char *path, struct strbuf *content, unsigned mode_if_new, struct err *e,
	const char *fmt, ...)
{
	const char *real = real_path(in, path);
	struct step *s = plan_step_for(p, real);
	const char *problem = s ? NULL : snapshot_problem(in->snap, path);
	va_list ap;

	/* What is there was never seen: it must not be written over. */
	if (problem)
		return plan_warn(p, e, "%s is left alone: %s", path, problem);
	if (!s)
		s = plan_add(p, STEP_WRITE, id, real);
	if (!s)
		return err_oom(e);
	s->kind = STEP_WRITE;
	s->mode = mode_if_new;
	strbuf_done(&s->content);
	s->content = *content;
	*content = (struct strbuf){0};
	va_start(ap, fmt);
	note(s, fmt, ap);
	va_end(ap);
	return strbuf_err(&s->content) < 0 || strbuf_err(&s->detail) < 0 ? err_oom(e) : 0;
}

int draft_remove(const struct plan_input *in, struct plan *p, const char *id,
	const char *path, struct err *e, const char *fmt, ...)
{
	struct step *s;
	va_list ap;

	if (!draft_exists(in, p, path))
		return 0;
	s = plan_step_for(p, path);
	if (!s)
		s = plan_add(p, STEP_REMOVE, id, path);
	if (!s)
		return err_oom(e);
	s->kind = STEP_REMOVE;
	va_start(ap, fmt);
	note(s, fmt, ap);
	va_end(ap);
	return 0;
}

int draft_link(const struct plan_input *in, struct plan *p, const char *id,
	const char *path, const char *target, struct err *e)
{
	struct step *s;

	if (draft_exists(in, p, path))
		return 0;
	s = plan_add(p, STEP_LINK, id, path);
	if (!s)
		return err_oom(e);
	strbuf_adds(&s->content, target);
	step_note(s, "-> %s", target);
	return strbuf_err(&s->content) < 0 ? err_oom(e) : 0;
}

int draft_edit(const struct plan_input *in, struct plan *p, const char *id,
	const char *path, draft_editor edit, const void *request, const char *text,
	struct err *e)
{
	const char *problem = snapshot_problem(in->snap, path);
	cleanup_(strbuf_done) struct strbuf out = {0};
	const struct snap_entry *ent;
	struct str data;
	int r;

	if (!draft_read(in, p, path, &data)) {
		ent = snapshot_find(in->snap, path);
		if (ent && ent->kind == SNAP_LINK && !ent->real)
			problem = "a link that leads nowhere";
		return problem ? plan_warn(p, e, "%s is left alone: %s", path, problem)
			       : 0;
	}
	if (str_has_nul(data))
		return plan_warn(p, e, "%s is left alone: it holds NUL bytes", path);
	r = edit(data, request, &out, e);
	if (r < 0)
		return err_wrap(e, r, "%s", path);
	if (r == 0)
		return 0;
	return draft_write(in, p, id, path, &out, 0644, e, "%s", text);
}

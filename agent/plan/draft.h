/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest's files as they will be: the snapshot with the plan's steps on top. Rules read
 * and write through here, so that several can edit one file one after the other. */
#pragma once

#include "plan/plan.h"

/* Bytes of the file as the plan has it so far; links followed. False: not there, removed, or
 * not readable. */
bool draft_read(const struct plan_input *in, const struct plan *p, const char *path,
	struct str *ret);

/* New content for the file behind `path` (taken from *content). `id` names the rule; the note
 * says what changed. Replaces what an earlier rule made of it. */
int draft_write(const struct plan_input *in, struct plan *p, const char *id,
	const char *path, struct strbuf *content, unsigned mode_if_new, struct err *e,
	const char *fmt, ...) must_check printf_like(8, 9);
int draft_remove(const struct plan_input *in, struct plan *p, const char *id,
	const char *path, struct err *e, const char *fmt, ...) must_check
	printf_like(6, 7);
int draft_link(const struct plan_input *in, struct plan *p, const char *id,
	const char *path, const char *target, struct err *e) must_check;
/* True if the path is there now and not removed by the plan, or made by it. */
bool draft_exists(const struct plan_input *in, const struct plan *p, const char *path);

/* Runs one of text/'s editors over a file: what every rule that edits does. `edit` answers
 * as editors do. `note` is added when it changed something. */
typedef int (*draft_editor)(
	struct str in, const void *request, struct strbuf *ret_out, struct err *e);
int draft_edit(const struct plan_input *in, struct plan *p, const char *id,
	const char *path, draft_editor edit, const void *request, const char *note,
	struct err *e) must_check;

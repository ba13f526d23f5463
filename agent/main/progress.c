/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See progress.h. */
#include <string.h>

#include "base/printable.h"
#include "main/progress.h"
#include "sys/notify.h"

enum { ERROR = 3, WARNING = 4, INFO = 6 }; /* as syslog(3) counts */

void progress_begin(void)
{
	notify_ready();
	notify_status("looking for the guest");
}

static void log_done(const struct step *s)
{
	cleanup_(strbuf_done) struct strbuf text = {0}, line = {0};

	strbuf_addf(&text, "%s: " STR_FMT, s->path, STR_ARG(strbuf_str(&s->detail)));
	printable_add(&line, strbuf_str(&text), "");
	if (!text.oom && !line.oom)
		notify_journal(&(struct notify_entry){
			NOTIFY_STEP, INFO, line.p, .step = s->id, .path = s->path});
}

void progress_step(void *ctx, const struct plan *p, size_t step, const char *status)
{
	const struct step *s = &p->steps[step];
	cleanup_(strbuf_done) struct strbuf line = {0};

	(void)ctx;
	if (strcmp(status, "done") == 0) {
		log_done(s);
		return;
	}
	printable_line(
		&line, "step %zu of %zu: %s, %s", step + 1, p->n_steps, s->id, s->path);
	if (!line.oom)
		notify_status(line.p);
}

void progress_result(const struct report *r)
{
	const bool bad = result_status(r->result) != 0;
	cleanup_(strbuf_done) struct strbuf line = {0};

	report_verdict_text(r, &line);
	if (line.oom)
		return;
	line.p[strcspn(line.p, "\n")] = '\0';
	notify_status(line.p);
	if (r->planned_only)
		return;
	notify_journal(&(struct notify_entry){NOTIFY_RESULT,
		r->result == RESULT_DEGRADED ? WARNING
		: bad                        ? ERROR
					     : INFO,
		line.p, .result = result_name(r->result)});
}

void progress_trouble(const char *step, const char *text)
{
	notify_journal(
		&(struct notify_entry){NOTIFY_TROUBLE, WARNING, text, .step = step});
}

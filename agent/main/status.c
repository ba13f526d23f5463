/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See status.h. The file lies in the guest: whatever is in it is checked and shown without
 * control bytes. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>

#include "base/printable.h"
#include "main/disk_work.h"
#include "main/history.h"
#include "main/status.h"

#define REPORT "/var/lib/xvd2vd/report.json"
#define MAX_REPORT ((size_t)1 << 20)

static void add_line(struct strbuf *ret, const char *name, const char *value)
{
	if (value)
		printable_line(ret, "%-8s%s", name, value);
}

static const char *member(const json_t *obj, const char *key)
{
	return json_string_value(json_object_get(obj, key));
}

static void describe(const json_t *report, struct strbuf *ret)
{
	const json_t *step, *work;
	size_t i;

	add_line(ret, "result", member(report, "result"));
	add_line(ret, "when", member(report, "finished"));
	add_line(ret, "version", member(report, "version"));
	add_line(ret, "message", member(report, "message"));
	json_array_foreach(json_object_get(report, "steps"), i, step)
	{
		const char *status = member(step, "status"), *path = member(step, "path"),
			   *detail = member(step, "detail");

		printable_line(ret, "%-8s%s %s: %s", i ? "" : "steps",
			status ? status : "", path ? path : "", detail ? detail : "");
	}
	json_array_foreach(json_object_get(report, "pending"), i, work)
		add_line(ret, i ? "" : "pending", member(work, "detail"));
}

/* Written anew: the guest's own bytes could have control characters between the values. */
static void add_json(const json_t *report, struct strbuf *ret)
{
	char *line = json_dumps(report, JSON_COMPACT);

	strbuf_adds(ret, line ? line : "");
	strbuf_addc(ret, '\n');
	ret->oom |= !line;
	free(line);
}

/* *ret NULL: there is none. */
static int read_report(const struct root *r, json_t **ret, struct err *e)
{
	cleanup_(free_charp) char *text = NULL;
	size_t n;
	int q = root_read(r, REPORT, MAX_REPORT, &text, &n, e);

	*ret = NULL;
	if (q == -ENOENT)
		return 0;
	if (q < 0)
		return err_wrap(e, q, REPORT);
	*ret = json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(*ret))
		return 0;
	json_decref(*ret);
	*ret = NULL;
	return err_set(e, -EINVAL, REPORT " is not a report of xvd2vd's");
}

/* The report, or an empty object, with the history in it. */
static void add_all_json(json_t *report, const struct history *h, struct strbuf *ret)
{
	json_t *top = report ? json_incref(report) : json_object();

	ret->oom |= json_object_set_new(top, "history", history_json(h)) < 0;
	add_json(top, ret);
	json_decref(top);
}

int status_text(const struct root *r, bool json, struct strbuf *ret, struct err *e)
{
	cleanup_(history_done) struct history h = {0};
	json_t *report;
	int q = read_report(r, &report, e);

	/* The history is told all the same. */
	if (q < 0 && q != -ENOMEM) {
		report = json_pack("{ss}", "message", e->text);
		q = report ? 0 : err_oom(e);
	}
	if (q >= 0)
		q = history_read(r, &h, e);
	if (q >= 0 && !report && !h.runs.n)
		strbuf_adds(ret, json ? "null\n" : "nothing was done here\n");
	else if (q >= 0 && json)
		add_all_json(report, &h, ret);
	else if (q >= 0 && report)
		describe(report, ret);
	if (q >= 0 && !json) {
		history_text(&h, ret);
		disk_work_text(r, ret);
	}
	json_decref(report);
	if (q < 0)
		return q;
	return strbuf_err(ret) < 0 ? err_oom(e) : 0;
}

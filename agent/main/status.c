/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See status.h. The file lies in the guest: whatever is in it is checked and shown without
 * control bytes. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>

#include "base/printable.h"
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

int status_text(const struct root *r, bool json, struct strbuf *ret, struct err *e)
{
	cleanup_(free_charp) char *text = NULL;
	json_t *report;
	size_t n;
	int err = root_read(r, REPORT, MAX_REPORT, &text, &n, e);

	if (err == -ENOENT) {
		strbuf_adds(ret, json ? "null\n" : "nothing was done here\n");
		return 0;
	}
	if (err < 0)
		return err_wrap(e, err, REPORT);
	report = json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(report)) {
		json_decref(report);
		return err_set(e, -EINVAL, REPORT " is not a report of xvd2vd's");
	}
	if (json)
		add_json(report, ret);
	else
		describe(report, ret);
	json_decref(report);
	return strbuf_err(ret) < 0 ? err_oom(e) : 0;
}

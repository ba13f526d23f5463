/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See port.h. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "host/port.h"
#include "host/report.h"

typedef void progress_fn(void *arg, const struct port_progress *m);

void port_done(struct port *p)
{
	strbuf_done(&p->line);
	json_decref(p->report);
	*p = (struct port){0};
}

/* Before the parser sees it: jansson recurses, up to 2048 levels. */
static bool too_deep(struct str s, unsigned max)
{
	unsigned depth = 0;
	bool quoted = false;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (quoted) {
			if (c == '\\')
				i++;
			else if (c == '"')
				quoted = false;
		} else if (c == '"') {
			quoted = true;
		} else if (c == '[' || c == '{') {
			if (++depth > max)
				return true;
		} else if ((c == ']' || c == '}') && depth) {
			depth--;
		}
	}
	return false;
}

json_t *port_parse_json(struct str text, unsigned depth, struct err *e)
{
	json_error_t je;
	json_t *v;

	if (too_deep(text, depth)) {
		err_set(e, -EBADMSG, "JSON nested more than %u levels deep", depth);
		return NULL;
	}
	v = json_loadb(text.p ? text.p : "", text.n, JSON_REJECT_DUPLICATES, &je);
	if (!v)
		err_set(e,
			json_error_code(&je) == json_error_out_of_memory ? -ENOMEM
									 : -EBADMSG,
			"not valid JSON at byte %d", je.position);
	return v;
}

static bool copy_string(char *to, size_t size, const json_t *v)
{
	if (!json_is_string(v))
		return false;
	snprintf(to, size, "%.*s", (int)json_string_length(v), json_string_value(v));
	return true;
}

static bool to_progress(const json_t *o, struct port_progress *ret)
{
	const json_t *step = json_object_get(o, "step"), *of = json_object_get(o, "of");
	json_int_t s = json_integer_value(step), n = json_integer_value(of);

	*ret = (struct port_progress){0};
	if (!json_is_integer(step) || !json_is_integer(of) || s < 0 || n < 1 || s > n ||
		n > 1000000)
		return false;
	ret->step = (unsigned)s;
	ret->of = (unsigned)n;
	return copy_string(ret->id, sizeof(ret->id), json_object_get(o, "id")) &&
	       copy_string(
		       ret->status, sizeof(ret->status), json_object_get(o, "status"));
}

static int take_line(struct port *p, struct str line, progress_fn *progress, void *arg)
{
	struct port_progress m;
	json_t *o;
	int r = 0;

	line = str_trim(line);
	if (!line.n)
		return 0;
	if (++p->lines > PORT_LINES_MAX) {
		p->deaf = true;
		return err_set(&p->why, -EOVERFLOW, "more than %d lines", PORT_LINES_MAX);
	}
	o = port_parse_json(line, PORT_DEPTH_MAX, &p->why);
	if (!o)
		return p->why.code;
	if (!json_is_object(o)) {
		r = err_set(&p->why, -EBADMSG, "a line that is no JSON object");
	} else if (json_object_get(o, "schema")) {
		r = report_check(o, &p->why);
		/* The first report stands: nothing the guest says later changes it. */
		if (!r && !p->report)
			p->report = json_incref(o);
	} else if (!to_progress(o, &m)) {
		r = err_set(&p->why, -EBADMSG, "neither progress nor a report");
	} else if (!p->report && progress) {
		progress(arg, &m);
	}
	json_decref(o);
	return r;
}

static int end_line(struct port *p, progress_fn *progress, void *arg)
{
	int r = 0;

	if (p->skipping)
		r = err_set(&p->why, -EOVERFLOW, "a line longer than %d bytes",
			PORT_LINE_MAX);
	else
		r = take_line(p, strbuf_str(&p->line), progress, arg);
	p->skipping = false;
	strbuf_reset(&p->line);
	if (r == -ENOMEM)
		return r;
	if (r < 0)
		p->bad_lines++;
	return 0;
}

int port_feed(struct port *p, struct str bytes, progress_fn *progress, void *arg)
{
	if (p->deaf)
		return 0;
	if (bytes.n > PORT_TOTAL_MAX - p->total) {
		bytes = str_upto(bytes, PORT_TOTAL_MAX - p->total);
		p->deaf = true;
		p->bad_lines++;
		err_set(&p->why, -EOVERFLOW, "more than %d bytes", PORT_TOTAL_MAX);
	}
	p->total += bytes.n;
	while (bytes.n) {
		const char *nl = memchr(bytes.p, '\n', bytes.n);
		struct str part = nl ? str_range(bytes.p, nl) : bytes;
		int r;

		if (part.n > PORT_LINE_MAX - p->line.n)
			p->skipping = true;
		if (p->skipping)
			strbuf_reset(&p->line);
		else
			strbuf_add(&p->line, part);
		if (p->line.oom)
			return -ENOMEM;
		if (!nl)
			return 0;
		r = end_line(p, progress, arg);
		if (r < 0)
			return r;
		bytes = str_from_pos(bytes, part.n + 1);
	}
	return 0;
}

int port_end(struct port *p, progress_fn *progress, void *arg)
{
	if (p->deaf || (!p->line.n && !p->skipping))
		return 0;
	return end_line(p, progress, arg);
}

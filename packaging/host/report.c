/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See report.h. */
#include <errno.h>
#include <string.h>

#include "host/report.h"
#include "host/show.h"

enum {
	ROWS_MAX = 40,     /* of one list; the report itself has them all */
	NAME_COLUMNS = 40, /* characters of a name or a path */
	TEXT_MAX = 160,    /* characters of a detail */
	MESSAGE_MAX = 1000,
	LABEL_WIDTH = 9, /* "warnings " */
};

static const struct {
	const char *result;
	int status;
} results[] = {
	{"repaired", 0},
	{"unchanged", 0},
	{"undone", 0},
	{"failed", 1},
	{"usage", EXIT_USAGE},
	{"refused", 3},
	{"degraded", 4},
};

static int result_status(const json_t *report)
{
	const char *name = json_string_value(json_object_get(report, "result"));

	for (size_t i = 0; name && i < ARRAY_SIZE(results); i++)
		if (!strcmp(results[i].result, name))
			return results[i].status;
	return -1;
}

static bool objects_only(const json_t *list)
{
	size_t i;
	const json_t *v;

	json_array_foreach(list, i, v)
	{
		if (!json_is_object(v))
			return false;
	}
	return true;
}

/* Lists that must hold objects; `pending` and `warnings` may hold strings as well. */
static int check_list(const json_t *o, const char *key, bool texts_too, struct err *e)
{
	const json_t *list = json_object_get(o, key);

	if (!list)
		return 0;
	if (!json_is_array(list) || (!texts_too && !objects_only(list)))
		return err_set(
			e, -EBADMSG, "report: \"%s\" is not what it should be", key);
	return 0;
}

int report_check(const json_t *report, struct err *e)
{
	static const char *const objects[] = {"guest", "verify", "timing_ms"};
	const json_t *schema = json_object_get(report, "schema");
	int r;

	if (!json_is_object(report))
		return err_set(e, -EBADMSG, "report: not an object");
	if (!json_is_integer(schema) || json_integer_value(schema) != REPORT_SCHEMA)
		return err_set(e, -EBADMSG,
			"report: not of schema %d, the one known here", REPORT_SCHEMA);
	if (result_status(report) < 0)
		return err_set(
			e, -EBADMSG, "report: its result is none that is known here");
	for (size_t i = 0; i < ARRAY_SIZE(objects); i++) {
		const json_t *v = json_object_get(report, objects[i]);

		if (v && !json_is_object(v) && !json_is_null(v))
			return err_set(
				e, -EBADMSG, "report: \"%s\" is no object", objects[i]);
	}
	r = check_list(report, "map", false, e);
	if (!r)
		r = check_list(report, "filesystems", false, e);
	if (!r)
		r = check_list(report, "steps", false, e);
	if (!r)
		r = check_list(report, "pending", true, e);
	if (!r)
		r = check_list(report, "warnings", true, e);
	if (!r)
		r = check_list(json_object_get(report, "verify"), "checks", false, e);
	return r;
}

int report_status(const json_t *report)
{
	return result_status(report);
}

struct table {
	struct strbuf *out;
	bool utf8;
};

static void show(struct table *t, const json_t *v, size_t max)
{
	if (json_is_string(v))
		show_text(t->out,
			(struct str){json_string_value(v), json_string_length(v)}, max,
			t->utf8);
	else if (json_is_integer(v))
		strbuf_addf(t->out, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
	else if (json_is_boolean(v))
		strbuf_adds(t->out, json_is_true(v) ? "yes" : "no");
	else
		strbuf_addc(t->out, '-');
}

/* The label stands before the first row of its group only. */
static void label(struct table *t, const char *name, size_t row)
{
	strbuf_addf(t->out, "%-*s ", LABEL_WIDTH, row ? "" : name);
}

/* The end of a name, since paths that begin alike differ there; no part of a character. */
static struct str end_of(struct str s, size_t max)
{
	size_t from = s.n > max ? s.n - max : 0;

	while (from < s.n && (s.p[from] & 0xc0) == 0x80)
		from++;
	return str_from_pos(s, from);
}

/* A value, padded to a column. Padding counts bytes: the names in the columns are ASCII. */
static void column(struct table *t, const json_t *o, const char *key, size_t width)
{
	static const char dots[] = "...";
	const json_t *v = json_object_get(o, key);
	struct str s = {json_string_value(v), json_string_length(v)};
	size_t from = t->out->n;

	if (s.n > NAME_COLUMNS) {
		strbuf_adds(t->out, dots);
		show_text(t->out, end_of(s, NAME_COLUMNS - (sizeof(dots) - 1)),
			NAME_COLUMNS, t->utf8);
	} else {
		show(t, v, NAME_COLUMNS);
	}
	strbuf_pad(t->out, ' ', from + width);
	strbuf_addc(t->out, ' ');
}

static void detail(struct table *t, const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	if (json_is_string(v) && json_string_length(v))
		show(t, v, TEXT_MAX);
	while (t->out->n && t->out->p[t->out->n - 1] == ' ')
		t->out->n--;
	strbuf_addc(t->out, '\n');
}

static void and_more(struct table *t, const char *name, size_t shown, size_t all)
{
	if (shown == all)
		return;
	label(t, name, shown);
	strbuf_addf(t->out, "and %zu more\n", all - shown);
}

/* Why it failed or was refused, and what to do about it: whole. */
static void show_message(struct table *t, const json_t *message)
{
	if (!json_is_string(message) || !json_string_length(message))
		return;
	label(t, "why", 0);
	show(t, message, MESSAGE_MAX);
	strbuf_addc(t->out, '\n');
}

static void show_guest(struct table *t, const json_t *guest)
{
	static const char *const keys[] = {
		"id", "version", "arch", "init", "layout", "boot", "kernel"};
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const json_t *v = json_object_get(guest, keys[i]);

		if (!json_is_string(v) || !json_string_length(v))
			continue;
		if (!n)
			label(t, "guest", 0);
		else
			strbuf_adds(t->out, i == 1 ? " " : ", ");
		show(t, v, NAME_COLUMNS);
		n++;
	}
	if (n)
		strbuf_addc(t->out, '\n');
}

static void show_map(struct table *t, const json_t *map)
{
	size_t all = json_array_size(map), i;

	for (i = 0; i < all && i < ROWS_MAX; i++) {
		const json_t *row = json_array_get(map, i);
		const json_t *to = json_object_get(row, "to");
		const json_t *evidence = json_object_get(row, "evidence");

		label(t, "map", i);
		column(t, row, "from", 12);
		strbuf_adds(t->out, t->utf8 ? "──> " : "--> ");
		if (json_is_null(to))
			strbuf_adds(t->out, "gone");
		else
			show(t, to, NAME_COLUMNS);
		for (size_t k = 0; k < json_array_size(evidence) && k < 8; k++) {
			strbuf_adds(t->out, k ? ", " : "  (");
			show(t, json_array_get(evidence, k), NAME_COLUMNS);
		}
		strbuf_adds(t->out, json_array_size(evidence) ? ")\n" : "\n");
	}
	and_more(t, "map", i, all);
}

struct shown {
	const char *key;
	size_t width;
};

/* A list of objects, some members of each in columns and its detail behind them. */
static void show_rows(
	struct table *t, const char *name, const json_t *list, const struct shown v[3])
{
	size_t all = json_array_size(list), i;

	for (i = 0; i < all && i < ROWS_MAX; i++) {
		const json_t *row = json_array_get(list, i);

		label(t, name, i);
		for (size_t k = 0; k < 3; k++)
			column(t, row, v[k].key, v[k].width);
		detail(t, row, "detail");
	}
	and_more(t, name, i, all);
}

/* What a check of a file system came to before the guest was touched. */
static void show_filesystems(struct table *t, const json_t *list)
{
	static const struct shown v[] = {{"device", 12}, {"type", 6}, {"result", 9}};

	show_rows(t, "checked", list, v);
}

static void show_steps(struct table *t, const json_t *steps)
{
	static const struct shown v[] = {{"status", 7}, {"id", 14}, {"path", 24}};

	show_rows(t, "steps", steps, v);
}

/* What holds is one number; what does not is listed. */
static void show_verify(struct table *t, const json_t *verify)
{
	const json_t *checks = json_object_get(verify, "checks");
	const json_t *bootable = json_object_get(verify, "bootable");
	size_t all = json_array_size(checks), bad = 0, shown = 0;

	if (!json_is_object(verify))
		return;
	for (size_t i = 0; i < all; i++)
		bad += !json_is_true(json_object_get(json_array_get(checks, i), "ok"));
	label(t, "verify", 0);
	strbuf_addf(t->out, "%s, %zu of %zu checks hold\n",
		json_is_true(bootable)    ? "bootable"
		: json_is_false(bootable) ? "not bootable"
					  : "not decided",
		all - bad, all);
	for (size_t i = 0; i < all && shown < ROWS_MAX; i++) {
		const json_t *row = json_array_get(checks, i);

		if (json_is_true(json_object_get(row, "ok")))
			continue;
		label(t, "", 0);
		strbuf_adds(t->out, "FAILED  ");
		column(t, row, "id", 14);
		detail(t, row, "detail");
		shown++;
	}
	and_more(t, "", shown, bad);
}

/* Entries are texts, or objects shown by what a reader needs of them. */
static void show_texts(struct table *t, const char *name, const json_t *list)
{
	static const char *const keys[] = {"id", "path", "text", "message", "detail"};
	size_t all = json_array_size(list), i;

	for (i = 0; i < all && i < ROWS_MAX; i++) {
		const json_t *v = json_array_get(list, i);
		size_t n = 0;

		label(t, name, i);
		if (!json_is_object(v))
			show(t, v, TEXT_MAX);
		for (size_t k = 0; k < ARRAY_SIZE(keys); k++) {
			const json_t *s = json_object_get(v, keys[k]);

			if (!json_is_string(s) || !json_string_length(s))
				continue;
			if (n++)
				strbuf_addc(t->out, ' ');
			show(t, s, TEXT_MAX);
		}
		strbuf_addc(t->out, '\n');
	}
	and_more(t, name, i, all);
}

static void show_timing(struct table *t, const json_t *timing)
{
	static const char *const keys[] = {
		"kernel", "devices", "scan", "apply", "verify", "total"};
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const json_t *v = json_object_get(timing, keys[i]);

		if (!json_is_integer(v))
			continue;
		if (!n++)
			label(t, "timing", 0);
		else
			strbuf_adds(t->out, ", ");
		strbuf_addf(t->out, "%s %" JSON_INTEGER_FORMAT " ms", keys[i],
			json_integer_value(v));
	}
	if (n)
		strbuf_addc(t->out, '\n');
}

void report_table(struct strbuf *out, const json_t *report, bool utf8)
{
	struct table t = {out, utf8};
	const json_t *mode = json_object_get(report, "mode");
	const json_t *version = json_object_get(report, "version");

	label(&t, "result", 0);
	show(&t, json_object_get(report, "result"), NAME_COLUMNS);
	if (json_is_string(mode)) {
		strbuf_adds(out, "  (mode ");
		show(&t, mode, NAME_COLUMNS);
		if (json_is_string(version)) {
			strbuf_adds(out, ", xvd2vd ");
			show(&t, version, NAME_COLUMNS);
		}
		strbuf_addc(out, ')');
	}
	strbuf_addc(out, '\n');
	show_message(&t, json_object_get(report, "message"));
	show_guest(&t, json_object_get(report, "guest"));
	show_map(&t, json_object_get(report, "map"));
	show_filesystems(&t, json_object_get(report, "filesystems"));
	show_steps(&t, json_object_get(report, "steps"));
	show_verify(&t, json_object_get(report, "verify"));
	show_texts(&t, "pending", json_object_get(report, "pending"));
	show_texts(&t, "warnings", json_object_get(report, "warnings"));
	show_timing(&t, json_object_get(report, "timing_ms"));
}

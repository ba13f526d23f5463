/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See history.h. The files lie in the guest: what is in them is shown without control bytes. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "apply/packages.h"
#include "base/printable.h"
#include "main/history.h"

#define CONFIRMED "/var/lib/xvd2vd/confirmed"
#define MAX_CONFIRMED ((size_t)4 << 10)

static const char *const states[] = {
	[TXN_DONE] = "done",
	[TXN_PARTLY_UNDONE] = "partly undone",
	[TXN_UNDONE] = "undone",
	[TXN_TAKEN_BACK] = "taken back",
	[TXN_UNFINISHED] = "unfinished",
	[TXN_DAMAGED] = "damaged",
};

void history_done(struct history *h)
{
	txn_history_done(&h->runs);
	free(h->run);
	free(h->when);
	free(h->kernel);
	free(h->root);
	*h = (struct history){0};
}

/* Without what no terminal or JSON should see. */
static char *clean(struct str value)
{
	cleanup_(strbuf_done) struct strbuf b = {0};

	printable_add(&b, value, "");
	return strbuf_take(&b);
}

static int read_confirmed(const struct root *r, struct history *h, struct err *e)
{
	const struct {
		const char *key;
		char **to;
	} keys[] = {
		{"run", &h->run},
		{"when", &h->when},
		{"kernel", &h->kernel},
		{"root", &h->root},
	};
	cleanup_(free_charp) char *text = NULL;
	struct str key, value;
	size_t n;
	int q = root_read(r, CONFIRMED, MAX_CONFIRMED, &text, &n, NULL);

	if (q == -ENOMEM)
		return err_oom(e);
	if (q < 0)
		return 0; /* it does not say so */
	STR_FOREACH_LINE (line, ((struct str){text, n})) {
		if (!str_cut(str_chomp(line), '=', &key, &value))
			continue;
		for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
			if (!str_is(key, keys[i].key) || *keys[i].to)
				continue;
			*keys[i].to = clean(value);
			if (!*keys[i].to)
				return err_oom(e);
		}
	}
	return 0;
}

int history_read(const struct root *r, struct history *ret, struct err *e)
{
	struct history h = {.tree = r};
	int q = txn_history(r, &h.runs, e);

	if (q >= 0)
		q = read_confirmed(r, &h, e);
	if (q < 0) {
		history_done(&h);
		return q;
	}
	*ret = h;
	return 0;
}

static bool confirms(const struct history *h, const struct txn_run *run)
{
	return h->run && h->when && strcmp(h->run, run->id) == 0;
}

static const char *date(int64_t when, char ret[32])
{
	const time_t t = (time_t)when;
	struct tm utc;

	if (when <= 0 || !gmtime_r(&t, &utc) ||
		!strftime(ret, 32, "%Y-%m-%dT%H:%M:%SZ", &utc))
		strcpy(ret, "-");
	return ret;
}

static void describe(const struct history *h, const struct txn_run *run, bool first,
	struct strbuf *ret)
{
	cleanup_(strbuf_done) struct strbuf line = {0};
	char when[32];

	strbuf_addf(&line, "%-8s%s  %s  %s  %s", first ? "history" : "", run->id,
		date(run->when, when), run->version ? run->version : "-",
		states[run->state]);
	if (run->state == TXN_PARTLY_UNDONE)
		strbuf_addf(&line, ", %zu of %zu changes", run->undone, run->changes);
	else if (run->state != TXN_DAMAGED)
		strbuf_addf(&line, ", %zu change%s", run->changes,
			run->changes == 1 ? "" : "s");
	if (confirms(h, run))
		strbuf_addf(&line, ", confirmed by the guest's own boot at %s", h->when);
	if (confirms(h, run) && h->kernel && h->root)
		strbuf_addf(&line, " (%s from %s)", h->kernel, h->root);
	ret->oom |= line.oom;
	printable_line(ret, "%s", line.p ? line.p : "");
}

static void tell(const struct txn_run *run, const struct txn_package *p,
	const struct package_now *now, struct strbuf *ret)
{
	const char *removal = packages_removal(p->tool),
		   *completion = packages_completion(p->tool);

	if (now->state == PACKAGE_WHOLE)
		printable_line(ret,
			"package %s %s was installed by run %s and stays; %s %s removes "
			"it",
			p->name, now->version, run->id, removal ? removal : p->tool,
			p->name);
	if (now->state == PACKAGE_HALF)
		printable_line(ret,
			"package %s %s is installed in part; in the guest, %s completes "
			"it, "
			"%s %s removes it",
			p->name, now->version, completion ? completion : p->tool,
			removal ? removal : p->tool, p->name);
}

void history_packages(const struct history *h, struct strbuf *ret)
{
	for (size_t i = 0; i < h->runs.n; i++) {
		const struct txn_run *run = &h->runs.v[i];

		for (size_t k = 0; k < run->n_packages && !run->packages_gone; k++) {
			struct package_now now;

			if (packages_look(h->tree, &run->packages[k], &now, NULL) < 0)
				continue;
			tell(run, &run->packages[k], &now, ret);
			free(now.version);
		}
	}
}

void history_text(const struct history *h, struct strbuf *ret)
{
	for (size_t i = 0; i < h->runs.n; i++)
		describe(h, &h->runs.v[i], i == 0, ret);
	history_packages(h, ret);
}

static json_t *package_json(const struct history *h, const struct txn_package *p)
{
	static const char *const words[] = {
		[PACKAGE_ABSENT] = "absent",
		[PACKAGE_HALF] = "half",
		[PACKAGE_WHOLE] = "installed",
	};
	cleanup_(free_charp) char *name = clean(str_from(p->name));
	cleanup_(free_charp) char *tool = clean(str_from(p->tool));
	cleanup_(free_charp) char *version = NULL;
	struct package_now now = {PACKAGE_ABSENT, NULL};

	if (packages_look(h->tree, p, &now, NULL) < 0)
		now.state = PACKAGE_ABSENT;
	version = clean(str_from(now.version ? now.version : p->version));
	free(now.version);
	if (!name || !tool || !version)
		return NULL;
	return json_pack("{ss,ss,ss,ss}", "name", name, "version", version, "tool", tool,
		"state", words[now.state]);
}

static json_t *packages_of(const struct history *h, const struct txn_run *run)
{
	json_t *list = json_array();

	for (size_t i = 0; i < run->n_packages && list; i++)
		if (json_array_append_new(list, package_json(h, &run->packages[i])) < 0) {
			json_decref(list);
			return NULL;
		}
	return list;
}

static json_t *confirmation(const struct history *h, const struct txn_run *run)
{
	if (!confirms(h, run))
		return json_null();
	return json_pack(
		"{ss,ss?,ss?}", "when", h->when, "kernel", h->kernel, "root", h->root);
}

static json_t *one(const struct history *h, const struct txn_run *run)
{
	cleanup_(free_charp) char *version =
		run->version ? clean(str_from(run->version)) : NULL;
	char when[32];

	return json_pack("{ss,ss?,ss?,ss,sI,sI,so,so}", "id", run->id, "when",
		run->when > 0 ? date(run->when, when) : NULL, "version", version,
		"result", states[run->state], "changes", (json_int_t)run->changes,
		"undone",
		(json_int_t)(run->state == TXN_UNDONE ? run->changes : run->undone),
		"confirmed", confirmation(h, run), "packages", packages_of(h, run));
}

json_t *history_json(const struct history *h)
{
	json_t *list = json_array();

	for (size_t i = 0; i < h->runs.n && list; i++)
		if (json_array_append_new(list, one(h, &h->runs.v[i])) < 0) {
			json_decref(list);
			return NULL;
		}
	return list;
}

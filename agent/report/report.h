/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a run says: one JSON object (schema 1), and lines for a person. */
#pragma once

#include "guest/filesystems.h"
#include "guest/guest.h"
#include "plan/plan.h"
#include "plan/verify.h"

enum result {
	RESULT_REPAIRED,
	RESULT_UNCHANGED,
	RESULT_UNDONE,
	RESULT_FAILED,
	RESULT_USAGE,
	RESULT_REFUSED,
	RESULT_DEGRADED,
};
const char *result_name(enum result r);
int result_status(enum result r); /* the exit status: 0..4 */

struct timing {
	unsigned kernel, devices, scan, apply, verify, total; /* milliseconds */
};

/* Borrowed; what is not known is NULL. */
struct report {
	const char *mode;
	enum result result;
	bool planned_only;   /* a dry run: the result is what apply would come to */
	const char *message; /* why it failed or was refused */
	const struct guest *guest;
	const struct machine *machine;
	const struct fs_checks *filesystems;
	const struct plan *plan;
	const struct verdict *verdict;
	struct timing timing;
	const char *finished; /* when, RFC 3339 in UTC; NULL: not told */
};

/* The object on one line, without a newline. All strings are made valid UTF-8. */
int report_json(const struct report *r, struct strbuf *ret, struct err *e) must_check;
/* The machine and the guest, as `scan --json` prints them and --disks reads them. */
int report_scan_json(const struct machine *m, const struct guest *g, struct strbuf *ret,
	struct err *e) must_check;

/* For a person, 80 columns: several lines. */
void report_guest_text(const struct guest *g, struct strbuf *ret);
void report_filesystems_text(const struct fs_checks *l, struct strbuf *ret);
/* Of a file system that should be checked and only was looked at; false: none of that. */
bool report_unchecked_text(const struct fs_check *c, struct strbuf *ret);
/* utf8: the terminal is known to show it. */
void report_map_text(const struct plan *p, bool utf8, struct strbuf *ret);
/* The steps as they are planned, and what is left. */
void report_plan_text(const struct plan *p, struct strbuf *ret);
/* One step that is done, with its time; short, for a slow serial line. */
void report_step_text(const struct plan *p, size_t step, struct strbuf *ret);
/* What is pending, and warnings. */
void report_left_text(const struct plan *p, struct strbuf *ret);
void report_checks_text(const struct verdict *v, bool failed_only, struct strbuf *ret);
void report_verdict_text(const struct report *r, struct strbuf *ret);
/* A unified diff of what each step writes, for `plan --diff`. */
void report_diff_text(
	const struct snapshot *snap, const struct plan *p, struct strbuf *ret);

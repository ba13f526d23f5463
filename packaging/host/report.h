/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The agent's report (schema 1): is it one, what does it mean, and as a table for a person.
 * Pure. */
#pragma once

#include <jansson.h>

#include "base/err.h"
#include "base/strbuf.h"

enum { REPORT_SCHEMA = 1 };

/* The launcher's exit status where no report tells it. */
enum {
	EXIT_USAGE = 2,
	EXIT_NO_REPORT = 5,
	EXIT_NOT_STARTED = 6, /* repaired, but its domain could not be started */
};

/* 0 when the object is a report that this launcher understands: the schema, a known result,
 * and every member that is there of its type. Else -EBADMSG. */
int report_check(const json_t *report, struct err *e) must_check;

/* The exit status that the result of a checked report stands for. */
int report_status(const json_t *report);

/* Adds the table. Strings of the guest's are shown by show_text(). */
void report_table(struct strbuf *out, const json_t *report, bool utf8);

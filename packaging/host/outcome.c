/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See outcome.h. */
#include <stdio.h>
#include <string.h>

#include "host/outcome.h"
#include "host/report.h"
#include "host/savefile.h"
#include "host/show.h"

enum { CONSOLE_LINES = 30, SAID_LINES = 10 };

void outcome_why(const struct outcome *o, struct strbuf *out)
{
	switch (o->end) {
	case VM_INTERRUPTED:
		strbuf_addf(
			out, "stopped by signal %d before the report came", o->signal);
		break;
	case VM_TIMEOUT:
		strbuf_addf(out, "no report within %llu s", o->timeout_s);
		break;
	default:
		strbuf_adds(out, o->how);
	}
}

/* Without the registers and the call trace behind a kernel's panic: what led to it stands
 * before it. */
static struct str upto_panic(struct str console)
{
	static const char panic[] = "Kernel panic - not syncing";
	const char *at =
		console.n ? memmem(console.p, console.n, panic, strlen(panic)) : NULL;
	const char *end;

	if (!at)
		return console;
	end = memchr(at, '\n', console.n - (size_t)(at - console.p));
	return end ? str_range(console.p, end) : console;
}

/* One line, then what ran the machine and the console said last. */
static void explain(const struct outcome *o, bool utf8)
{
	cleanup_(strbuf_done) struct strbuf b = {0};

	outcome_why(o, &b);
	strbuf_addc(&b, '\n');
	if (o->bad_lines)
		strbuf_addf(&b,
			"%u lines from the guest were not understood, the last: %s\n",
			o->bad_lines, o->bad_why);
	show_console_tail(&b, o->said, SAID_LINES, "", utf8);
	if (o->console.n && o->end != VM_INTERRUPTED) {
		strbuf_adds(&b, "the console's last lines:\n");
		show_console_tail(
			&b, upto_panic(o->console), CONSOLE_LINES, "  | ", utf8);
	}
	if (strbuf_err(&b) == 0)
		fprintf(stderr, "xvd2vd-run: %s", b.p);
}

int outcome_save(const char *path, const json_t *report, struct err *e)
{
	cleanup_(free_charp) char *text = json_dumps(report, JSON_COMPACT);
	cleanup_(strbuf_done) struct strbuf b = {0};

	strbuf_adds(&b, text);
	strbuf_addc(&b, '\n');
	if (!text || strbuf_err(&b) < 0)
		return err_oom(e);
	return savefile_write(path, strbuf_str(&b), e);
}

int outcome_tell(const struct outcome *o, const char *path, bool utf8)
{
	cleanup_(strbuf_done) struct strbuf table = {0};
	struct err e = {0};

	if (!o->report) {
		explain(o, utf8);
		return EXIT_NO_REPORT;
	}
	if (o->end == VM_LINGERED)
		fputs("xvd2vd-run: the machine did not end after its report, stopped "
		      "it\n",
			stderr);
	report_table(&table, o->report, utf8);
	if (strbuf_err(&table) == 0)
		fputs(table.p, stdout);
	fflush(stdout);
	/* The exit status stays the agent's: what it says of the guest is true all the same. */
	if (path && outcome_save(path, o->report, &e) < 0)
		fprintf(stderr, "xvd2vd-run: %s\n", e.text);
	return report_status(o->report);
}

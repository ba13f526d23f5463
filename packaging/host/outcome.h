/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a boot came to, told to a person: the report as a table on stdout, or on stderr why
 * there is none. */
#pragma once

#include <jansson.h>

#include "base/err.h"
#include "base/strbuf.h"

enum vm_end {
	VM_ENDED,       /* the machine ended by itself */
	VM_TIMEOUT,     /* it did not in time, and was stopped */
	VM_LINGERED,    /* likewise, but the report is there */
	VM_INTERRUPTED, /* one of our signals: `signal` */
	VM_ENOUGH,      /* the caller had seen enough; it was stopped */
};

struct outcome {
	enum vm_end end;
	int signal;
	const char *how;      /* it ended by itself: in which way */
	struct str said;      /* by what ran the machine */
	struct str console;   /* the end of what the guest printed */
	const json_t *report; /* checked, or NULL */
	unsigned bad_lines;   /* of the report port, and the last one's fault */
	const char *bad_why;
	unsigned long long timeout_s;
};

/* Why there is no report, in one line without its end. */
void outcome_why(const struct outcome *o, struct strbuf *out);

/* Prints it all, and saves the report at `path` (NULL: nowhere). The status to exit with. */
int outcome_tell(const struct outcome *o, const char *path, bool utf8);

int outcome_save(const char *path, const json_t *report, struct err *e) must_check;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Progress for the operator: a bar on a terminal, plain lines elsewhere. */
#pragma once

#include <stdio.h>

#include "base/strbuf.h"
#include "host/port.h"

enum { PROGRESS_COLUMNS = 79 }; /* one less than a terminal, which then never wraps */

struct progress {
	FILE *to;
	bool bar; /* a terminal: redraw one line */
	bool utf8;
	unsigned seconds;
	struct port_progress last; /* of == 0: nothing came yet */
};

/* For struct vm: `arg` is the struct progress. */
void progress_step(void *arg, const struct port_progress *m);
void progress_tick(void *arg, unsigned seconds);
/* Takes the bar off the terminal. */
void progress_clear(struct progress *p);

/* Is stderr a terminal that a bar can be drawn on? */
bool progress_is_terminal(void);

/* Pure: the bar's text, exactly PROGRESS_COLUMNS columns; the plain line. */
void progress_bar(
	struct strbuf *out, const struct port_progress *m, unsigned seconds, bool utf8);
void progress_line(struct strbuf *out, const struct port_progress *m, bool utf8);

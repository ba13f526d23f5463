/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What arrives on the virtio-serial port org.xvd2vd.report: progress lines, then the report,
 * each a JSON object on a line of its own. The guest is not trusted: lines, bytes, nesting
 * and the number of lines are capped. Pure: bytes in, messages out. */
#pragma once

#include <jansson.h>

#include "base/err.h"
#include "base/strbuf.h"

enum {
	PORT_LINE_MAX = 1024 * 1024,      /* bytes, without the newline */
	PORT_TOTAL_MAX = 8 * 1024 * 1024, /* bytes; what follows is not read */
	PORT_LINES_MAX = 10000,
	PORT_DEPTH_MAX = 32, /* arrays and objects within each other */
	PORT_ID_MAX = 64,    /* bytes of a step's name that are kept */
};

struct port {
	struct strbuf line; /* the line that has not ended yet */
	size_t total;
	unsigned lines, bad_lines;
	bool skipping;  /* within a line that is too long */
	bool deaf;      /* a cap was passed: the rest is dropped */
	json_t *report; /* the first valid report */
	struct err why; /* what was wrong with the last bad line */
};

struct port_progress {
	unsigned step, of;
	char id[PORT_ID_MAX + 1]; /* as the guest sent it: not fit for a terminal */
	char status[16];
};

void port_done(struct port *p);

/* Takes bytes as they arrive; calls `progress` for each progress line. Lines that are no
 * message are counted and dropped. -ENOMEM or 0. */
int port_feed(struct port *p, struct str bytes,
	void (*progress)(void *arg, const struct port_progress *m), void *arg) must_check;
/* The other side closed: a last line without newline counts. */
int port_end(struct port *p, void (*progress)(void *arg, const struct port_progress *m),
	void *arg) must_check;

/* The one way JSON of unknown origin is parsed: UTF-8, no duplicate keys, nothing behind
 * the value, at most `depth` levels. NULL with the text in `e`. */
json_t *port_parse_json(struct str text, unsigned depth, struct err *e) must_check;

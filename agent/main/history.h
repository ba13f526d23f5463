/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The runs that the guest's journals tell of, and what its own boot has said of them: the file
 * /var/lib/xvd2vd/confirmed, lines KEY=VALUE (run, when, kernel, root). */
#pragma once

#include <jansson.h>

#include "base/strbuf.h"
#include "sys/root.h"
#include "txn/txn.h"

struct history {
	const struct root *tree; /* borrowed */
	struct txn_history runs;
	char *run, *when, *kernel, *root; /* confirmed; NULL where it is not said */
};

int history_read(const struct root *r, struct history *ret, struct err *e) must_check;
void history_done(struct history *h);

/* Lines for a person. */
void history_text(const struct history *h, struct strbuf *ret);
/* The packages that runs have installed, or begun to, and that stay; nothing where there are
 * none. */
void history_packages(const struct history *h, struct strbuf *ret);
/* An array, oldest run first; NULL: no memory. */
json_t *history_json(const struct history *h) must_check;

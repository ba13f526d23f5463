/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The laws of the editors in text/, as every fuzz target checks them. */
#pragma once

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/strbuf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Fuzzers and the replay stop at abort(); assert() may be compiled out. */
#define LAW(cond)                                                                        \
	do {                                                                             \
		if (!(cond)) {                                                           \
			fprintf(stderr, "%s:%d: law broken: %s\n", __FILE__, __LINE__,   \
				#cond);                                                  \
			abort();                                                         \
		}                                                                        \
	} while (0)

typedef int fuzz_editor(
	struct str in, const void *req, struct strbuf *ret_out, struct err *e);

/* `req` must not swap names, nor rename to a name that it renames, or else there is no
 * fixed point. `empty_req` may be NULL. Answers what the first run answered. */
static inline int fuzz_editor_laws(
	fuzz_editor *edit, struct str in, const void *req, const void *empty_req)
{
	struct strbuf out = {0}, again = {0};
	struct err e = {0};
	int r = edit(in, req, &out, &e), second;

	LAW(r == 0 || r == 1 || r < 0);
	LAW((r < 0) == (e.text[0] != '\0'));
	if (r == 1) {
		LAW(!str_eq(strbuf_str(&out), in));
		second = edit(strbuf_str(&out), req, &again, &e);
		LAW(second == 0);
		LAW(!again.p);
	} else {
		LAW(!out.p && !out.n);
	}
	if (empty_req) {
		LAW(edit(in, empty_req, &again, NULL) == 0);
		LAW(!again.p);
	}
	strbuf_done(&out);
	return r;
}

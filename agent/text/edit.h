/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all editors share: replace some ranges of the input, keep every other byte.
 *
 *	cleanup_(edit_done) struct edit ed = {.in = in};
 *	... edit_replace(&ed, word, STR("new")); ...
 *	return edit_finish(&ed, ret_out, e);
 *
 * Ranges are borrowed pieces of `in`, given in file order and not overlapping; what is
 * out of order is ignored, so that a parser's mistake over hostile input can not write
 * outside. While nothing was really changed nothing is copied. */
#pragma once

#include "base/err.h"
#include "base/strbuf.h"

struct edit {
	struct str in;
	size_t done; /* so many bytes of `in` are in `out` or were replaced */
	struct strbuf out;
	bool changed;
};

/* Puts `with` in the place of `range`. The same bytes are no change. `with` may be
 * anything that stays valid during the call. */
void edit_replace(struct edit *ed, struct str range, struct str with);
void edit_remove(struct edit *ed, struct str range);
/* Puts `with` before the byte at `at`, which may be the end of the input. */
void edit_insert(struct edit *ed, const char *at, struct str with);

/* Copies the rest and answers as an editor does: 0 same, 1 changed (*ret_out set, what it
 * held is freed), -ENOMEM. The edit is empty afterwards. */
int edit_finish(struct edit *ed, struct strbuf *ret_out, struct err *e) must_check;
void edit_done(struct edit *ed);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of a folder and of all below it, for those who guard them together. Private to
 * txn/. */
#pragma once

#include "base/strv.h"
#include "txn/txn.h"

struct tree {
	struct strv files; /* and links, which are not followed */
	struct strv dirs;  /* outer ones first, the folder itself among them */
	uint64_t bytes;    /* of the files */
};

void tree_done(struct tree *tree);
/* A folder that is not there has nothing. -E2BIG: too many, or too deep. */
int tree_list(const struct root *r, const char *path, struct tree *ret,
	struct err *e) must_check;

/* Makes changes of this transaction of what has appeared in the folders that are guarded whole.
 * `record`: in the journal, too, and the folders' names are synced; else for the way back, which
 * finds what is left by looking again. Before the commit record only. */
int tree_appeared(struct txn *t, bool record, struct err *e) must_check;

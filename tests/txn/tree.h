/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A directory tree as bytes: taken, compared, written out again. What the crash tests save
 * and put back between two kills, and what they judge by. */
#pragma once

#include "base/strbuf.h"

/* The time that files of a tree are given, to see whether a restored file has it again. */
#define TREE_TIME 1234567890

enum {
	TREE_TIMES = 1, /* note for files and links whether their mtime is TREE_TIME */
	TREE_STATE = 2, /* with /var/lib/xvd2vd */
};

/* Adds everything below `dir`, sorted, to `ret`: type, path, owner, mode, bytes. Aborts the
 * process on any failure. */
void tree_take(const char *dir, unsigned flags, struct strbuf *ret);
/* Empties `dir` and makes it what tree_take(TREE_TIMES | TREE_STATE) has said. */
void tree_put(const char *dir, struct str tree);
/* One line for each file that is different, for a person; freed by the caller. */
char *tree_diff(struct str want, struct str got);
void tree_remove(const char *dir); /* what is in it */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The transactions that the crash tests interrupt. */
#pragma once

#include "sys/root.h"

struct scenario {
	const char *name;
	/* Does it to the tree; on failure takes it back, as the agent does. The answer of the
	 * first call that failed; *ret_aborted: that it was taken back. */
	int (*run)(const struct root *r, const char *dir, int *ret_aborted);
};

extern const struct scenario scenarios[];
extern const unsigned scenarios_n;

/* The tree before, in the form of tree.h. */
void scenario_tree(const char *dir);

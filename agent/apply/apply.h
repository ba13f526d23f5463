/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walks a plan: all its file changes as one transaction, with the guest's own programs that it
 * needs to boot; behind it those that it does not. */
#pragma once

#include "plan/plan.h"
#include "sys/root.h"

struct bootsector;

struct apply {
	const struct root *root;
	struct plan *plan; /* status, ms and error of its steps are filled in */
	/* Called before and behind each step; NULL: nobody looks. */
	void (*progress)(
		void *ctx, const struct plan *p, size_t step, const char *status);
	void *ctx;
	/* Makes the network usable, before a program that asks it; NULL: it is. */
	int (*network)(void *ctx, struct err *e);
	void *network_ctx;
	/* Makes the payload ready, before a program that reads it; the same context. */
	int (*payload)(void *ctx, struct err *e);
	bool continues; /* what the run before it began: they are undone together */
	/* Set once what was done can only be taken back by an undo. */
	bool committed;
	/* Where a plan's boot code goes; NULL: it has none. */
	const struct bootsector *bootsector;
};

/* 1: all is done and durable, but for steps that are pending now; 0: there was nothing to do.
 * Negative: the guest is as it was, if not `committed`; the text says which step. */
int apply_plan(struct apply *a, struct err *e) must_check;

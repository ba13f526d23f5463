/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walks a plan: all its file changes as one transaction, then the guest's own programs. */
#pragma once

#include "plan/plan.h"
#include "sys/root.h"

struct apply {
	const struct root *root;
	struct plan *plan; /* status, ms and error of its steps are filled in */
	/* Called before and behind each step; NULL: nobody looks. */
	void (*progress)(
		void *ctx, const struct plan *p, size_t step, const char *status);
	void *ctx;
};

/* 1: all is done and durable; 0: there was nothing to do. Negative: the guest is as it was; the text says which step. */
int apply_plan(const struct apply *a, struct err *e) must_check;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A tree to work in, and what a scenario may leave there: what was before or what it was to
 * become. */
#pragma once

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "check_main.h"
#include "scenario.h"
#include "tree.h"

/* Each test takes what it needs. */
#pragma GCC diagnostic ignored "-Wunused-function"

static char dir[128];

static void setup(void)
{
	/* fsync costs nothing there; what it is for, test_txn_power.c simulates. */
	const char *base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";

	snprintf(dir, sizeof(dir), "%s/xvd2vd-crash-XXXXXX", base);
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(chmod(dir, 0755), 0);
}

static void teardown(void)
{
	file_fault = NULL;
	tree_remove(dir);
	ck_assert_int_eq(rmdir(dir), 0);
}

typedef int job(const struct root *r, int *ret_aborted);

static const struct scenario *current;

static int do_scenario(const struct root *r, int *ret_aborted)
{
	return current->run(r, dir, ret_aborted);
}

static int do_recover(const struct root *r, int *ret_aborted)
{
	enum txn_recovery how;
	struct err e = {0};
	int q = txn_recover(r, scenario_disks(dir), &how, &e);

	(void)ret_aborted;
	if (q < 0)
		fprintf(stderr, "recovery: %s\n", e.text);
	return q;
}

static int here(job *j, int *ret_aborted)
{
	struct root r = ROOT_CLOSED;
	int q = root_open(dir, &r, NULL);

	if (q >= 0)
		q = j(&r, ret_aborted);
	root_done(&r);
	return q;
}

static struct strbuf now(unsigned flags)
{
	struct strbuf b = {0};

	tree_take(dir, flags, &b);
	return b;
}

struct goal {
	struct strbuf start;         /* with the state folder */
	struct strbuf before, after; /* files' times in `timed` only */
	bool timed_before, timed_after;
	struct strbuf untouched; /* with times */
};

/* -1 the tree before, 1 after, 0 neither; then *ret_why, freed by the caller, says how not. */
static int which(const struct goal *g, char **ret_why)
{
	struct strbuf with = now(TREE_TIMES), without = now(0);
	const struct strbuf *is_before = g->timed_before ? &with : &without;
	const struct strbuf *is_after = g->timed_after ? &with : &without;
	int r = str_eq(strbuf_str(is_before), strbuf_str(&g->before)) ? -1
		: str_eq(strbuf_str(is_after), strbuf_str(&g->after)) ? 1
								      : 0;

	if (!r) {
		char *d1 = tree_diff(strbuf_str(&g->before), strbuf_str(is_before));
		char *d2 = tree_diff(strbuf_str(&g->after), strbuf_str(is_after));

		*ret_why = str_printf("from before:%s\nfrom after:%s", d1, d2);
		free(d1);
		free(d2);
	}
	strbuf_done(&with);
	strbuf_done(&without);
	return r;
}

/* Before and after of scenario `i`. The tree's times count where it is the untouched one. */
static void goal_of(int i, struct goal *g)
{
	const struct scenario *it = &scenarios[i];
	int aborted = 0;

	*g = (struct goal){.timed_before = !it->back, .timed_after = i >= 2};
	scenario_tree(dir);
	g->untouched = now(TREE_TIMES);
	for (size_t k = 0; k < ARRAY_SIZE(it->first) && it->first[k]; k++) {
		const struct scenario first = {"first", it->first[k], {NULL}, false};

		current = &first;
		ck_assert_int_eq(here(do_scenario, &aborted), 0);
	}
	current = it;
	g->before = now(g->timed_before ? TREE_TIMES : 0);
	g->start = now(TREE_TIMES | TREE_STATE);
	ck_assert_int_eq(here(do_scenario, &aborted), 0);
	g->after = now(g->timed_after ? TREE_TIMES : 0);
}

static bool is_untouched(const struct goal *g)
{
	struct strbuf is = now(TREE_TIMES);
	const bool same = str_eq(strbuf_str(&is), strbuf_str(&g->untouched));

	strbuf_done(&is);
	return same;
}

static void goal_done(struct goal *g)
{
	strbuf_done(&g->start);
	strbuf_done(&g->before);
	strbuf_done(&g->after);
	strbuf_done(&g->untouched);
}

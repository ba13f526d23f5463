/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kills transactions, undo and recovery at every durable operation, and makes every such
 * operation fail; afterwards the tree must be what it was before or what it was to become.
 *
 * The kills of recovery are explored as a graph of states: a state is the whole tree with its
 * journal, as bytes. Each kill of a recovery leads to another state; states that were seen
 * already are not explored again. So every sequence of kills is covered, at any depth at
 * which something new can come, and the test ends. Usually only some of the states have their
 * recovery killed; XVD2VD_CRASH=all: every one. */
#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "budget.h"
#include "check_main.h"
#include "goal.h"

#define KILLED 30 /* recoveries that are killed at all their steps, of one scenario */

static int calls, stop_at, fail_with;
static bool fail_on;

static int kill_hook(const struct file_op *op)
{
	(void)op;
	if (++calls == stop_at)
		_exit(9);
	return 0;
}

/* A disk that goes on failing lets nothing be written, but what is there can be removed. */
static int fail_hook(const struct file_op *op)
{
	calls++;
	if (calls == stop_at)
		return fail_with;
	if (fail_on && calls > stop_at &&
		(!strcmp(op->name, "write") || !strcmp(op->name, "create") ||
			!strcmp(op->name, "mkdir")))
		return fail_with;
	return 0;
}

/* In a process of its own, killed at operation `at` (0: not at all); true if it was killed. */
static bool killed(job *j, int at)
{
	int status, aborted = 0;
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (!pid) {
		file_fault = kill_hook;
		calls = 0;
		stop_at = at;
		_exit(here(j, &aborted) < 0 ? 1 : 0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(WIFEXITED(status) &&
			      (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 9),
		"%s, operation %d: status %x", current->name, at, status);
	return WEXITSTATUS(status) == 9;
}

/* As which(), and a failed test where it is neither. */
static int judge(const struct goal *g, const char *what, int a, int b)
{
	char *why = NULL;
	int r = which(g, &why);

	ck_assert_msg(r, "%s: %s %d %d: torn\n%s", current->name, what, a, b, why);
	return r;
}

struct state {
	struct strbuf tree;
	int depth;
};

static struct state *states;
static size_t states_n;

static void found(int depth)
{
	struct strbuf b = now(TREE_TIMES | TREE_STATE);

	for (size_t i = 0; i < states_n; i++)
		if (str_eq(strbuf_str(&states[i].tree), strbuf_str(&b))) {
			strbuf_done(&b);
			return;
		}
	states = reallocarray(states, states_n + 1, sizeof(*states));
	ck_assert_ptr_nonnull(states);
	states[states_n++] = (struct state){b, depth};
}

START_TEST(kills)
{
	int steps = 0, runs = 0, depth = 0, seen[3] = {0};
	struct goal g;

	goal_of(_i, &g);
	states_n = 0;
	for (bool more = true; more; steps += more) {
		tree_put(dir, strbuf_str(&g.start));
		more = killed(do_scenario, steps + 1);
		if (more)
			found(1);
		else
			ck_assert_int_eq(judge(&g, "no kill", 0, 0), _i == 2 ? -1 : 1);
	}
	ck_assert_int_ge(steps, 20);
	for (size_t i = 0; i < states_n; i++) {
		/* The further, the fewer, so that there are always some deep ones. */
		const bool kill = rng((unsigned)states_n) < limited(KILLED);

		for (int at = 0; at == 0 || kill; at++) {
			bool more;

			tree_put(dir, strbuf_str(&states[i].tree));
			more = killed(do_recover, at);
			runs++;
			if (at == 0)
				seen[judge(&g, "recovered from state", (int)i, 0) + 1]++;
			else if (more)
				found(states[i].depth + 1);
			else
				break;
		}
		depth = states[i].depth;
	}
	printf("%s: %d operations, %zu states, %d kills deep, %d recoveries, %d before, "
	       "%d "
	       "after\n",
		current->name, steps, states_n, depth, runs, seen[0], seen[2]);
	ck_assert_int_gt(seen[0], 0);
	if (_i != 2)
		ck_assert_int_gt(seen[2], 0);
	for (size_t i = 0; i < states_n; i++)
		strbuf_done(&states[i].tree);
	free(states);
	states = NULL;
	goal_done(&g);
}
END_TEST

static void failures(const struct goal *g, int error, bool on)
{
	bool more = true;

	for (int n = 1; more; n++) {
		int q, aborted = 0, was;

		tree_put(dir, strbuf_str(&g->start));
		file_fault = fail_hook;
		calls = 0;
		stop_at = n;
		fail_with = error;
		fail_on = on;
		q = here(do_scenario, &aborted);
		more = calls >= n;
		file_fault = NULL;
		if (aborted) /* what it says must be so without recovery's help */
			ck_assert_int_eq(judge(g, "aborted, failure", n, error), -1);
		ck_assert_int_eq(here(do_recover, NULL), 0);
		was = judge(g, "recovered, failure", n, error);
		if (q >= 0)
			ck_assert_int_eq(was, current->run == scenarios[2].run ? -1 : 1);
		/* And the way is free. */
		ck_assert_int_eq(here(do_recover, NULL), 0);
	}
}

START_TEST(faults)
{
	struct goal g;

	goal_of(_i, &g);
	failures(&g, -EIO, false);
	failures(&g, -ENOSPC, false);
	failures(&g, -EIO, true);
	failures(&g, -ENOSPC, true);
	goal_done(&g);
}
END_TEST

static void add(TCase *tc)
{
	tcase_set_timeout(tc, 600);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, kills, 0, ARRAY_SIZE(scenarios));
	tcase_add_loop_test(tc, faults, 0, ARRAY_SIZE(scenarios));
}

int main(void)
{
	budget_read();
	printf("seed %" PRIu64 "\n", rng_state);
	setvbuf(stdout, NULL, _IOLBF, 0);
	return check_main("txn_crash", add);
}

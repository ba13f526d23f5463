/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The power fails, and what was not synced is lost: at every instant of every scenario and of
 * its recovery, and of the recovery of that, the disk is made what it may be by the model of
 * disk.h, and recovered; it must be the tree before or the tree after. Then every fsync of the
 * program is taken out, one call site after the other: each time that must be noticed. */
#include <limits.h>

#include "cuts.h"
#include "goal.h"

/* Where the program begins, so that addr2line understands the addresses printed. */
extern const char __executable_start;

#define LIMIT 64    /* disks at one instant */
#define STATES 1000 /* disks of one scenario, in each of three ways */
#define KILLED 40   /* kills of one scenario */
#define RECORDED 40 /* recoveries that are themselves cut, of one scenario */

static struct disk *recording;
static int operations; /* so far */
static int killed_at;  /* killed before this one; 0: not at all */

/* A process that is killed does nothing more; here it is told that nothing works any more, so
 * that the same process can go on with what its kernel still remembers. */
static int record_hook(const struct file_op *op)
{
	operations++;
	if (killed_at && operations >= killed_at)
		return -EIO;
	disk_op(recording, op);
	return 0;
}

/* Runs the job and writes down what it does to the disk. */
static int recorded(job *j, struct disk *d, int kill)
{
	int q, aborted = 0;

	recording = d;
	operations = 0;
	killed_at = kill;
	file_fault = record_hook;
	q = here(j, &aborted);
	file_fault = NULL;
	disk_look(d);
	return q;
}

static int do_undo(const struct root *r, int *ret_aborted)
{
	(void)ret_aborted;
	return undo(r, dir, NULL);
}

/* Recovers what is in `dir`. NULL: whole; else what is wrong, freed by the caller. `want`: -1
 * or 1 where it can be just that, else 0. */
static char *whole(const struct goal *g, int want, struct disk *record)
{
	char *why = NULL;
	int q, is;

	if (record)
		disk_start(record, dir);
	q = record ? recorded(do_recover, record, 0) : here(do_recover, NULL);
	if (q < 0)
		return str_printf("recovery failed: %d", q);
	is = which(g, &why);
	if (!is)
		return why;
	if (want && is != want)
		return str_printf("it was %s, and is %s",
			want < 0 ? "taken back" : "done", is < 0 ? "taken back" : "done");
	if (here(do_recover, NULL) < 0)
		return strdup("a second recovery failed");
	/* What is done can be undone, and what is undone in part can be undone wholly. */
	if (is_untouched(g))
		return NULL;
	q = here(do_undo, NULL);
	if (q < 0)
		return str_printf("undo failed: %d", q);
	return is_untouched(g) ? NULL : strdup("undo has not put everything back");
}

struct seen {
	uint64_t *v;
	size_t n;
};

static bool seen_add(struct seen *s, struct str bytes, unsigned mark)
{
	uint64_t h = 14695981039346656037u + mark;

	for (size_t i = 0; i < bytes.n; i++)
		h = (h ^ (unsigned char)bytes.p[i]) * 1099511628211u;
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i] == h)
			return false;
	s->v = disk_grow(s->v, s->n, sizeof(*s->v));
	s->v[s->n++] = h;
	return true;
}

/* The process is killed and not the power: what is not synced is still seen by the recovery
 * that follows at once, and is lost when the power fails only then. */
struct killed {
	struct disk d;
	size_t from; /* where recovery begins */
};

struct work {
	struct goal g;
	const struct scenario *scenario;
	struct disk trace;
	struct disk *recoveries; /* of some of the disks found */
	size_t n_recoveries, wanted_recoveries;
	struct killed *killed;
	size_t n_killed;
	struct seen seen;
	int want; /* see whole() */
	int n_operations;
	unsigned judged, most;
	char *torn; /* the first that was: what is wrong */
};

static bool judge_disk(void *ctx, const struct strbuf *tree)
{
	struct work *w = ctx;
	struct disk *record = NULL;

	if (!seen_add(&w->seen, strbuf_str(tree), (unsigned)(w->want + 1)))
		return false;
	current = w->scenario;
	tree_put(dir, strbuf_str(tree));
	if (w->n_recoveries < w->wanted_recoveries && rng(4) == 0) {
		w->recoveries =
			disk_grow(w->recoveries, w->n_recoveries, sizeof(*w->recoveries));
		record = &w->recoveries[w->n_recoveries++];
	}
	w->judged++;
	w->torn = whole(&w->g, w->want, record);
	return w->torn != NULL;
}

/* The first disk that is not whole ends it. */
static void judge_cuts(struct work *w, const struct disk *d, size_t from,
	const void *without, int want_at_end)
{
	struct cuts c = {.d = d, .without = without, .limit = limited(LIMIT)};

	c.each = judge_disk;
	c.ctx = w;
	for (size_t p = from; p <= d->n_events && !w->torn; p++) {
		if (!cuts_matter(d, p) || w->judged >= w->most)
			continue;
		w->want = p == d->n_events ? want_at_end : 0;
		cuts_at(&c, p);
		w->want = 0;
	}
}

static void work_start(struct work *w, int i)
{
	int q;

	*w = (struct work){.most = UINT_MAX};
	goal_of(i, &w->g);
	w->scenario = current;
	tree_put(dir, strbuf_str(&w->g.start));
	disk_start(&w->trace, dir);
	q = recorded(do_scenario, &w->trace, 0);
	ck_assert_msg(q == 0, "%s: %d", current->name, q);
	w->n_operations = operations;
}

/* Kills the scenario at about `n` of its operations. */
static void work_kill(struct work *w, unsigned n)
{
	const int every = 1 + w->n_operations / (int)n;

	current = w->scenario;
	for (int at = 1 + (int)rng((unsigned)every); at <= w->n_operations; at += every) {
		struct killed *k;
		int q;

		w->killed = disk_grow(w->killed, w->n_killed, sizeof(*w->killed));
		k = &w->killed[w->n_killed++];
		tree_put(dir, strbuf_str(&w->g.start));
		disk_start(&k->d, dir);
		q = recorded(do_scenario, &k->d, at);
		k->from = k->d.n_events;
		if (q < 0)
			q = recorded(do_recover, &k->d, 0);
		ck_assert_msg(q == 0, "%s, killed at %d: %d", current->name, at, q);
	}
}

static void work_done(struct work *w)
{
	for (size_t i = 0; i < w->n_recoveries; i++)
		disk_done(&w->recoveries[i]);
	for (size_t i = 0; i < w->n_killed; i++)
		disk_done(&w->killed[i].d);
	free(w->recoveries);
	free(w->killed);
	disk_done(&w->trace);
	goal_done(&w->g);
	free(w->seen.v);
	free(w->torn);
}

static int wanted_end(int i)
{
	return i == 2 ? -1 : 1;
}

START_TEST(lost_writes)
{
	struct work w;
	unsigned first, killed;
	int depth = 1;
	size_t at = 0;

	printf("seed %" PRIu64 "\n", rng_state);
	work_start(&w, _i);
	w.wanted_recoveries = limited(RECORDED);
	judge_cuts(&w, &w.trace, 0, NULL, wanted_end(_i));
	first = w.judged;
	work_kill(&w, limited(KILLED));
	for (size_t i = 0; i < w.n_killed && !w.torn; i++) {
		/* A few of each, rather than all of some. */
		w.most = first +
			 limited(STATES) * (unsigned)(i + 1) / (unsigned)w.n_killed;
		judge_cuts(&w, &w.killed[i].d, w.killed[i].from, NULL, 0);
	}
	killed = w.judged - first;
	/* Recoveries are cut, and then the recoveries of what that leaves. */
	for (size_t end; depth < 3 && !w.torn && at < w.n_recoveries; depth++) {
		end = w.n_recoveries;
		w.wanted_recoveries += limited(RECORDED);
		for (; at < end && !w.torn; at++) {
			/* Judging may move the array. */
			struct disk d = w.recoveries[at];

			w.most = w.judged + limited(STATES / RECORDED);
			judge_cuts(&w, &d, 0, NULL, 0);
		}
	}
	ck_assert_msg(!w.torn, "%s: %s", w.scenario->name, w.torn);
	printf("%s: %zu events, %u disks after one cut, %u after a kill and a cut, %u "
	       "after "
	       "more, %d cuts deep\n",
		w.scenario->name, w.trace.n_events, first, killed,
		w.judged - first - killed, depth);
	ck_assert_int_gt(first, 20);
	work_done(&w);
}
END_TEST

struct site {
	const void *caller;
	const char *what;
	bool noticed;
};

struct sites {
	struct site *v;
	size_t n;
};

static void collect(struct sites *s, const struct disk *d)
{
	for (size_t i = 0; i < d->n_events; i++) {
		const struct event *e = &d->events[i];
		size_t k = 0;

		if (e->kind != EVENT_SYNC)
			continue;
		while (k < s->n && s->v[k].caller != e->caller)
			k++;
		if (k < s->n)
			continue;
		s->v = disk_grow(s->v, s->n, sizeof(*s->v));
		s->v[s->n++] = (struct site){e->caller, e->path, false};
	}
}

static bool notices(
	struct work *w, const struct disk *d, size_t from, const void *without, int end)
{
	bool noticed;

	judge_cuts(w, d, from, without, end);
	noticed = w->torn != NULL;
	if (noticed && getenv("XVD2VD_VERBOSE"))
		printf("    %s: %s\n", w->scenario->name, w->torn);
	free(w->torn);
	w->torn = NULL;
	return noticed;
}

static bool has_site(const struct disk *d, const void *caller)
{
	for (size_t i = 0; i < d->n_events; i++)
		if (d->events[i].kind == EVENT_SYNC && d->events[i].caller == caller)
			return true;
	return false;
}

static void search(struct work *w, int end, struct site *s)
{
	if (has_site(&w->trace, s->caller))
		s->noticed = notices(w, &w->trace, 0, s->caller, end);
	for (size_t i = 0; i < w->n_killed && !s->noticed; i++)
		if (has_site(&w->killed[i].d, s->caller))
			s->noticed = notices(
				w, &w->killed[i].d, w->killed[i].from, s->caller, 0);
	for (size_t i = 0; i < w->n_recoveries && !s->noticed; i++)
		if (has_site(&w->recoveries[i], s->caller))
			s->noticed = notices(w, &w->recoveries[i], 0, s->caller, 0);
}

START_TEST(every_fsync_counts)
{
	struct work works[ARRAY_SIZE(scenarios)];
	struct sites sites = {0};
	unsigned missed = 0;

	/* The answer must be the same each time and in each build. */
	slower = 1;
	if (!getenv("XVD2VD_SEED"))
		rng_state = 1;
	printf("seed %" PRIu64 "\n", rng_state);
	for (size_t i = 0; i < ARRAY_SIZE(scenarios); i++) {
		struct work *w = &works[i];

		work_start(w, (int)i);
		w->wanted_recoveries = limited(RECORDED);
		judge_cuts(w, &w->trace, 0, NULL, wanted_end((int)i));
		ck_assert_msg(!w->torn, "%s: %s", w->scenario->name, w->torn);
		w->wanted_recoveries = 0;
		work_kill(w, (unsigned)w->n_operations + 1); /* at each of them */
		collect(&sites, &w->trace);
		for (size_t k = 0; k < w->n_killed; k++)
			collect(&sites, &w->killed[k].d);
		for (size_t k = 0; k < w->n_recoveries; k++)
			collect(&sites, &w->recoveries[k]);
	}
	for (size_t i = 0; i < sites.n; i++) {
		struct site *s = &sites.v[i];

		for (size_t k = 0; k < ARRAY_SIZE(scenarios) && !s->noticed; k++)
			search(&works[k], wanted_end((int)k), s);
		missed += !s->noticed;
		if (!s->noticed || getenv("XVD2VD_VERBOSE"))
			printf("%s %p (%s)\n", s->noticed ? "noticed" : "NOT noticed",
				(void *)((uintptr_t)s->caller -
					 (uintptr_t)&__executable_start),
				s->what);
	}
	printf("%zu fsyncs, each taken out: %u not noticed\n", sites.n, missed);
	ck_assert_uint_eq(missed, 0);
	for (size_t i = 0; i < ARRAY_SIZE(scenarios); i++)
		work_done(&works[i]);
	free(sites.v);
}
END_TEST

static void add(TCase *tc)
{
	tcase_set_timeout(tc, 3600);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, lost_writes, 0, ARRAY_SIZE(scenarios));
	tcase_add_test(tc, every_fsync_counts);
}

int main(void)
{
	budget_read();
	setvbuf(stdout, NULL, _IOLBF, 0);
	return check_main("txn_power", add);
}

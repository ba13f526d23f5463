/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A whole repair of a golden guest, from recovery to verification, in which the N-th
 * allocation, write, fsync or any other durable operation fails, for every N: the guest is as
 * it was or repaired, and no memory is lost. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "apply/apply.h"
#include "check_main.h"
#include "guest/guest.h"
#include "plan/plan.h"
#include "plan/verify.h"
#include "probe/probe.h"
#include "tree.h"
#include "txn/txn.h"

#define GUEST "tests/guests/debian-8-layout3"

/* The allocator of the test: the C library's, or the sanitizer's where there is one, with a
 * hook. A program's own malloc() is used by all libraries as well. */
void *__libc_malloc(size_t n);
void *__libc_realloc(void *p, size_t n);
void *__libc_calloc(size_t n, size_t size);
void __libc_free(void *p);
__attribute__((weak)) void *__interceptor_malloc(size_t n);
__attribute__((weak)) void *__interceptor_realloc(void *p, size_t n);
__attribute__((weak)) void *__interceptor_calloc(size_t n, size_t size);
__attribute__((weak)) void __interceptor_free(void *p);

static bool counting;
static long allocations, fail_allocation, live;

static bool denied(void)
{
	return counting && ++allocations == fail_allocation;
}

static void *counted(void *p)
{
	live += counting && p;
	return p;
}

void *malloc(size_t n)
{
	if (denied()) {
		errno = ENOMEM;
		return NULL;
	}
	return counted(__interceptor_malloc ? __interceptor_malloc(n) : __libc_malloc(n));
}

void *calloc(size_t n, size_t size)
{
	if (denied()) {
		errno = ENOMEM;
		return NULL;
	}
	return counted(__interceptor_calloc ? __interceptor_calloc(n, size)
					    : __libc_calloc(n, size));
}

void *realloc(void *p, size_t n)
{
	void *q;

	if (denied()) {
		errno = ENOMEM;
		return NULL;
	}
	q = __interceptor_realloc ? __interceptor_realloc(p, n) : __libc_realloc(p, n);
	return p ? q : counted(q);
}

void free(void *p)
{
	live -= counting && p;
	if (__interceptor_free)
		__interceptor_free(p);
	else
		__libc_free(p);
}

/* The sanitizer has its own of these, which would go around the hook. */
void *reallocarray(void *p, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(p, bytes);
}

char *strdup(const char *s)
{
	size_t n = strlen(s) + 1;
	char *p = malloc(n);

	return p ? memcpy(p, s, n) : NULL;
}

static char dir[64];
static struct strbuf json, before, after;
static long mark_apply, mark_applied; /* the allocations of a good run */

static int fail_operation, operations, fail_with;
static const char *fail_name; /* beginning of the operations' names */

static int hook(const struct file_op *op)
{
	if (strncmp(op->name, fail_name, strlen(fail_name)) != 0)
		return 0;
	return ++operations == fail_operation ? fail_with : 0;
}

static struct strbuf now(void)
{
	struct strbuf b = {0};

	tree_take(dir, 0, &b);
	return b;
}

struct parts {
	struct root root;
	struct machine machine;
	struct snapshot snap;
	struct guest guest;
	struct plan plan;
	struct verdict verdict;
};

static int scan(struct parts *p, struct err *e)
{
	int q;

	guest_done(&p->guest);
	snapshot_done(&p->snap);
	p->guest = (struct guest){0};
	p->snap = (struct snapshot){0};
	q = probe_snapshot(&p->root, &p->snap, e);
	return q < 0 ? q : guest_read(&p->snap, &p->machine, &p->guest, e);
}

static int verify(struct parts *p, const struct options *o, struct err *e)
{
	int q = scan(p, e);

	if (q >= 0)
		q = verify_guest(&p->snap, &p->machine, &p->guest, o, &p->verdict, e);
	for (size_t i = 0; i < p->verdict.n && q >= 0; i++)
		if (!p->verdict.v[i].ok)
			q = -EIO;
	return q;
}

static const struct txn_undo forced = {.force = true};

/* As the agent goes about it. */
static int repair(struct parts *p, struct err *e)
{
	struct options o;
	const struct plan_input in = {
		.snap = &p->snap,
		.machine = &p->machine,
		.guest = &p->guest,
		.options = &o,
		.offline = true,
	};
	struct apply a = {.root = &p->root, .plan = &p->plan};
	enum txn_recovery how;
	struct err ignored;
	int q;

	options_init(&o);
	q = root_open(dir, &p->root, e);
	if (q >= 0)
		q = txn_recover(&p->root, NULL, &how, e);
	if (q >= 0)
		q = machine_parse(strbuf_str(&json), &p->machine, e);
	if (q >= 0)
		q = scan(p, e);
	if (q >= 0)
		q = plan_build(&in, &p->plan, e);
	if (q < 0)
		return q;
	if (!mark_apply)
		mark_apply = allocations;
	q = apply_plan(&a, e);
	if (!mark_applied)
		mark_applied = allocations;
	if (q < 0)
		return q;
	q = verify(p, &o, e);
	if (q < 0 && txn_undo(&p->root, &forced, NULL, &ignored) < 0)
		return -ENOTRECOVERABLE;
	return q;
}

static int run(struct err *e)
{
	struct parts p = {.root = ROOT_CLOSED};
	int q;

	live = allocations = operations = 0;
	counting = true;
	q = repair(&p, e);
	verdict_done(&p.verdict);
	plan_done(&p.plan);
	guest_done(&p.guest);
	snapshot_done(&p.snap);
	machine_done(&p.machine);
	root_done(&p.root);
	counting = false;
	return q;
}

static void forget_state(void)
{
	char state[128];

	snprintf(state, sizeof(state), "%s/var/lib/xvd2vd", dir);
	if (access(state, F_OK) == 0) {
		tree_remove(state);
		ck_assert_int_eq(rmdir(state), 0);
	}
}

/* One run that meets a fault, what the next run makes of it, and back to the beginning. */
static void try(const char *what, long n)
{
	struct root r = ROOT_CLOSED;
	enum txn_recovery how;
	struct err e = {0};
	struct strbuf is;
	bool done;
	int q = run(&e);

	fail_allocation = 0;
	file_fault = NULL;
	ck_assert_msg(
		live == 0, "%s %ld: %ld allocations lost (%s)", what, n, live, e.text);
	ck_assert_msg(
		q >= 0 || e.text[0], "%s %ld: failed (%d) without a word", what, n, q);
	ck_assert_int_eq(root_open(dir, &r, NULL), 0);
	q = txn_recover(&r, NULL, &how, &e) < 0 ? -EUCLEAN : q;
	ck_assert_msg(q != -EUCLEAN, "%s %ld: %s", what, n, e.text);
	is = now();
	done = str_eq(strbuf_str(&is), strbuf_str(&after));
	if (!done && !str_eq(strbuf_str(&is), strbuf_str(&before)))
		ck_abort_msg("%s %ld (%d, %s): torn\nfrom before:%s\nfrom after:%s", what,
			n, q, e.text, tree_diff(strbuf_str(&before), strbuf_str(&is)),
			tree_diff(strbuf_str(&after), strbuf_str(&is)));
	ck_assert_msg(
		done || q < 0, "%s %ld: nothing is done, and it says it is", what, n);
	if (done) {
		ck_assert_int_eq(txn_undo(&r, NULL, NULL, &e), 0);
		strbuf_done(&is);
		is = now();
		ck_assert_msg(str_eq(strbuf_str(&is), strbuf_str(&before)),
			"%s %ld: undo", what, n);
	}
	strbuf_done(&is);
	root_done(&r);
	forget_state();
}

static void setup(void)
{
	const char *base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	char command[256];
	struct root r = ROOT_CLOSED;
	struct err e = {0};
	char *bytes;
	size_t n;
	int q;

	snprintf(dir, sizeof(dir), "%s/xvd2vd-faults-XXXXXX", base);
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(rmdir(dir), 0);
	snprintf(command, sizeof(command), "tests/guests/make-tree " GUEST " %s", dir);
	ck_assert_int_eq(system(command), 0);
	ck_assert_int_eq(root_open(GUEST, &r, NULL), 0);
	ck_assert_int_eq(root_read(&r, "machine.json", 1 << 20, &bytes, &n, &e), 0);
	strbuf_add(&json, (struct str){bytes, n});
	free(bytes);
	root_done(&r);

	before = now();
	q = run(&e);
	ck_assert_msg(q == 0, "%d: %s", q, e.text);
	ck_assert_int_eq(live, 0);
	after = now();
	ck_assert(!str_eq(strbuf_str(&before), strbuf_str(&after)));
	ck_assert_int_eq(root_open(dir, &r, NULL), 0);
	ck_assert_int_eq(txn_undo(&r, NULL, NULL, &e), 0);
	root_done(&r);
	forget_state();
}

static void teardown(void)
{
	tree_remove(dir);
	ck_assert_int_eq(rmdir(dir), 0);
	strbuf_done(&before);
	strbuf_done(&after);
	strbuf_done(&json);
}

START_TEST(each_allocation)
{
	bool more = true;
	long n;

	for (n = 1; more; n++) {
		fail_allocation = n;
		try("allocation", n);
		more = allocations >= n;
	}
	printf("%ld allocations, %ld of them while the guest is changed\n", n - 2,
		mark_applied - mark_apply);
	ck_assert_int_gt(n, 500);
}
END_TEST

static const struct {
	const char *name;
	int error;
} kinds[] = {
	{"write", -ENOSPC},
	{"write", -EIO},
	{"fsync", -EIO},
	{"", -EIO},
};

START_TEST(each_operation)
{
	bool more = true;
	int n;

	for (n = 1; more; n++) {
		fail_name = kinds[_i].name;
		fail_with = kinds[_i].error;
		fail_operation = n;
		file_fault = hook;
		try(fail_name, n);
		more = operations >= n;
	}
	printf("%d operations (%s)\n", n - 2, *fail_name ? fail_name : "any");
	ck_assert_int_gt(n, 20);
}
END_TEST

static void add(TCase *tc)
{
	tcase_set_timeout(tc, 3600);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, each_allocation);
	tcase_add_loop_test(tc, each_operation, 0, ARRAY_SIZE(kinds));
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	return check_main("apply_faults", add);
}

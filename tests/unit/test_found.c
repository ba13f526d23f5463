/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When a repair counts as found again, and how often. */
#include "apply/found.h"
#include "check_main.h"
#include "scratch.h"
#include "txn/txn.h"

#define STATE "var/lib/xvd2vd/"

static struct root root = ROOT_CLOSED;

static void setup(void)
{
	scratch_make();
	ck_assert_int_eq(root_open(scratch, &root, NULL), 0);
}

static void teardown(void)
{
	root_done(&root);
	scratch_remove();
}

static void put(const char *name, const char *text)
{
	char path[64];

	snprintf(path, sizeof(path), STATE "%s", name);
	scratch_write(path, text, strlen(text));
}

/* A repair; `script`: with what notes the first start. */
static void repair(bool script)
{
	const struct txn_about about = {.when = 1000000000, .version = "1"};
	struct txn *t;

	ck_assert_int_eq(txn_begin(&root, &about, &t, NULL), 0);
	ck_assert_int_eq(txn_write(t, "/etc/fstab", STR("x\n"), 0644, NULL), 0);
	if (script)
		ck_assert_int_eq(
			txn_write(t, "/" STATE "confirm", STR("#!/bin/sh\n"), 0755, NULL),
			0);
	ck_assert_int_eq(txn_commit(t, NULL), 0);
	txn_free(t);
}

/* `times` 0: not found. */
static void finds(const char *what, unsigned times, const char *run)
{
	struct found f = {0};
	struct err e = {0};
	int r = found_again(&root, &f, &e);

	ck_assert_msg(r == (times > 0), "%s: answer %d %s", what, r, e.text);
	ck_assert_msg(f.times == times, "%s: %u times, want %u", what, f.times, times);
	if (times) {
		ck_assert_str_eq(f.run, run);
		ck_assert_int_eq(f.when, 1000000000);
		ck_assert_int_eq(found_note(&root, &f, &e), 0);
	}
}

START_TEST(counting)
{
	finds("an untouched guest", 0, NULL);
	put("confirm", "a script without a run\n");
	finds("no run", 0, NULL);
	repair(true);
	for (unsigned i = 1; i <= 4; i++)
		finds("again and again", i, "000001");
	repair(true);
	finds("a second repair", 1, "000002");
	ck_assert_int_eq(txn_undo(&root, &(struct txn_undo){0}, NULL, NULL), 0);
	finds("the second is undone", 1, "000001");
	ck_assert_int_eq(txn_undo(&root, &(struct txn_undo){0}, NULL, NULL), 0);
	finds("all is undone", 0, NULL);
}
END_TEST

START_TEST(no_script)
{
	repair(false);
	finds("it would not be noted", 0, NULL);
}
END_TEST

static const struct {
	const char *confirmed;
	unsigned times;
} notes[] = {
	{"run=000001\nwhen=2026-01-01T00:00:00Z\n", 0},
	{"run=000002\n", 0}, /* a later one, undone */
	{"run=000000\n", 1},
	{"run=\n", 1},
	{"run=x\n", 1},
	{"", 1},
};

START_TEST(confirmed)
{
	repair(true);
	put("confirmed", notes[_i].confirmed);
	finds(notes[_i].confirmed, notes[_i].times, "000001");
}
END_TEST

static const struct {
	const char *found;
	unsigned times;
} counts[] = {
	{"run=000001\ntimes=2\n", 3},
	{"run=000009\ntimes=2\n", 1},
	{"times=2\n", 1},
	{"run=000001\ntimes=-7\n", 1},
	{"run=000001\ntimes=99999999999999999999\n", 1},
	{"run=000001\ntimes=9999999999999\n", 1000001},
	{"\001\002\n", 1},
};

START_TEST(strange_counts)
{
	repair(true);
	put("found", counts[_i].found);
	finds(counts[_i].found, counts[_i].times, "000001");
}
END_TEST

START_TEST(not_noted)
{
	struct found f;
	struct err e = {0};

	repair(true);
	put("found/x", "in a folder");
	ck_assert_int_eq(found_again(&root, &f, &e), 1);
	ck_assert_int_lt(found_note(&root, &f, &e), 0);
	ck_assert_str_ne(e.text, "");
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, counting);
	tcase_add_test(tc, no_script);
	tcase_add_loop_test(tc, confirmed, 0, ARRAY_SIZE(notes));
	tcase_add_loop_test(tc, strange_counts, 0, ARRAY_SIZE(counts));
	tcase_add_test(tc, not_noted);
}

int main(void)
{
	return check_main("found", add);
}

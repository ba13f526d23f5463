/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest's files with a plan's steps on top. */
#include <errno.h>

#include "plan/draft.h"
#include "plan_fixture.h"

static const struct fx_file files[] = {
	{"/etc/fstab", "/dev/vda / ext4 d 0 1\n"},
	{"/etc/a", "one\n"},
	{"/etc/link", .link = "a"},
	{"/etc/void", .link = "/nowhere"},
	{"/etc/big", .problem = "larger than 1 MiB"},
};

static struct plan_fx p;
static struct err e;

static void setup(void)
{
	plan_fx_load(
		&p, "vda ext4 aaaa /\nroot /dev/vda", files, ARRAY_SIZE(files), NULL);
}

static void teardown(void)
{
	plan_fx_done(&p);
}

static void is(const char *path, const char *want)
{
	struct str data;

	ck_assert_msg(draft_read(&p.in, &p.plan, path, &data) == !!want, "%s", path);
	if (want)
		check_bytes(path, data, str_from(want));
}

static void write_to(const char *path, const char *text)
{
	struct strbuf b = {0};

	strbuf_adds(&b, text);
	ck_assert_int_eq(
		draft_write(&p.in, &p.plan, "x", path, &b, 0600, &e, "to %s", text), 0);
	ck_assert_ptr_null(b.p); /* taken */
}

START_TEST(reading)
{
	is("/etc/a", "one\n");
	is("/etc/link", "one\n");
	is("/etc/void", NULL);
	is("/etc/big", NULL);
	is("/etc/none", NULL);
	ck_assert(draft_exists(&p.in, &p.plan, "/etc/void"));
	ck_assert(!draft_exists(&p.in, &p.plan, "/etc/none"));
}
END_TEST

/* Two rules, one file, by either of its names: one step, both notes. */
START_TEST(writing)
{
	write_to("/etc/link", "two");
	is("/etc/a", "two");
	is("/etc/link", "two");
	write_to("/etc/a", "three");
	is("/etc/link", "three");
	ck_assert_uint_eq(p.plan.n_steps, 1);
	ck_assert_str_eq(p.plan.steps[0].path, "/etc/a");
	check_bytes(
		"detail", strbuf_str(&p.plan.steps[0].detail), STR("to two; to three"));
	write_to("/etc/a", "three");
	check_bytes("said once", strbuf_str(&p.plan.steps[0].detail),
		STR("to two; to three"));
	write_to("/etc/new", "n");
	ck_assert(draft_exists(&p.in, &p.plan, "/etc/new"));
	ck_assert_uint_eq(p.plan.steps[1].mode, 0600);
}
END_TEST

START_TEST(removing)
{
	ck_assert_int_eq(
		draft_remove(&p.in, &p.plan, "x", "/etc/none", &e, "not there"), 0);
	ck_assert_uint_eq(p.plan.n_steps, 0);
	write_to("/etc/a", "two");
	ck_assert_int_eq(draft_remove(&p.in, &p.plan, "x", "/etc/a", &e, "stale"), 0);
	ck_assert_uint_eq(p.plan.n_steps, 1);
	ck_assert_int_eq(p.plan.steps[0].kind, STEP_REMOVE);
	is("/etc/a", NULL);
	ck_assert(!draft_exists(&p.in, &p.plan, "/etc/a"));
	ck_assert_int_eq(draft_remove(&p.in, &p.plan, "x", "/etc/a", &e, "again"), 0);
	ck_assert_uint_eq(p.plan.n_steps, 1);
	write_to("/etc/a", "back");
	is("/etc/a", "back");
}
END_TEST

START_TEST(linking)
{
	ck_assert_int_eq(draft_link(&p.in, &p.plan, "x", "/etc/a", "/b", &e), 0);
	ck_assert_uint_eq(p.plan.n_steps, 0); /* something is there already */
	ck_assert_int_eq(draft_link(&p.in, &p.plan, "x", "/etc/l", "/b", &e), 0);
	ck_assert_int_eq(p.plan.steps[0].kind, STEP_LINK);
	check_bytes("target", strbuf_str(&p.plan.steps[0].content), STR("/b"));
	ck_assert(draft_exists(&p.in, &p.plan, "/etc/l"));
}
END_TEST

/* An editor as rules use it: the request is its answer. */
static int answer(struct str in, const void *request, struct strbuf *out, struct err *err)
{
	const int *r = request;

	if (*r == 1) {
		strbuf_add(out, in);
		strbuf_adds(out, "+");
	}
	return *r < 0 ? err_set(err, *r, "no good") : *r;
}

static const struct {
	const char *path;
	int answer, want;
	size_t steps, warnings;
} edit_rows[] = {
	{"/etc/a", 0, 0, 0, 0},
	{"/etc/a", 1, 0, 1, 0},
	{"/etc/link", 1, 0, 1, 0},
	{"/etc/a", -ENODEV, -ENODEV, 0, 0},
	{"/etc/none", 1, 0, 0, 0},
	{"/etc/void", 1, 0, 0, 1},
	{"/etc/big", 1, 0, 0, 1},
};

START_TEST(editing)
{
	int r = draft_edit(&p.in, &p.plan, "x", edit_rows[_i].path, answer,
		&edit_rows[_i].answer, "edited", &e);

	ck_assert_int_eq(r, edit_rows[_i].want);
	ck_assert_uint_eq(p.plan.n_steps, edit_rows[_i].steps);
	ck_assert_uint_eq(p.plan.warnings.n, edit_rows[_i].warnings);
	if (p.plan.n_steps)
		is("/etc/a", "one\n+");
	if (r < 0)
		ck_assert_str_eq(e.text, "/etc/a: no good");
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, reading);
	tcase_add_test(tc, writing);
	tcase_add_test(tc, removing);
	tcase_add_test(tc, linking);
	tcase_add_loop_test(tc, editing, 0, ARRAY_SIZE(edit_rows));
}

int main(void)
{
	return check_main("draft", add);
}

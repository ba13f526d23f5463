/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The unified diff of a plan, as patch(1) reads it. */
#include "plan_fixture.h"
#include "report/report.h"

#define L(n) "line " #n "\n"
#define A9 L(1) L(2) L(3) L(4) L(5) L(6) L(7) L(8) L(9)

/* `old` NULL: the file is new; `new` NULL: it is removed. `want`: behind the two file lines. */
static const struct row {
	const char *name, *old, *new, *want;
} rows[] = {
	{"one line in the middle", A9, L(1) L(2) L(3) L(4) "x\n" L(6) L(7) L(8) L(9),
		"@@ -2,7 +2,7 @@\n line 2\n line 3\n line 4\n-line 5\n+x\n line 6\n line "
		"7\n"
		" line 8\n"},
	{"the first line", A9, "x\n" L(2) L(3) L(4) L(5) L(6) L(7) L(8) L(9),
		"@@ -1,4 +1,4 @@\n-line 1\n+x\n line 2\n line 3\n line 4\n"},
	{"the last line", A9, L(1) L(2) L(3) L(4) L(5) L(6) L(7) L(8) "x\n",
		"@@ -6,4 +6,4 @@\n line 6\n line 7\n line 8\n-line 9\n+x\n"},
	{"a line less", A9, L(1) L(2) L(3) L(4) L(6) L(7) L(8) L(9),
		"@@ -2,7 +2,6 @@\n line 2\n line 3\n line 4\n-line 5\n line 6\n line 7\n"
		" line 8\n"},
	{"a line more at the end", L(1) L(2), L(1) L(2) "x\n",
		"@@ -1,2 +1,3 @@\n line 1\n line 2\n+x\n"},
	{"two changes near: one hunk", A9, "x\n" L(2) L(3) L(4) L(5) L(6) L(7) "y\n" L(9),
		"@@ -1,9 +1,9 @@\n-line 1\n+x\n line 2\n line 3\n line 4\n line 5\n line "
		"6\n"
		" line 7\n-line 8\n+y\n line 9\n"},
	{"two changes far: two hunks", A9 A9,
		"x\n" L(2) L(3) L(4) L(5) L(6) L(7) L(8) L(9) L(1) L(2) L(3) L(4) L(5)
			L(6) L(7) L(8) "y\n",
		"@@ -1,4 +1,4 @@\n-line 1\n+x\n line 2\n line 3\n line 4\n"
		"@@ -15,4 +15,4 @@\n line 6\n line 7\n line 8\n-line 9\n+y\n"},
	{"no newline at the end", "a\nb", "a\nc",
		"@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n"
		"\\ No newline at end of file\n"},
	{"a newline is added", "a\nb", "a\nb\n",
		"@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n"},
	{"a new file", NULL, "a\nb\n", "@@ -0,0 +1,2 @@\n+a\n+b\n"},
	{"an empty file is filled", "", "a\n", "@@ -0,0 +1,1 @@\n+a\n"},
	{"a file is removed", "a\nb\n", NULL, "@@ -1,2 +0,0 @@\n-a\n-b\n"},
	{"nothing changes", "a\n", "a\n", ""},
};

START_TEST(hunks)
{
	const struct row *row = &rows[_i];
	const struct fx_file files[] = {{row->old ? "/etc/x" : "/etc/y", row->old}};
	struct strbuf got = {0}, want = {0};
	struct plan p = {0};
	struct step *s = plan_add(&p, row->new ? STEP_WRITE : STEP_REMOVE, "x", "/etc/x");
	struct fx fx;

	fx_load(&fx, "vda", files, ARRAY_SIZE(files), false);
	strbuf_adds(&s->content, row->new ? row->new : "");
	report_diff_text(&fx.snap, &p, &got);
	strbuf_addf(&want, "--- %s\n+++ %s\n%s", "a/etc/x",
		row->new ? "b/etc/x" : "/dev/null", row->want);
	check_bytes(row->name, strbuf_str(&got), strbuf_str(&want));
	strbuf_done(&got);
	strbuf_done(&want);
	plan_done(&p);
	fx_done(&fx);
}
END_TEST

/* Links, programs and grafts have no text to show. */
START_TEST(only_text)
{
	static const enum step_kind kinds[] = {STEP_LINK, STEP_GRAFT, STEP_RUN};
	struct snapshot snap = {0};
	struct strbuf got = {0};
	struct plan p = {0};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		strbuf_adds(&plan_add(&p, kinds[i], "x", "/x")->content, "y\n");
	report_diff_text(&snap, &p, &got);
	ck_assert_uint_eq(got.n, 0);
	strbuf_done(&got);
	plan_done(&p);
}
END_TEST

/* Files without a line in common, far past the distance in which equal lines are sought. */
START_TEST(long_files)
{
	struct strbuf old = {0}, got = {0};
	struct plan p = {0};
	struct step *s = plan_add(&p, STEP_WRITE, "x", "/etc/x");
	size_t minus = 0, plus = 0;
	struct fx fx;

	for (int i = 0; i < 2000; i++) {
		strbuf_addf(&old, "old %d\n", i);
		strbuf_addf(&s->content, "new %d\n", i);
	}
	const struct fx_file files[] = {{"/etc/x", old.p}};
	fx_load(&fx, "vda", files, 1, false);
	report_diff_text(&fx.snap, &p, &got);
	STR_FOREACH_LINE (line, strbuf_str(&got)) {
		minus += str_starts(line, "-old");
		plus += str_starts(line, "+new");
	}
	ck_assert_uint_eq(minus, 2000);
	ck_assert_uint_eq(plus, 2000);
	ck_assert(str_contains(strbuf_str(&got), "@@ -1,2000 +1,2000 @@\n"));
	strbuf_done(&got);
	strbuf_done(&old);
	plan_done(&p);
	fx_done(&fx);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, hunks, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, only_text);
	tcase_add_test(tc, long_files);
}

int main(void)
{
	return check_main("diff", add);
}

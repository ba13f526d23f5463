/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Undo of chosen files, what it refuses, and what the journals tell afterwards. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/strv.h"
#include "txn/txn.h"

#include "check_main.h"

static char dir[64];
static struct root root = ROOT_CLOSED;
static struct err e;

#define OK(call) ck_assert_msg((call) == 0, "%s", e.text)

static const char *full(const char *path)
{
	static char p[256];

	snprintf(p, sizeof(p), "%s%s", dir, path);
	return p;
}

static void put(const char *path, const char *text)
{
	int fd = open(full(path), O_WRONLY | O_CREAT | O_TRUNC, 0644);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static void is(const char *path, const char *want)
{
	char *got = NULL;
	size_t n;
	int q = root_read(&root, path, 1 << 20, &got, &n, NULL);

	if (!want) {
		ck_assert_msg(q == -ENOENT, "%s is there", path);
		return;
	}
	ck_assert_msg(q == 0, "%s: %d", path, q);
	ck_assert_str_eq(got, want);
	free(got);
}

/* A run: fstab written, img appended to, made written where nothing was, old removed. */
static void setup(void)
{
	static const struct txn_about about = {1700000000, "9.9"};
	struct txn *t;

	snprintf(dir, sizeof(dir), "/tmp/xvd2vd-undo-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(root_open(dir, &root, NULL), 0);
	ck_assert_int_eq(mkdir(full("/etc"), 0755), 0);
	ck_assert_int_eq(symlink("fstab", full("/etc/link")), 0);
	put("/etc/fstab", "old");
	put("/etc/img", "12345");
	put("/etc/gone", "gone");
	OK(txn_begin(&root, &about, &t, &e));
	OK(txn_write(t, "/etc/fstab", STR("new"), 0644, &e));
	OK(txn_append(t, "/etc/img", STR("678"), &e));
	OK(txn_write(t, "/etc/sub/made", STR("made"), 0644, &e));
	OK(txn_remove(t, "/etc/gone", &e));
	OK(txn_commit(t, &e));
	txn_free(t);
}

static void teardown(void)
{
	char cmd[256];

	root_done(&root);
	snprintf(cmd, sizeof(cmd), "rm -rf %s", dir);
	ck_assert_int_eq(system(cmd), 0);
}

static int undo(const char *a, const char *b, struct strv *ret_paths)
{
	char *names[] = {(char *)a, (char *)b};
	const struct strv only = {names, b ? 2 : 1};
	const struct txn_undo how = {.only = &only};

	return txn_undo(&root, &how, ret_paths, &e);
}

/* The last run's. */
static enum txn_state state(size_t *ret_undone)
{
	struct txn_history h;
	enum txn_state s;

	OK(txn_history(&root, &h, &e));
	ck_assert_uint_ge(h.n, 1);
	s = h.v[h.n - 1].state;
	if (ret_undone)
		*ret_undone = h.v[h.n - 1].undone;
	txn_history_done(&h);
	return s;
}

START_TEST(one_then_the_rest)
{
	struct strv paths = {0};
	size_t n;

	OK(undo("/etc/link", NULL, &paths)); /* the file that it leads to */
	ck_assert_uint_eq(paths.n, 1);
	ck_assert_str_eq(paths.v[0], "/etc/fstab");
	is("/etc/fstab", "old");
	is("/etc/img", "12345678");
	ck_assert_int_eq(state(&n), TXN_PARTLY_UNDONE);
	ck_assert_uint_eq(n, 1);
	/* Whoever changes it now changes a file that is none of ours any more. */
	put("/etc/fstab", "by the admin");
	OK(undo("/etc/fstab", NULL, NULL));
	is("/etc/fstab", "by the admin");
	OK(txn_undo(&root, NULL, NULL, &e));
	is("/etc/fstab", "by the admin");
	is("/etc/img", "12345");
	is("/etc/sub/made", NULL);
	is("/etc/gone", "gone");
	ck_assert_int_eq(access(full("/etc/sub"), F_OK), -1);
	ck_assert_int_eq(state(NULL), TXN_UNDONE);
	ck_assert_int_eq(txn_undo(&root, NULL, NULL, &e), -ENOENT);
	strv_done(&paths);
}
END_TEST

START_TEST(all_by_name)
{
	OK(undo("/etc/fstab", "/etc/img", NULL));
	ck_assert_int_eq(state(NULL), TXN_PARTLY_UNDONE);
	OK(undo("/etc/sub/made", "/etc/gone", NULL));
	ck_assert_int_eq(state(NULL), TXN_UNDONE);
	is("/etc/gone", "gone");
	is("/etc/sub/made", NULL);
	/* The copies went. */
	ck_assert_int_eq(access(full("/var/lib/xvd2vd/000001/1"), F_OK), -1);
}
END_TEST

START_TEST(all_that_changed_are_named)
{
	struct strv changed = {0};
	const struct txn_undo how = {.ret_changed = &changed};

	put("/etc/fstab", "by the admin");
	put("/etc/gone", "by the admin, too");
	ck_assert_int_eq(txn_undo(&root, &how, NULL, &e), -ESTALE);
	ck_assert_uint_eq(changed.n, 2);
	ck_assert_str_eq(changed.v[0], "/etc/fstab");
	ck_assert_str_eq(changed.v[1], "/etc/gone");
	is("/etc/img", "12345678");
	OK(undo("/etc/gone", "/etc/fstab", NULL));
	is("/etc/fstab", "old");
	is("/etc/gone", "gone");
	is("/etc/img", "12345678");
	OK(txn_undo(&root, NULL, NULL, &e));
	is("/etc/img", "12345");
	strv_done(&changed);
}
END_TEST

/* What is refused touches nothing, and is as if it had not been asked. */
static const struct refusal {
	const char *name, *path, *shell; /* run in the tree before */
	int want;
} refusals[] = {
	{"not of the run", "/etc/other", "true", -EINVAL},
	{"the root", "/", "true", -EINVAL},
	{"appended to, and another file now", "/etc/img", "echo another >etc/img",
		-ESTALE},
	{"appended to, and a link now", "/etc/img", "ln -sf fstab etc/img", -ESTALE},
	{"a directory now", "/etc/gone", "mkdir etc/gone", -ESTALE},
};

/* A run in two rounds, as when a kernel comes and then its drivers; and one behind it. */
START_TEST(rounds)
{
	static const struct txn_about more = {1700000001, "9.9", true}, other = {0};
	struct txn *t;

	OK(txn_begin(&root, &more, &t, &e));
	OK(txn_write(t, "/etc/fstab", STR("newer"), 0644, &e));
	OK(txn_commit(t, &e));
	txn_free(t);
	OK(txn_begin(&root, &other, &t, &e));
	OK(txn_write(t, "/etc/fstab", STR("newest"), 0644, &e));
	OK(txn_commit(t, &e));
	txn_free(t);
	OK(txn_undo(&root, NULL, NULL, &e));
	is("/etc/fstab", "newer");
	is("/etc/gone", NULL);
	OK(txn_undo(&root, NULL, NULL, &e));
	is("/etc/fstab", "old");
	is("/etc/gone", "gone");
	ck_assert_int_eq(txn_undo(&root, NULL, NULL, &e), -ENOENT);
}
END_TEST

START_TEST(refused)
{
	const struct refusal *row = &refusals[_i];
	char cmd[256];
	int q;

	snprintf(cmd, sizeof(cmd), "cd %s && %s", dir, row->shell);
	ck_assert_int_eq(system(cmd), 0);
	q = undo("/etc/fstab", row->path, NULL);
	ck_assert_msg(q == row->want, "%s: %d (%s)", row->name, q, e.text);
	is("/etc/fstab", "new");
	ck_assert_int_eq(state(NULL), TXN_DONE);
}
END_TEST

START_TEST(folder_gone)
{
	char cmd[256];

	snprintf(cmd, sizeof(cmd), "mv %s/etc %s/elsewhere", dir, dir);
	ck_assert_int_eq(system(cmd), 0);
	ck_assert_int_eq(undo("/etc/fstab", NULL, NULL), -ESTALE);
	ck_assert_int_eq(state(NULL), TXN_DONE);
}
END_TEST

static int removals, removal_answer;

static int remove_packages(void *ctx, const struct txn_package *v, size_t n)
{
	(void)ctx;
	ck_assert_uint_eq(n, 2);
	ck_assert_str_eq(v[1].name, "acpid");
	ck_assert_str_eq(v[1].version, "1:2.0");
	removals++;
	/* Its hooks see the files as the run left them, and may change them. */
	is("/etc/fstab", "newer");
	put("/etc/fstab", "by a hook");
	return removal_answer;
}

static void install(void)
{
	struct txn *t;

	OK(txn_begin(&root, NULL, &t, &e));
	OK(txn_note_package(t, &(struct txn_package){"libx", "1", "dpkg"}, &e));
	OK(txn_note_package(t, &(struct txn_package){"acpid", "1:2.0", "dpkg"}, &e));
	OK(txn_write(t, "/etc/fstab", STR("newer"), 0644, &e));
	OK(txn_commit(t, &e));
	txn_free(t);
}

static void has_packages(enum txn_state want, size_t n, bool are_gone)
{
	struct txn_history h;
	const struct txn_run *last;

	OK(txn_history(&root, &h, &e));
	last = &h.v[h.n - 1];
	ck_assert_int_eq(last->state, want);
	ck_assert_uint_eq(last->n_packages, n);
	ck_assert_int_eq(last->packages_gone, are_gone);
	txn_history_done(&h);
}

START_TEST(packages)
{
	const struct txn_undo how = {.packages = remove_packages};

	install();
	has_packages(TXN_DONE, 2, false);
	removals = 0;
	removal_answer = _i ? -EIO : 0;
	OK(txn_undo(&root, &how, NULL, &e));
	ck_assert_int_eq(removals, 1);
	is("/etc/fstab", "new"); /* the files go back in any case */
	has_packages(TXN_UNDONE, 2, !_i);
}
END_TEST

START_TEST(packages_stay_known)
{
	struct txn *t;

	OK(txn_begin(&root, NULL, &t, &e));
	OK(txn_note_package(t, &(struct txn_package){"acpid", "1", "dpkg"}, &e));
	OK(txn_write(t, "/etc/fstab", STR("newer"), 0644, &e));
	OK(txn_abort(t, &e));
	txn_free(t);
	is("/etc/fstab", "new");
	has_packages(TXN_TAKEN_BACK, 1, false);
	/* It is over all the same: the run before it is the last one to undo. */
	OK(txn_undo(&root, NULL, NULL, &e));
	is("/etc/fstab", "old");
}
END_TEST

START_TEST(history)
{
	struct txn_history h;

	install();
	OK(txn_undo(&root, NULL, NULL, &e));
	ck_assert_int_eq(truncate(full("/var/lib/xvd2vd/000002/journal"), 30), 0);
	OK(txn_history(&root, &h, &e));
	ck_assert_uint_eq(h.n, 2);
	ck_assert_str_eq(h.v[0].id, "000001");
	ck_assert_int_eq(h.v[0].when, 1700000000);
	ck_assert_str_eq(h.v[0].version, "9.9");
	ck_assert_int_eq(h.v[0].state, TXN_DONE);
	ck_assert_uint_eq(h.v[0].changes, 4);
	ck_assert_int_eq(h.v[1].state, TXN_UNFINISHED);
	txn_history_done(&h);
	put("/var/lib/xvd2vd/000001/journal", "XVJ1 and no more");
	OK(txn_history(&root, &h, &e));
	ck_assert_int_eq(h.v[0].state, TXN_UNFINISHED);
	txn_history_done(&h);
}
END_TEST

static void add(TCase *tc)
{
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, one_then_the_rest);
	tcase_add_test(tc, all_by_name);
	tcase_add_test(tc, rounds);
	tcase_add_test(tc, all_that_changed_are_named);
	tcase_add_loop_test(tc, refused, 0, ARRAY_SIZE(refusals));
	tcase_add_test(tc, folder_gone);
	tcase_add_loop_test(tc, packages, 0, 2);
	tcase_add_test(tc, packages_stay_known);
	tcase_add_test(tc, history);
}

int main(void)
{
	return check_main("txn_undo", add);
}

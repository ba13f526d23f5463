/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What one transaction does and refuses, without any accident. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/strv.h"
#include "txn/txn.h"

#include "check_main.h"

static char dir[64];
static struct root root = ROOT_CLOSED;
static struct err e;
static const struct txn_undo forced = {.force = true};

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

static void setup(void)
{
	snprintf(dir, sizeof(dir), "/tmp/xvd2vd-txn-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(root_open(dir, &root, NULL), 0);
	ck_assert_int_eq(mkdir(full("/etc"), 0755), 0);
	ck_assert_int_eq(mkdir(full("/usr"), 0755), 0);
	ck_assert_int_eq(mkdir(full("/usr/lib"), 0755), 0);
	ck_assert_int_eq(symlink("usr/lib", full("/lib")), 0);
	ck_assert_int_eq(symlink("fstab", full("/etc/link")), 0);
	ck_assert_int_eq(symlink("nowhere", full("/etc/void")), 0);
	ck_assert_int_eq(mkfifo(full("/etc/fifo"), 0600), 0);
	put("/etc/fstab", "old\n");
	put("/etc/img", "12345");
}

static void teardown(void)
{
	char cmd[128];

	root_done(&root);
	snprintf(cmd, sizeof(cmd), "rm -rf %s", dir);
	ck_assert_int_eq(system(cmd), 0);
}

/* `want` NULL: not there. */
static void is(const char *path, const char *want)
{
	char *got = NULL;
	size_t n;
	int q = root_read(&root, path, 1 << 20, &got, &n, NULL);

	if (!want) {
		ck_assert_int_eq(q, -ENOENT);
		return;
	}
	ck_assert_msg(q == 0, "%s: %d", path, q);
	ck_assert_str_eq(got, want);
	free(got);
}

static struct txn *begin(void)
{
	struct txn *t;

	ck_assert_msg(txn_begin(&root, NULL, &t, &e) == 0, "%s", e.text);
	return t;
}

#define OK(call) ck_assert_msg((call) == 0, "%s", e.text)

static void commit(struct txn *t)
{
	OK(txn_commit(t, &e));
	txn_free(t);
}

START_TEST(nothing_shows_before_commit)
{
	struct txn *t = begin();

	OK(txn_write(t, "/etc/fstab", STR("new\n"), 0644, &e));
	OK(txn_write(t, "/etc/made", STR("made\n"), 0600, &e));
	OK(txn_append(t, "/etc/img", STR("678"), &e));
	OK(txn_remove(t, "/etc/void", &e));
	is("/etc/fstab", "old\n");
	is("/etc/made", NULL);
	is("/etc/img", "12345");
	commit(t);
	is("/etc/fstab", "new\n");
	is("/etc/made", "made\n");
	is("/etc/img", "12345678");
	ck_assert_int_eq(access(full("/etc/void"), F_OK), -1);
}
END_TEST

START_TEST(state_is_private)
{
	struct stat st;

	commit(begin());
	ck_assert_int_eq(root_lstat(&root, "/var/lib/xvd2vd", &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0700);
	ck_assert_int_eq(root_lstat(&root, "/var/lib", &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0755);
	/* A transaction without changes leaves no trace. */
	ck_assert_int_eq(root_lstat(&root, "/var/lib/xvd2vd/000001", &st), -ENOENT);
}
END_TEST

START_TEST(links)
{
	struct txn *t = begin();
	struct stat st;

	OK(txn_write(t, "/etc/link", STR("through\n"), 0644, &e));
	OK(txn_write(t, "/lib/new/x.conf", STR("x\n"), 0644, &e));
	ck_assert_int_eq(txn_write(t, "/etc/void", STR("x"), 0644, &e), -ENOENT);
	OK(txn_remove(t, "/etc/void", &e));
	OK(txn_write(t, "/etc/void", STR("a file now\n"), 0600, &e));
	commit(t);
	ck_assert_int_eq(root_lstat(&root, "/etc/link", &st), 0);
	ck_assert(S_ISLNK(st.st_mode));
	is("/etc/fstab", "through\n");
	is("/usr/lib/new/x.conf", "x\n");
	ck_assert_int_eq(root_lstat(&root, "/etc/void", &st), 0);
	ck_assert(S_ISREG(st.st_mode));
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
	ck_assert_int_eq(txn_undo(&root, NULL, NULL, &e), 0);
	ck_assert_int_eq(root_lstat(&root, "/etc/void", &st), 0);
	ck_assert(S_ISLNK(st.st_mode));
	ck_assert_int_eq(access(full("/usr/lib/new"), F_OK), -1);
}
END_TEST

START_TEST(one_file_by_two_names)
{
	struct txn *t = begin();

	put("/usr/lib/a", "a");
	OK(txn_write(t, "/lib/a", STR("b"), 0644, &e));
	OK(txn_write(t, "//usr/../usr/lib//a", STR("c"), 0644, &e));
	OK(txn_append(t, "/etc/link", STR("more\n"), &e));
	OK(txn_append(t, "/etc/fstab", STR("other\n"), &e));
	commit(t);
	is("/usr/lib/a", "c");
	is("/etc/fstab", "old\nother\n");
	OK(txn_undo(&root, NULL, NULL, &e));
	is("/usr/lib/a", "a");
	is("/etc/fstab", "old\n");
}
END_TEST

START_TEST(refusals)
{
	struct txn *t = begin(), *other;

	ck_assert_int_eq(txn_begin(&root, NULL, &other, &e), -EBUSY);
	ck_assert_int_eq(txn_undo(&root, NULL, NULL, &e), -EBUSY);
	ck_assert_int_eq(txn_write(t, "/etc", STR("x"), 0644, &e), -EISDIR);
	ck_assert_int_eq(txn_write(t, "/", STR("x"), 0644, &e), -EINVAL);
	ck_assert_int_eq(txn_remove(t, "/etc/fifo", &e), -EINVAL);
	ck_assert_int_eq(txn_append(t, "/etc/none", STR("x"), &e), -ENOENT);
	OK(txn_remove(t, "/etc/none", &e));
	OK(txn_write(t, "/etc/fstab", STR("new\n"), 0644, &e));
	ck_assert_int_eq(txn_append(t, "/etc/fstab", STR("x"), &e), -EEXIST);
	ck_assert_int_eq(txn_guard(t, "/etc/fstab", &e), -EEXIST);
	commit(t); /* refusals do not spoil the rest */
	is("/etc/fstab", "new\n");
}
END_TEST

START_TEST(replaced_within)
{
	struct txn *t = begin();

	OK(txn_append(t, "/etc/img", STR("6"), &e));
	OK(txn_write(t, "/etc/img", STR("whole"), 0644, &e));
	OK(txn_write(t, "/etc/fstab", STR("x"), 0644, &e));
	OK(txn_remove(t, "/etc/fstab", &e));
	OK(txn_write(t, "/etc/made", STR("x"), 0644, &e));
	OK(txn_remove(t, "/etc/made", &e));
	commit(t);
	is("/etc/img", "whole");
	is("/etc/fstab", NULL);
	is("/etc/made", NULL);
	OK(txn_undo(&root, NULL, NULL, &e));
	is("/etc/img", "12345");
	is("/etc/fstab", "old\n");
}
END_TEST

START_TEST(free_takes_back)
{
	struct txn *t = begin();

	OK(txn_write(t, "/etc/fstab", STR("new\n"), 0644, &e));
	OK(txn_publish(t, &e));
	is("/etc/fstab", "new\n");
	OK(txn_guard(t, "/etc/img", &e));
	put("/etc/img", "by a program");
	txn_free(t);
	is("/etc/fstab", "old\n");
	is("/etc/img", "12345");
	ck_assert_int_eq(txn_undo(&root, NULL, NULL, &e), -ENOENT);
}
END_TEST

/* A folder, of which a program changes some, leaves some, and adds some. What it adds stays, or
 * goes where the folder is guarded whole. */
START_TEST(guards_a_tree)
{
	const bool aborted = _i & 1, whole = _i & 2;
	const struct txn_need tree = {"/etc", TXN_NEED_TREE, 0};
	struct txn *t = begin();

	ck_assert_int_eq(mkdir(full("/etc/sub"), 0755), 0);
	put("/etc/sub/a", "a");
	put("/etc/sub/b", "b");
	OK(txn_preflight(&root, &tree, 1, &e));
	ck_assert_int_eq(txn_guard_tree(t, "/etc", 10, false, &e), -EFBIG);
	OK(txn_guard_tree(t, "/none", 0, false, &e));
	OK(txn_write(t, "/etc/img", STR("img"), 0644, &e));
	ck_assert_int_eq(txn_guard_tree(t, "/etc", 1000, whole, &e), -EEXIST);
	OK(txn_publish(t, &e));
	OK(txn_guard_tree(t, "/etc", 1000, whole, &e));
	put("/etc/sub/a", "by a program");
	ck_assert_int_eq(unlink(full("/etc/link")), 0);
	put("/etc/sub/made", "new");
	ck_assert_int_eq(mkdir(full("/etc/sub/folder"), 0755), 0);
	put("/etc/sub/folder/made", "new");
	/* Staged, and not there yet. */
	OK(txn_write(t, "/etc/sub/staged", STR("staged"), 0644, &e));
	if (aborted) {
		OK(txn_abort(t, &e));
		txn_free(t);
	} else {
		commit(t);
		is("/etc/sub/a", "by a program");
		is("/etc/sub/folder/made", "new");
		is("/etc/sub/staged", "staged");
		/* Nobody's business: it was guarded, but nothing changed it. */
		put("/etc/sub/b", "by the admin, later");
		OK(txn_undo(&root, NULL, NULL, &e));
	}
	is("/etc/sub/a", "a");
	is("/etc/sub/b", aborted ? "b" : "by the admin, later");
	is("/etc/link", "old\n");
	is("/etc/img", "12345");
	is("/etc/sub/staged", NULL);
	/* Else of the program's package, which stays as well. */
	is("/etc/sub/made", whole ? NULL : "new");
	is("/etc/sub/folder/made", whole ? NULL : "new");
	ck_assert_int_eq(access(full("/etc/sub/folder"), F_OK), whole ? -1 : 0);
}
END_TEST

START_TEST(undo_restores_attributes)
{
	struct timespec ts[2] = {{1, 0}, {1000000, 123456789}};
	struct txn *t;
	struct stat st;
	char v[8];
	bool xattr;

	if (geteuid() == 0)
		ck_assert_int_eq(chown(full("/etc/fstab"), 3, 4), 0);
	ck_assert_int_eq(chmod(full("/etc/fstab"), 06711), 0);
	xattr = setxattr(full("/etc/fstab"), "user.k", "v1", 2, 0) == 0;
	ck_assert_int_eq(utimensat(AT_FDCWD, full("/etc/fstab"), ts, 0), 0);
	t = begin();
	OK(txn_guard(t, "/etc/fstab", &e));
	OK(txn_remove(t, "/etc/fstab", &e));
	commit(t);
	is("/etc/fstab", NULL);
	OK(txn_undo(&root, NULL, NULL, &e));
	is("/etc/fstab", "old\n");
	ck_assert_int_eq(root_lstat(&root, "/etc/fstab", &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 06711);
	ck_assert_int_eq(st.st_mtim.tv_sec, 1000000);
	ck_assert_int_eq(st.st_mtim.tv_nsec, 123456789);
	if (geteuid() == 0) {
		ck_assert_uint_eq(st.st_uid, 3);
		ck_assert_uint_eq(st.st_gid, 4);
	}
	if (xattr)
		ck_assert_int_eq(getxattr(full("/etc/fstab"), "user.k", v, sizeof(v)), 2);
}
END_TEST

START_TEST(undo_refuses_what_was_changed)
{
	struct strv paths = {0};
	struct txn *t = begin();

	OK(txn_write(t, "/etc/fstab", STR("new\n"), 0644, &e));
	OK(txn_append(t, "/etc/img", STR("678"), &e));
	commit(t);
	put("/etc/fstab", "by the admin\n");
	put("/etc/img", "an initramfs made anew");
	ck_assert_int_eq(txn_undo(&root, NULL, &paths, &e), -ESTALE);
	ck_assert_uint_eq(paths.n, 0);
	is("/etc/fstab", "by the admin\n");
	OK(txn_undo(&root, &forced, &paths, &e));
	ck_assert_uint_eq(paths.n, 1);
	ck_assert_str_eq(paths.v[0], "/etc/fstab");
	is("/etc/fstab", "old\n");
	is("/etc/img", "an initramfs made anew"); /* cutting would destroy it */
	strv_done(&paths);
}
END_TEST

START_TEST(undo_goes_back_in_order)
{
	struct txn *t = begin();

	OK(txn_write(t, "/etc/fstab", STR("one\n"), 0644, &e));
	commit(t);
	t = begin();
	OK(txn_write(t, "/etc/fstab", STR("two\n"), 0644, &e));
	commit(t);
	OK(txn_undo(&root, NULL, NULL, &e));
	is("/etc/fstab", "one\n");
	OK(txn_undo(&root, NULL, NULL, &e));
	is("/etc/fstab", "old\n");
	ck_assert_int_eq(txn_undo(&root, NULL, NULL, &e), -ENOENT);
}
END_TEST

static int fault_at, fault_calls;

/* Of what is staged; where labels can be set at all. */
START_TEST(labels)
{
	const char *label = "system_u:object_r:etc_t:s0";
	char got[64] = "";
	struct txn *t = begin();

	ck_assert_int_eq(txn_write(t, "/etc/new", STR("n"), 0644, &e), 0);
	ck_assert_int_eq(txn_label(t, "/etc/new", label, &e), 0);
	ck_assert_int_eq(txn_symlink(t, "/etc/newlink", "void", &e), 0);
	ck_assert_int_eq(txn_label(t, "/etc/newlink", label, &e), 0);
	ck_assert_int_eq(txn_label(t, "/etc/fstab", label, &e), -EINVAL);
	commit(t);
	if (geteuid() == 0 &&
		lgetxattr(full("/etc/new"), "security.selinux", got, sizeof(got)) < 0)
		ck_assert_int_eq(errno, ENOTSUP);
	if (*got) {
		ck_assert_str_eq(got, label);
		ck_assert_int_eq(lgetxattr(full("/etc/newlink"), "security.selinux", got,
					 sizeof(got)),
			(int)strlen(label) + 1);
	}
	ck_assert_int_eq(txn_undo(&root, NULL, NULL, &e), 0);
	ck_assert_int_eq(access(full("/etc/new"), F_OK), -1);
}
END_TEST

static int fault(const struct file_op *op)
{
	return !strcmp(op->name, "rename") && ++fault_calls == fault_at ? -ENOSPC : 0;
}

/* Leaves a transaction behind its commit record, with one of two renames made. */
static void interrupt(void)
{
	struct txn *t = begin();

	OK(txn_write(t, "/etc/fstab", STR("new\n"), 0644, &e));
	OK(txn_write(t, "/etc/img", STR("img"), 0644, &e));
	file_fault = fault;
	fault_calls = 0;
	fault_at = 2;
	ck_assert_int_eq(txn_commit(t, &e), -ENOSPC);
	file_fault = NULL;
	txn_free(t);
	is("/etc/fstab", "new\n");
	is("/etc/img", "12345");
}

START_TEST(recover_goes_forward)
{
	enum txn_recovery how;
	struct txn *t;

	interrupt();
	ck_assert_int_eq(txn_begin(&root, NULL, &t, &e), -EUCLEAN);
	OK(txn_recover(&root, NULL, &how, &e));
	ck_assert_int_eq(how, TXN_ROLLED_FORWARD);
	is("/etc/img", "img");
	OK(txn_recover(&root, NULL, &how, &e));
	ck_assert_int_eq(how, TXN_CLEAN);
}
END_TEST

START_TEST(recover_goes_back_where_forward_fails)
{
	enum txn_recovery how;

	interrupt();
	file_fault = fault;
	fault_calls = 0;
	fault_at = 1;
	OK(txn_recover(&root, NULL, &how, &e));
	file_fault = NULL;
	ck_assert_int_eq(how, TXN_ROLLED_BACK);
	is("/etc/fstab", "old\n");
	is("/etc/img", "12345");
}
END_TEST

static int dead(const struct file_op *op)
{
	(void)op;
	return -EIO;
}

START_TEST(recover_refuses_someone_elses_work)
{
	enum txn_recovery how;
	struct txn *t = begin();

	OK(txn_write(t, "/etc/fstab", STR("new\n"), 0644, &e));
	OK(txn_write(t, "/etc/img", STR("img"), 0644, &e));
	OK(txn_publish(t, &e));
	file_fault = dead;
	txn_free(t);
	file_fault = NULL;
	put("/etc/img", "by the admin");
	ck_assert_int_eq(txn_recover(&root, NULL, &how, &e), -EUCLEAN);
	ck_assert_ptr_nonnull(strstr(e.text, "/etc/img"));
	is("/etc/img", "by the admin");
	is("/etc/fstab", "new\n");
}
END_TEST

START_TEST(recover_refuses_a_damaged_journal)
{
	enum txn_recovery how;
	int fd;

	interrupt();
	fd = open(full("/var/lib/xvd2vd/000001/journal"), O_WRONLY);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(pwrite(fd, "\xff", 1, 30), 1);
	close(fd);
	ck_assert_int_eq(txn_recover(&root, NULL, &how, &e), -EUCLEAN);
	ck_assert_ptr_nonnull(strstr(e.text, "/var/lib/xvd2vd/000001"));
	is("/etc/fstab", "new\n");
	ck_assert_int_eq(unlink(full("/var/lib/xvd2vd/000001/journal")), 0);
	ck_assert_int_eq(txn_recover(&root, NULL, &how, &e), -EUCLEAN);
	ck_assert_ptr_nonnull(strstr(e.text, "lost its journal"));
}
END_TEST

/* The last frame of a journal has rotted, so it looks as if it had never been written. */
static void rot(const char *journal)
{
	int fd = open(full(journal), O_RDWR);
	struct stat st;
	char c;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fstat(fd, &st), 0);
	ck_assert_int_eq(pread(fd, &c, 1, st.st_size - 1), 1);
	c ^= 1;
	ck_assert_int_eq(pwrite(fd, &c, 1, st.st_size - 1), 1);
	close(fd);
}

/* A run that is over, below one that is done: undone itself (_i 0), or done (1). */
START_TEST(recover_refuses_a_run_below_a_later_one)
{
	enum txn_recovery how;
	struct txn *t = begin();

	OK(txn_write(t, "/etc/fstab", STR("one\n"), 0644, &e));
	OK(txn_write(t, "/etc/made", STR("one\n"), 0644, &e));
	commit(t);
	if (!_i)
		OK(txn_undo(&root, NULL, NULL, &e));
	t = begin();
	OK(txn_write(t, "/etc/fstab", STR("two\n"), 0644, &e));
	OK(txn_write(t, "/etc/made", STR("two\n"), 0644, &e));
	commit(t);
	rot("/var/lib/xvd2vd/000001/journal");
	ck_assert_int_eq(txn_recover(&root, NULL, &how, &e), -EUCLEAN);
	ck_assert_ptr_nonnull(strstr(e.text, "/var/lib/xvd2vd/000001"));
	is("/etc/fstab", "two\n");
	is("/etc/made", "two\n");
}
END_TEST

START_TEST(recover_on_a_fresh_guest_writes_nothing)
{
	enum txn_recovery how = TXN_ROLLED_BACK;

	OK(txn_recover(&root, NULL, &how, &e));
	ck_assert_int_eq(how, TXN_CLEAN);
	ck_assert_int_eq(access(full("/var"), F_OK), -1);
	ck_assert_int_eq(txn_undo(&root, NULL, NULL, &e), -ENOENT);
}
END_TEST

static void add(TCase *tc)
{
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, nothing_shows_before_commit);
	tcase_add_test(tc, state_is_private);
	tcase_add_test(tc, links);
	tcase_add_test(tc, one_file_by_two_names);
	tcase_add_test(tc, refusals);
	tcase_add_test(tc, replaced_within);
	tcase_add_test(tc, free_takes_back);
	tcase_add_loop_test(tc, guards_a_tree, 0, 4);
	tcase_add_test(tc, undo_restores_attributes);
	tcase_add_test(tc, undo_refuses_what_was_changed);
	tcase_add_test(tc, undo_goes_back_in_order);
	tcase_add_test(tc, labels);
	tcase_add_test(tc, recover_goes_forward);
	tcase_add_test(tc, recover_goes_back_where_forward_fails);
	tcase_add_test(tc, recover_refuses_someone_elses_work);
	tcase_add_test(tc, recover_refuses_a_damaged_journal);
	tcase_add_loop_test(tc, recover_refuses_a_run_below_a_later_one, 0, 2);
	tcase_add_test(tc, recover_on_a_fresh_guest_writes_nothing);
}

int main(void)
{
	return check_main("txn", add);
}

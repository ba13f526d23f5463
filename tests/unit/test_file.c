/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Durable changes keep what is not theirs to change, and fail without leftovers. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "sys/file.h"
#include "sys/file_attr.h"

#include "check_main.h"

static char dir[64];
static struct root root = ROOT_CLOSED;
static int calls, fail_at, fail_with;

static int fault(const struct file_op *op)
{
	(void)op;
	return ++calls == fail_at ? fail_with : 0;
}

static void setup(void)
{
	snprintf(dir, sizeof(dir), "/tmp/xvd2vd-file-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(root_open(dir, &root, NULL), 0);
}

static void teardown(void)
{
	char cmd[128];

	file_fault = NULL;
	root_done(&root);
	snprintf(cmd, sizeof(cmd), "rm -rf %s", dir);
	ck_assert_int_eq(system(cmd), 0);
}

static void is(const char *path, const char *want)
{
	struct err e = {0};
	char *got = NULL;
	size_t n;

	ck_assert_msg(root_read(&root, path, 1 << 20, &got, &n, &e) == 0, "%s", e.text);
	ck_assert_str_eq(got, want);
	free(got);
}

static int entries(void)
{
	DIR *d = opendir(dir);
	int n = -2;

	ck_assert_ptr_nonnull(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

static const char *full(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

START_TEST(replace)
{
	struct stat st;

	umask(077);
	ck_assert_int_eq(file_replace(&root, "/a", STR("one"), 0644, NULL), 0);
	is("/a", "one");
	ck_assert_int_eq(root_lstat(&root, "/a", &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0644);
	ck_assert_int_eq(file_replace(&root, "/a", STR("two"), 0600, NULL), 0);
	is("/a", "two");
	ck_assert_int_eq(root_lstat(&root, "/a", &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0644);
	ck_assert_int_eq(entries(), 1);
}
END_TEST

START_TEST(link_stays_link)
{
	struct err e = {0};
	struct stat st;

	ck_assert_int_eq(file_replace(&root, "/a", STR("one"), 0644, NULL), 0);
	ck_assert_int_eq(file_symlink(&root, "/l", "/a", NULL), 0);
	ck_assert_int_eq(file_replace(&root, "/l", STR("two"), 0644, NULL), 0);
	is("/a", "two");
	ck_assert_int_eq(root_lstat(&root, "/l", &st), 0);
	ck_assert(S_ISLNK(st.st_mode));
	ck_assert_int_eq(file_stage(&root, "/l", "t", STR("x"), 0644, &e), -ELOOP);
	ck_assert_int_eq(file_stage(&root, "/", "t", STR("x"), 0644, &e), -EINVAL);
	ck_assert_int_eq(entries(), 2);
}
END_TEST

#define SELINUX "security.selinux"
#define LABEL "system_u:object_r:etc_t:s0"

static void has_label(const char *name, const char *want)
{
	char got[64] = "";
	ssize_t n = lgetxattr(full(name), SELINUX, got, sizeof(got));

	ck_assert_msg(n == (want ? (ssize_t)strlen(want) + 1 : -1), "%s: %s", name, got);
	if (want)
		ck_assert_str_eq(got, want);
}

/* As a kernel with a policy would do it: what is new has its folder's label, what is replaced
 * keeps its own, or none. Only root may set any. */
START_TEST(labels)
{
	int fd;

	if (mkdir(full("d"), 0755) < 0 ||
		setxattr(full("d"), SELINUX, LABEL, sizeof(LABEL), 0) < 0)
		return;
	ck_assert_int_eq(file_replace(&root, "/d/a", STR("one"), 0644, NULL), 0);
	has_label("d/a", LABEL);
	ck_assert_int_eq(file_symlink(&root, "/d/l", "a", NULL), 0);
	has_label("d/l", LABEL);
	ck_assert_int_eq(file_mkdirs(&root, "/d/e/f", NULL), 1);
	has_label("d/e/f", LABEL);
	ck_assert_int_eq(file_label(&root, "/d/l", "other", NULL), 0);
	has_label("d/l", "other");
	has_label("d/a", LABEL);
	ck_assert_int_eq(file_label(&root, "/d/a", "other", NULL), 0);
	ck_assert_int_eq(file_replace(&root, "/d/a", STR("two"), 0644, NULL), 0);
	has_label("d/a", "other");
	ck_assert_int_eq(removexattr(full("d/a"), SELINUX), 0);
	ck_assert_int_eq(file_replace(&root, "/d/a", STR("three"), 0644, NULL), 0);
	has_label("d/a", NULL);
	fd = file_create(&root, "/n", 0644, NULL);
	ck_assert_int_ge(fd, 0);
	close(fd);
	has_label("n", NULL);
}
END_TEST

START_TEST(attributes_are_kept)
{
	struct file_attr a, b;
	int fd;

	ck_assert_int_eq(file_replace(&root, "/a", STR("one"), 0640, NULL), 0);
	if (geteuid() == 0)
		ck_assert_int_eq(chown(full("a"), 12, 34), 0);
	ck_assert_int_eq(chmod(full("a"), 04751), 0);
	if (setxattr(full("a"), "user.note", "v", 1, 0) < 0)
		ck_assert_int_eq(errno, ENOTSUP);
	fd = open(full("a"), O_RDONLY);
	ck_assert_int_eq(futimens(fd, (struct timespec[2]){{1, 2}, {3, 4}}), 0);
	ck_assert_int_eq(file_attr_get(fd, &a), 0);
	close(fd);
	ck_assert_int_eq(file_replace(&root, "/a", STR("two"), 0600, NULL), 0);
	fd = open(full("a"), O_RDONLY);
	ck_assert_int_eq(file_attr_get(fd, &b), 0);
	ck_assert(!file_attr_eq(&a, &b)); /* the time is new */
	b.mtime = a.mtime;
	ck_assert(file_attr_eq(&a, &b));
	/* And back, time and removed xattrs included. */
	if (fsetxattr(fd, "user.more", "w", 1, 0) < 0)
		ck_assert_int_eq(errno, ENOTSUP);
	ck_assert_int_eq(fchmod(fd, 0600), 0);
	ck_assert_int_eq(file_attr_set(fd, &a, true), 0);
	file_attr_done(&b);
	ck_assert_int_eq(file_attr_get(fd, &b), 0);
	ck_assert(file_attr_eq(&a, &b));
	file_attr_done(&a);
	file_attr_done(&b);
	close(fd);
}
END_TEST

START_TEST(acl_is_kept)
{
	/* user::rw- user:12:rw- group::r-- mask::rw- other::--- as acl(5) stores it. */
	static const unsigned char acl[] = {2, 0, 0, 0, 1, 0, 6, 0, 255, 255, 255, 255, 2,
		0, 6, 0, 12, 0, 0, 0, 4, 0, 4, 0, 255, 255, 255, 255, 16, 0, 6, 0, 255,
		255, 255, 255, 32, 0, 0, 0, 255, 255, 255, 255};
	unsigned char got[128];

	ck_assert_int_eq(file_replace(&root, "/a", STR("one"), 0640, NULL), 0);
	if (setxattr(full("a"), "system.posix_acl_access", acl, sizeof(acl), 0) < 0) {
		ck_assert_int_eq(errno, ENOTSUP);
		return;
	}
	ck_assert_int_eq(file_replace(&root, "/a", STR("two"), 0600, NULL), 0);
	ck_assert_int_eq(getxattr(full("a"), "system.posix_acl_access", got, sizeof(got)),
		sizeof(acl));
	ck_assert_mem_eq(got, acl, sizeof(acl));
}
END_TEST

START_TEST(small_operations)
{
	struct stat st;

	ck_assert_int_eq(file_mkdirs(&root, "/x/y/z", NULL), 1);
	ck_assert_int_eq(file_mkdirs(&root, "/x/y/z", NULL), 0);
	ck_assert_int_eq(root_lstat(&root, "/x/y/z", &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0755);
	ck_assert_int_eq(file_unlink(&root, "/x/none", NULL), 0);
	ck_assert_int_eq(file_unlink(&root, "/none/none", NULL), 0);
	ck_assert_int_eq(file_rmdir(&root, "/x/y", NULL), -ENOTEMPTY);
	ck_assert_int_eq(file_rmdir(&root, "/x/y/z", NULL), 0);
	ck_assert_int_eq(file_rmdir(&root, "/x/y/z", NULL), 0);
	ck_assert_int_eq(file_sync_parent(&root, "/x/y/gone", NULL), 0);
	ck_assert_int_eq(file_mkdir(&root, "/p", 0700, NULL), 1);
	ck_assert_int_eq(file_mkdir(&root, "/p", 0700, NULL), 0);
}
END_TEST

/* Every operation of a replace fails once: the old bytes or the new ones, and no temporary
 * file in either case. The last operations are behind the rename. */
START_TEST(faults)
{
	static const int errors[] = {-EIO, -ENOSPC};
	int n;

	ck_assert_int_eq(file_replace(&root, "/a", STR("one"), 0644, NULL), 0);
	file_fault = fault;
	ck_assert_int_eq(file_replace(&root, "/a", STR("one"), 0644, NULL), 0);
	n = calls;
	ck_assert_int_ge(n, 6);
	fail_with = errors[_i];
	for (fail_at = 1; fail_at <= n; fail_at++) {
		struct err e = {0};
		char *got;
		size_t got_n;
		int r;

		calls = 0;
		r = file_replace(&root, "/a", STR("two"), 0644, &e);
		ck_assert_int_eq(r, fail_with);
		ck_assert_str_ne(e.text, "");
		ck_assert_int_eq(root_read(&root, "/a", 9, &got, &got_n, NULL), 0);
		ck_assert_str_eq(got, fail_at == n ? "two" : "one");
		free(got);
		ck_assert_int_eq(entries(), 1);
	}
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, replace);
	tcase_add_test(tc, link_stays_link);
	tcase_add_test(tc, labels);
	tcase_add_test(tc, attributes_are_kept);
	tcase_add_test(tc, acl_is_kept);
	tcase_add_test(tc, small_operations);
	tcase_add_loop_test(tc, faults, 0, 2);
}

int main(void)
{
	return check_main("file", add);
}

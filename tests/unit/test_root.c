/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A guest's tree is never left, whatever its links say. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/strv.h"
#include "sys/root.h"

#include "check_main.h"

static char dir[64];
static struct root root = ROOT_CLOSED;

static void put(const char *path, const char *text)
{
	char full[256];
	FILE *f;

	snprintf(full, sizeof(full), "%s/%s", dir, path);
	f = fopen(full, "w");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	ck_assert_int_eq(fclose(f), 0);
}

static void link_to(const char *path, const char *target)
{
	char full[256];

	snprintf(full, sizeof(full), "%s/%s", dir, path);
	ck_assert_int_eq(symlink(target, full), 0);
}

static void make_dir(const char *path)
{
	char full[256];

	snprintf(full, sizeof(full), "%s/%s", dir, path);
	ck_assert_int_eq(mkdir(full, 0755), 0);
}

static void setup(void)
{
	struct err e = {0};
	char full[256];

	snprintf(dir, sizeof(dir), "/tmp/xvd2vd-root-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	make_dir("etc");
	make_dir("boot");
	make_dir("boot/grub");
	put("boot/grub/grub.conf", "default=0\n");
	put("etc/fstab", "/dev/xvda1 / ext3\n");
	put("etc/empty", "");
	link_to("etc/grub.conf", "../boot/grub/grub.conf");
	link_to("etc/chain", "/etc/grub.conf");
	link_to("etc/abs", "/etc/fstab");
	link_to("etc/out", "../../../../../../etc/fstab");
	link_to("etc/proc", "/proc/self/fd/0");
	link_to("etc/loop", "loop");
	link_to("etc/void", "nowhere");
	link_to("b", "boot");
	snprintf(full, sizeof(full), "%s/etc/fifo", dir);
	ck_assert_int_eq(mkfifo(full, 0600), 0);
	ck_assert_int_eq(root_open(dir, &root, &e), 0);
}

static void teardown(void)
{
	char cmd[128];

	root_done(&root);
	snprintf(cmd, sizeof(cmd), "rm -rf %s", dir);
	ck_assert_int_eq(system(cmd), 0);
}

static const struct {
	const char *name, *path, *want;
	int ret;
} real_rows[] = {
	{"plain", "/etc/fstab", "/etc/fstab", 0},
	{"relative", "etc/fstab", "/etc/fstab", 0},
	{"link", "/etc/grub.conf", "/boot/grub/grub.conf", 0},
	{"chain of links", "/etc/chain", "/boot/grub/grub.conf", 0},
	{"directory link", "/b/grub/../grub//grub.conf", "/boot/grub/grub.conf", 0},
	{"out of the tree", "/etc/out", "/etc/fstab", 0},
	{"dots above the root", "/../../etc/./abs", "/etc/fstab", 0},
	{"root", "/", "/", 0},
	{"trailing slash", "/b/", "/boot", 0},
	{"file as a directory", "/etc/fstab/", NULL, -ENOTDIR},
	{"loop", "/etc/loop", NULL, -ELOOP},
	{"dangling", "/etc/void", NULL, -ENOENT},
	{"empty", "", NULL, -ENOENT},
};

START_TEST(realpath_row)
{
	char *got = NULL;
	int r = root_realpath(&root, real_rows[_i].path, &got);

	ck_assert_msg(r == real_rows[_i].ret, "%s: %d", real_rows[_i].name, r);
	ck_assert_pstr_eq(got, real_rows[_i].want);
	free(got);
}
END_TEST

static const struct {
	const char *name, *path;
	size_t max;
	const char *want;
	int ret;
} read_rows[] = {
	{"plain", "/etc/fstab", 100, "/dev/xvda1 / ext3\n", 0},
	{"exactly the cap", "/etc/fstab", 18, "/dev/xvda1 / ext3\n", 0},
	{"past the cap", "/etc/fstab", 17, NULL, -EFBIG},
	{"empty", "/etc/empty", 0, "", 0},
	{"absolute link stays inside", "/etc/abs", 100, "/dev/xvda1 / ext3\n", 0},
	{"dots stay inside", "/etc/out", 100, "/dev/xvda1 / ext3\n", 0},
	{"dots in the path", "/../../../etc/fstab", 100, "/dev/xvda1 / ext3\n", 0},
	{"proc is not ours", "/etc/proc", 100, NULL, -ENOENT},
	{"directory", "/etc", 100, NULL, -EISDIR},
	{"fifo does not block", "/etc/fifo", 100, NULL, -EINVAL},
	{"loop", "/etc/loop", 100, NULL, -ELOOP},
	{"missing", "/etc/nothing", 100, NULL, -ENOENT},
};

START_TEST(read_row)
{
	struct err e = {0};
	char *got = NULL;
	size_t n = 99;
	int r = root_read(&root, read_rows[_i].path, read_rows[_i].max, &got, &n, &e);

	ck_assert_msg(
		r == read_rows[_i].ret, "%s: %d (%s)", read_rows[_i].name, r, e.text);
	ck_assert_pstr_eq(got, read_rows[_i].want);
	ck_assert_uint_eq(n, r ? 99 : strlen(read_rows[_i].want));
	ck_assert_int_eq(r < 0, e.text[0] != '\0');
	free(got);
}
END_TEST

START_TEST(read_at)
{
	static const struct {
		uint64_t from;
		size_t n;
		const char *want;
	} rows[] = {{0, 4, "/dev"}, {11, 100, "/ ext3\n"}, {18, 5, ""}, {1000, 5, ""}};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *got = NULL;
		size_t n;

		ck_assert_int_eq(root_read_at(&root, "/etc/fstab", rows[i].from,
					 rows[i].n, &got, &n, NULL),
			0);
		ck_assert_str_eq(got, rows[i].want);
		ck_assert_uint_eq(n, strlen(rows[i].want));
		free(got);
	}
}
END_TEST

START_TEST(stat_and_links)
{
	const char *name;
	struct stat st;
	char *got = NULL;
	int fd;

	ck_assert_int_eq(root_lstat(&root, "/etc/loop", &st), 0);
	ck_assert(S_ISLNK(st.st_mode));
	ck_assert_int_eq(root_lstat(&root, "/", &st), 0);
	ck_assert(S_ISDIR(st.st_mode));
	ck_assert_int_eq(root_readlink(&root, "/etc/out", &got), 0);
	ck_assert_str_eq(got, "../../../../../../etc/fstab");
	free(got);
	ck_assert_int_eq(root_readlink(&root, "/etc/fstab", &got), -EINVAL);
	fd = root_parent(&root, "/b/grub/new", &name);
	ck_assert_int_ge(fd, 0);
	ck_assert_str_eq(name, "new");
	ck_assert_int_eq(faccessat(fd, "grub.conf", F_OK, 0), 0);
	close(fd);
	ck_assert_int_eq(root_parent(&root, "/", &name), -EINVAL);
	ck_assert_int_eq(root_parent(&root, "/etc/..", &name), -EINVAL);
	ck_assert_int_eq(root_parent(&root, "/etc/fstab/x", &name), -ENOTDIR);
}
END_TEST

static int collect(void *ctx, const char *name)
{
	return strv_adds(ctx, name);
}

static int stop(void *ctx, const char *name)
{
	(void)ctx;
	return strcmp(name, "boot") ? 0 : 7;
}

START_TEST(list)
{
	struct strv names = {0};
	struct err e = {0};

	ck_assert_int_eq(root_list(&root, "/", 3, collect, &names, &e), 0);
	ck_assert_uint_eq(names.n, 3);
	ck_assert_str_eq(names.v[0], "b");
	ck_assert_str_eq(names.v[1], "boot");
	ck_assert_str_eq(names.v[2], "etc");
	strv_done(&names);
	ck_assert_int_eq(root_list(&root, "/", 2, collect, &names, &e), -E2BIG);
	ck_assert_int_eq(root_list(&root, "/", 3, stop, NULL, &e), 7);
	ck_assert_int_eq(root_list(&root, "/etc/fstab", 3, stop, NULL, &e), -ENOTDIR);
	ck_assert_int_eq(root_open("/nowhere/at/all", &root, &e), -ENOENT);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, realpath_row, 0, ARRAY_SIZE(real_rows));
	tcase_add_loop_test(tc, read_row, 0, ARRAY_SIZE(read_rows));
	tcase_add_test(tc, read_at);
	tcase_add_test(tc, stat_and_links);
	tcase_add_test(tc, list);
}

int main(void)
{
	return check_main("root", add);
}

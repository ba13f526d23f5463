/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A disk that is full, at every size from nothing free to enough, on real small file systems:
 * refused, with nothing touched, or whole; and where nobody asked first, before or after. And
 * file systems that cannot be written, or have recorded errors. Needs to mount: skipped where
 * that is not possible. */
#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "goal.h"

#define STEP 4096
#define SIZE "12M"

static char base[64], mnt[128];
static char bytes[60 << 10];

static int command(const char *format, ...) printf_like(1, 2);

static int command(const char *format, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	return system(text);
}

static bool mounted(const char *type)
{
	return command("exec >%s/log 2>&1; set -e; cd %s; rm -f image; truncate -s " SIZE
		       " image; mkfs.%s -q -F -b 4096 -m 0 image; mkdir -p mnt; "
		       "mount -t %s -o loop,user_xattr image mnt; rmdir mnt/lost+found",
		       base, base, type, type) == 0;
}

static void unmount(void)
{
	ck_assert_int_eq(umount(mnt), 0);
}

static void files_of_size(void)
{
	static const char *const names[] = {"big", "old", "image"};

	scenario_tree(dir);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char full[256];
		FILE *f;

		snprintf(full, sizeof(full), "%s/etc/%s", dir, names[i]);
		f = fopen(full, "w");
		ck_assert_ptr_nonnull(f);
		ck_assert_uint_eq(fwrite(bytes, 1, 20000, f), 20000);
		ck_assert_int_eq(fclose(f), 0);
	}
}

static int change(const struct root *r, int *ret_aborted)
{
	struct err e = {0};
	struct txn *t;
	int q = txn_begin(r, NULL, &t, &e);

	if (q < 0)
		return q;
	q = txn_write(t, "/etc/big", (struct str){bytes, 50000}, 0644, &e);
	if (q >= 0)
		q = txn_write(
			t, "/etc/new/dir/file", (struct str){bytes, 30000}, 0644, &e);
	if (q >= 0)
		q = txn_append(t, "/etc/image", (struct str){bytes, 40000}, &e);
	if (q >= 0)
		q = txn_remove(t, "/etc/old", &e);
	if (q >= 0)
		q = txn_write(t, "/etc/fstab", STR("new\n"), 0644, &e);
	return finish(t, q, ret_aborted, &e);
}

static int ask(const struct root *r, int *ret_aborted)
{
	static const struct txn_need needs[] = {
		{"/etc/big", TXN_NEED_WRITE, 50000},
		{"/etc/new/dir/file", TXN_NEED_WRITE, 30000},
		{"/etc/image", TXN_NEED_APPEND, 40000},
		{"/etc/old", TXN_NEED_COPY, 0},
		{"/etc/fstab", TXN_NEED_WRITE, 4},
	};
	struct err e = {0};
	int q = txn_preflight(r, needs, ARRAY_SIZE(needs), &e);

	(void)ret_aborted;
	ck_assert_msg(
		q >= 0 || strstr(e.text, "nothing was touched"), "%d: %s", q, e.text);
	if (q == -ENOSPC)
		ck_assert_ptr_nonnull(strstr(e.text, "more in /, "));
	return q;
}

static uint64_t room(void)
{
	struct statvfs st;

	ck_assert_int_eq(statvfs(mnt, &st), 0);
	return (uint64_t)st.f_bavail * st.f_frsize;
}

/* Leaves `want` bytes to be had, as nearly as the file system lets. */
static void fill(uint64_t want)
{
	char full[160];
	uint64_t size = 0;
	int fd;

	snprintf(full, sizeof(full), "%s/ballast", mnt);
	fd = open(full, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ck_assert_int_ge(fd, 0);
	/* ext2 cannot reserve: there it is written. */
	while (room() > want) {
		uint64_t n = room() - want;
		bool ok = fallocate(fd, 0, (off_t)size, (off_t)n) == 0;

		if (!ok && errno == EOPNOTSUPP) {
			n = n > sizeof(bytes) ? sizeof(bytes) : n;
			ok = pwrite(fd, bytes, n, (off_t)size) == (ssize_t)n;
		}
		if (!ok || fsync(fd) < 0)
			break;
		size += n;
	}
	close(fd);
}

struct sums {
	int refused, whole, back;
};

/* The tree lies in a folder of the mount, beside the ballast. */
static void try(const struct goal *g, uint64_t size, bool asking, struct sums *sums)
{
	int q = 0, aborted = 0, is;
	char *why = NULL;

	tree_put(dir, strbuf_str(&g->start));
	fill(size);
	if (asking)
		q = here(ask, NULL);
	if (q < 0) {
		struct strbuf b = now(TREE_TIMES | TREE_STATE);

		ck_assert_int_eq(q, -ENOSPC);
		ck_assert(str_eq(strbuf_str(&b), strbuf_str(&g->start)));
		strbuf_done(&b);
		sums->refused++;
		return;
	}
	q = here(change, &aborted);
	/* What was promised to fit fits. */
	ck_assert_msg(!asking || q >= 0, "%llu bytes free: asked, and then %d",
		(unsigned long long)size, q);
	ck_assert_int_eq(here(do_recover, NULL), 0);
	is = which(g, &why);
	ck_assert_msg(is == (q < 0 ? -1 : 1), "%llu bytes free, answer %d: %s",
		(unsigned long long)size, q, why ? why : "the other tree");
	sums->back += q < 0;
	sums->whole += q >= 0;
}

static const char *const types[] = {"ext4", "ext3", "ext2"};

START_TEST(every_size)
{
	struct sums sums = {0};
	struct goal g = {.timed_before = true};
	int in_a_row = 0;

	ck_assert_msg(mounted(types[_i]), "cannot mount %s", types[_i]);
	ck_assert_int_eq(mkdir(dir, 0755), 0);
	files_of_size();
	g.before = now(TREE_TIMES);
	g.start = now(TREE_TIMES | TREE_STATE);
	ck_assert_int_eq(here(change, NULL), 0);
	g.after = now(0);
	for (uint64_t size = 0; in_a_row < 5 && size < 2 << 20; size += STEP) {
		const int whole = sums.whole;

		try(&g, size, false, &sums);
		in_a_row = sums.whole > whole ? in_a_row + 1 : 0;
	}
	printf("%s: without asking: %d taken back, %d whole\n", types[_i], sums.back,
		sums.whole);
	ck_assert_int_gt(sums.back, 10);
	ck_assert_int_eq(in_a_row, 5);
	sums = (struct sums){0};
	for (uint64_t size = 0; sums.whole < 5 && size < 2 << 20; size += STEP)
		try(&g, size, true, &sums);
	printf("%s: asking first: %d refused, %d whole\n", types[_i], sums.refused,
		sums.whole);
	ck_assert_int_gt(sums.refused, 10);
	ck_assert_int_eq(sums.whole, 5);
	goal_done(&g);
	unmount();
}
END_TEST

/* Mounts a file system that says it met errors, the last one at `when`. */
static void with_errors(const char *when)
{
	ck_assert_int_eq(
		command("cd %s && debugfs -w -R 'ssv error_count 3' image 2>log && "
			"debugfs -w -R 'ssv last_error_time %s' image 2>log && "
			"mount -o loop image mnt",
			base, when),
		0);
}

START_TEST(cannot_be_written)
{
	ck_assert(mounted("ext4"));
	ck_assert_int_eq(mkdir(dir, 0755), 0);
	files_of_size();
	ck_assert_int_eq(here(ask, NULL), 0);
	ck_assert_int_eq(mount(NULL, mnt, NULL, MS_REMOUNT | MS_RDONLY, NULL), 0);
	ck_assert_int_eq(here(ask, NULL), -EROFS);
	unmount();
	with_errors("20100101");
	ck_assert_int_eq(here(ask, NULL), 0);
	unmount();
	with_errors("now");
	ck_assert_int_eq(here(ask, NULL), -EUCLEAN);
	unmount();
}
END_TEST

static int two_places(const struct root *r, int *ret_aborted)
{
	struct err e = {0};
	struct txn *t;

	TRY(txn_begin(r, NULL, &t, &e));
	TRY(txn_write(t, "/boot/grub/menu.lst", STR("new"), 0644, &e));
	TRY(txn_write(t, "/etc/fstab", STR("new"), 0644, &e));
	return finish(t, 0, ret_aborted, &e);
}

static int undo_all(const struct root *r, int *ret_aborted)
{
	(void)ret_aborted;
	return txn_undo(r, NULL, NULL, NULL);
}

/* One of two file systems is read-only: that is found before the other is touched. */
START_TEST(undo_asks_first)
{
	char boot[256];
	struct strbuf before, after, is;

	ck_assert(mounted("ext4"));
	ck_assert_int_eq(mkdir(dir, 0755), 0);
	scenario_tree(dir);
	before = now(0);
	ck_assert_int_eq(here(two_places, NULL), 0);
	after = now(TREE_STATE);
	snprintf(boot, sizeof(boot), "%s/boot", dir);
	ck_assert_int_eq(mount(boot, boot, NULL, MS_BIND, NULL), 0);
	ck_assert_int_eq(
		mount(NULL, boot, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL), 0);
	ck_assert_int_eq(here(undo_all, NULL), -EROFS);
	is = now(TREE_STATE);
	ck_assert(str_eq(strbuf_str(&is), strbuf_str(&after)));
	strbuf_done(&is);
	ck_assert_int_eq(umount(boot), 0);
	ck_assert_int_eq(here(undo_all, NULL), 0);
	is = now(0);
	ck_assert(str_eq(strbuf_str(&is), strbuf_str(&before)));
	strbuf_done(&is);
	strbuf_done(&before);
	strbuf_done(&after);
	unmount();
}
END_TEST

static void add(TCase *tc)
{
	tcase_set_timeout(tc, 600);
	tcase_add_loop_test(tc, every_size, 0, ARRAY_SIZE(types));
	tcase_add_test(tc, cannot_be_written);
	tcase_add_test(tc, undo_asks_first);
}

int main(void)
{
	int status;

	setvbuf(stdout, NULL, _IOLBF, 0);
	snprintf(base, sizeof(base), "%s/xvd2vd-space-XXXXXX",
		access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	if (!mkdtemp(base))
		err(1, "%s", base);
	snprintf(mnt, sizeof(mnt), "%s/mnt", base);
	snprintf(dir, sizeof(dir), "%.100s/tree", mnt);
	/* Mounts end with this process, whatever becomes of it. */
	if (unshare(CLONE_NEWNS) < 0 ||
		mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
		!mounted("ext4")) {
		printf("an image cannot be mounted here\n");
		status = 77;
	} else {
		if (umount(mnt) < 0)
			err(1, "%s", mnt);
		status = check_main("txn_space", add);
	}
	(void)umount2(mnt, MNT_DETACH); /* of a test that failed */
	if (command("rm -rf %s", base) != 0)
		fprintf(stderr, "%s is left behind\n", base);
	return status;
}

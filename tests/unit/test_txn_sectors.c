/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Boot sectors: which disk is the right one when names have changed, and what is refused. The
 * disks are images in a folder of their own. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/strv.h"
#include "txn/txn.h"

#include "check_main.h"

#define SIZE 4096
#define AT 440      /* of what is changed: not at a sector's begin */
#define LENGTH 1000 /* into the third sector */

static char dir[64];
static struct root root = ROOT_CLOSED;
static struct err e;

/* One buffer a name: lists of disks keep them. */
static const char *disk(const char *name)
{
	static char p[3][128];
	char *to = p[!strcmp(name, "vda") ? 0 : !strcmp(name, "vdb") ? 1 : 2];

	snprintf(to, sizeof(p[0]), "%s/disks/%s", dir, name);
	return to;
}

static void fill(const char *name, char byte, size_t from, size_t n)
{
	char bytes[SIZE];
	int fd = open(disk(name), O_WRONLY | O_CREAT, 0600);

	memset(bytes, byte, n);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(pwrite(fd, bytes, n, (off_t)from), (ssize_t)n);
	close(fd);
}

/* All of it: 'b' before and 'a' after in the changed bytes; `rest` elsewhere. */
static void holds(const char *what, const char *name, char in, char rest)
{
	char bytes[SIZE], want[SIZE];
	int fd = open(disk(name), O_RDONLY);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(read(fd, bytes, SIZE), SIZE);
	close(fd);
	memset(want, rest, SIZE);
	memset(want + AT, in, LENGTH);
	for (size_t i = 0; i < SIZE; i++)
		ck_assert_msg(bytes[i] == want[i], "%s: %s: byte %zu is %c, not %c", what,
			name, i, bytes[i], want[i]);
}

static void file_holds(const char *what, const char *want)
{
	char *got;
	size_t n;

	ck_assert_int_eq(root_read(&root, "/file", 100, &got, &n, NULL), 0);
	ck_assert_msg(!strcmp(got, want), "%s: the file holds %s", what, got);
	free(got);
}

static void setup(void)
{
	char cmd[256];

	snprintf(dir, sizeof(dir), "/tmp/xvd2vd-sectors-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(cmd, sizeof(cmd), "mkdir %s/disks %s/root && echo -n old >%s/root/file",
		dir, dir, dir);
	ck_assert_int_eq(system(cmd), 0);
	snprintf(cmd, sizeof(cmd), "%s/root", dir);
	ck_assert_int_eq(root_open(cmd, &root, NULL), 0);
	fill("vda", 'b', 0, SIZE);
}

static void teardown(void)
{
	char cmd[256];

	file_fault = NULL;
	root_done(&root);
	snprintf(cmd, sizeof(cmd), "rm -rf %s", dir);
	ck_assert_int_eq(system(cmd), 0);
}

static int repair(const char *id)
{
	const struct txn_disk vda = {disk("vda"), id};
	char code[LENGTH];
	struct txn *t;
	int q;

	memset(code, 'a', sizeof(code));
	ck_assert_int_eq(txn_begin(&root, NULL, &t, &e), 0);
	ck_assert_int_eq(txn_write(t, "/file", STR("new"), 0644, &e), 0);
	ck_assert_msg(txn_sectors(t, &vda, AT, (struct str){code, LENGTH}, &e) == 0, "%s",
		e.text);
	holds("staged", "vda", 'b', 'b');
	q = txn_commit(t, &e);
	txn_free(t);
	return q;
}

static void nothing(void)
{
}

static void swap_names(void)
{
	ck_assert_int_eq(rename(disk("vda"), disk("vdb")), 0);
	fill("vda", 'x', 0, SIZE);
}

static void blank_twin(void)
{
	swap_names();
	fill("vda", 'b', 0, SIZE);
}

static void grow(void)
{
	ck_assert_int_eq(truncate(disk("vda"), SIZE + 512), 0);
}

static void new_code(void)
{
	fill("vda", 'g', AT + 10, 1);
}

static void new_partitions(void)
{
	fill("vda", 'p', 0, AT);
	fill("vda", 'p', AT + LENGTH, SIZE - AT - LENGTH);
}

static void clone(void)
{
	fill("vdb", 'b', 0, SIZE);
	fill("vdb", 'a', AT, LENGTH);
}

static void grow_and_rename(void)
{
	grow();
	ck_assert_int_eq(rename(disk("vda"), disk("vdb")), 0);
}

/* A partition of it has its id, and shows nothing of ours. */
static void grow_with_partition(void)
{
	grow();
	fill("vda", 'g', AT + 10, 1);
	fill("vda1", 'b', 0, SIZE);
	ck_assert_int_eq(truncate(disk("vda1"), SIZE + 256), 0);
}

static void grow_and_clone(void)
{
	grow();
	clone();
	ck_assert_int_eq(truncate(disk("vdb"), SIZE + 512), 0);
}

static void shrink(void)
{
	ck_assert_int_eq(truncate(disk("vda"), SIZE - 512), 0);
}

static void tear(void)
{
	fill("vda", 'b', 512, 512);
}

static void whole_back(void)
{
	fill("vda", 'b', 0, SIZE);
}

static void gone(void)
{
	ck_assert_int_eq(unlink(disk("vda")), 0);
}

enum { GIVEN = 1, FORCE = 2 };

static const struct row {
	const char *name;
	void (*meanwhile)(void);
	const char *id, *id_now; /* of all disks */
	unsigned flags;
	int want;
	const char *holder; /* where it lies then */
	char in, rest;
	const char *text; /* in the error */
} undo_rows[] = {
	{"same name", nothing, "", "", GIVEN, 0, "vda", 'b', 'b', NULL},
	{"another name", swap_names, "", "", GIVEN, 0, "vdb", 'b', 'b', NULL},
	{"its old name has a blank twin", blank_twin, "", "", GIVEN, 0, "vdb", 'b', 'b',
		NULL},
	{"no disks given", nothing, "", "", 0, -ESTALE, "vda", 'a', 'b', "rescue system"},
	{"no such disk", gone, "", "", GIVEN, -ESTALE, NULL, 0, 0, "rescue system"},
	{"grown", grow, "", "", GIVEN, -ESTALE, "vda", 'a', 'b', "rescue system"},
	{"grown, and its id tells it", grow, "one", "one", GIVEN, 0, "vda", 'b', 'b',
		NULL},
	{"grown, and another name", grow_and_rename, "one", "one", GIVEN, 0, "vdb", 'b',
		'b', NULL},
	{"grown, and its id is not known now", grow, "one", "", GIVEN, -ESTALE, "vda",
		'a', 'b', "rescue system"},
	{"grown, and another id", grow, "one", "two", GIVEN, -ESTALE, "vda", 'a', 'b',
		"rescue system"},
	{"grown and changed, and a partition looks blank", grow_with_partition, "one",
		"one", GIVEN, -ESTALE, NULL, 0, 0, "sectors 0-2"},
	{"grown, and a copy of it", grow_and_clone, "one", "one", GIVEN, -ESTALE, "vda",
		'a', 'b', "same bytes"},
	{"become smaller", shrink, "one", "one", GIVEN, -ESTALE, NULL, 0, 0,
		"rescue system"},
	{"another id", nothing, "one", "two", GIVEN, -ESTALE, "vda", 'a', 'b',
		"rescue system"},
	{"same id", swap_names, "one", "one", GIVEN, 0, "vdb", 'b', 'b', NULL},
	{"id not known now", nothing, "one", "", GIVEN, 0, "vda", 'b', 'b', NULL},
	{"changed since", new_code, "", "", GIVEN, -ESTALE, NULL, 0, 0, "sectors 0-2"},
	{"changed since, forced", new_code, "", "", GIVEN | FORCE, -ESTALE, NULL, 0, 0,
		"never overwritten"},
	{"changed around it", new_partitions, "", "", GIVEN, 0, "vda", 'b', 'p', NULL},
	{"a copy of it", clone, "", "", GIVEN, -ESTALE, "vda", 'a', 'b', "same bytes"},
	{"torn", tear, "", "", GIVEN, 0, "vda", 'b', 'b', NULL},
	{"back already", whole_back, "", "", GIVEN, 0, "vda", 'b', 'b', NULL},
};

START_TEST(undone)
{
	const struct row *row = &undo_rows[_i];
	const struct txn_disk list[] = {{disk("vdb"), row->id_now},
		{disk("vda"), row->id_now}, {disk("vda1"), row->id_now}};
	const struct txn_disks disks = {list, 3};
	const struct txn_undo how = {
		.disks = row->flags & GIVEN ? &disks : NULL,
		.force = row->flags & FORCE,
	};
	int q;

	ck_assert_msg(repair(row->id) == 0, "%s", e.text);
	holds(row->name, "vda", 'a', 'b');
	row->meanwhile();
	q = txn_undo(&root, &how, NULL, &e);
	ck_assert_msg(q == row->want, "%s: %d (%s)", row->name, q, q < 0 ? e.text : "");
	file_holds(row->name, q ? "new" : "old");
	if (row->holder)
		holds(row->name, row->holder, row->in, row->rest);
	if (row->text)
		ck_assert_msg(
			strstr(e.text, row->text) != NULL, "%s: %s", row->name, e.text);
	if (row->meanwhile == blank_twin)
		holds(row->name, "vda", 'b', 'b');
	if (row->meanwhile == swap_names)
		holds(row->name, "vda", 'x', 'x');
}
END_TEST

/* The disk cannot be written: what was done before stays for recovery. */
static int no_disk(const struct file_op *op)
{
	char link[64], path[256];
	ssize_t n;

	if (op->fd < 0)
		return 0;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", op->fd);
	n = readlink(link, path, sizeof(path) - 1);
	path[n > 0 ? n : 0] = '\0';
	return strstr(path, "/disks/") ? -EIO : 0;
}

static const struct recover_row {
	const char *name;
	void (*meanwhile)(void);
	const char *id, *id_now;
	int want;
	enum txn_recovery how;
	const char *holder;
	char in;
	const char *text;
} recover_rows[] = {
	{"same name", nothing, "", "", 0, TXN_ROLLED_FORWARD, "vda", 'a', NULL},
	{"another name", swap_names, "", "", 0, TXN_ROLLED_FORWARD, "vdb", 'a', NULL},
	{"two that look alike", blank_twin, "", "", 0, TXN_ROLLED_BACK, "vdb", 'b', NULL},
	{"grown, and its id tells it", grow, "one", "one", 0, TXN_ROLLED_FORWARD, "vda",
		'a', NULL},
	{"gone", gone, "", "", -EUCLEAN, TXN_CLEAN, NULL, 0, "rescue system"},
	{"another id", nothing, "one", "two", -EUCLEAN, TXN_CLEAN, "vda", 'b',
		"rescue system"},
	{"changed", new_code, "", "", -EUCLEAN, TXN_CLEAN, NULL, 0, "sectors 0-2"},
};

START_TEST(recovered)
{
	const struct recover_row *row = &recover_rows[_i];
	const struct txn_disk list[] = {
		{disk("vdb"), row->id_now}, {disk("vda"), row->id_now}};
	const struct txn_disks disks = {list, 2};
	enum txn_recovery how = TXN_CLEAN;
	int q;

	file_fault = no_disk;
	ck_assert_int_eq(repair(row->id), -EIO);
	file_fault = NULL;
	holds(row->name, "vda", 'b', 'b');
	file_holds(row->name, "new");
	row->meanwhile();
	q = txn_recover(&root, &disks, &how, &e);
	ck_assert_msg(q == row->want, "%s: %d (%s)", row->name, q, q < 0 ? e.text : "");
	ck_assert_msg(how == row->how, "%s: %d", row->name, how);
	file_holds(row->name, how == TXN_ROLLED_BACK ? "old" : "new");
	if (row->holder)
		holds(row->name, row->holder, row->in, 'b');
	if (row->text)
		ck_assert_msg(
			strstr(e.text, row->text) != NULL, "%s: %s", row->name, e.text);
	/* The disk back, and it goes on. */
	if (row->meanwhile == gone) {
		fill("vdb", 'b', 0, SIZE);
		ck_assert_int_eq(txn_recover(&root, &disks, &how, &e), 0);
		holds(row->name, "vdb", 'a', 'b');
	}
}
END_TEST

START_TEST(taken_back)
{
	const struct txn_disk vda = {disk("vda"), NULL};
	struct txn *t;

	ck_assert_int_eq(txn_begin(&root, NULL, &t, &e), 0);
	ck_assert_int_eq(txn_sectors(t, &vda, AT, STR("code"), &e), 0);
	ck_assert_int_eq(txn_publish(t, &e), 0);
	holds("published", "vda", 'b', 'b'); /* files only, before the commit */
	file_fault = no_disk;
	ck_assert_int_eq(txn_commit(t, &e), -EIO);
	file_fault = NULL;
	ck_assert_int_eq(txn_abort(t, &e), 0);
	txn_free(t);
	holds("aborted", "vda", 'b', 'b');
	ck_assert_int_eq(txn_undo(&root, NULL, NULL, &e), -ENOENT);
}
END_TEST

START_TEST(refused)
{
	const struct txn_disk vda = {disk("vda"), NULL}, none = {disk("none"), NULL},
			      folder = {dir, NULL};
	struct txn *t;

	ck_assert_int_eq(txn_begin(&root, NULL, &t, &e), 0);
	ck_assert_int_eq(txn_sectors(t, &none, 0, STR("x"), &e), -ENOENT);
	ck_assert_int_lt(txn_sectors(t, &folder, 0, STR("x"), &e), 0);
	ck_assert_int_eq(txn_sectors(t, &vda, SIZE, STR("x"), &e), -EINVAL);
	ck_assert_int_eq(txn_sectors(t, &vda, SIZE - 1, STR("xx"), &e), -EINVAL);
	ck_assert_int_eq(txn_sectors(t, &vda, UINT64_MAX, STR("xx"), &e), -EINVAL);
	ck_assert_int_eq(txn_sectors(t, &vda, 0, STR(""), &e), -EINVAL);
	ck_assert_int_eq(txn_sectors(t, &vda, 510, STR("xxxx"), &e), 0);
	ck_assert_int_eq(txn_sectors(t, &vda, 0, STR("x"), &e), -EEXIST);
	ck_assert_int_eq(txn_sectors(t, &vda, 1023, STR("x"), &e), -EEXIST);
	/* What is there already is no change. */
	ck_assert_int_eq(txn_sectors(t, &vda, 1024, STR("bbb"), &e), 0);
	ck_assert_int_eq(txn_sectors(t, &vda, 1025, STR("x"), &e), 0);
	ck_assert_int_eq(txn_commit(t, &e), 0);
	txn_free(t);
}
END_TEST

static void add(TCase *tc)
{
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, undone, 0, ARRAY_SIZE(undo_rows));
	tcase_add_loop_test(tc, recovered, 0, ARRAY_SIZE(recover_rows));
	tcase_add_test(tc, taken_back);
	tcase_add_test(tc, refused);
}

int main(void)
{
	return check_main("txn_sectors", add);
}

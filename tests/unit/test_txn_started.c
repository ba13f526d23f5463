/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The power fails behind the commit record, and the guest is started and lives before anybody
 * comes to finish the run: what it has done to its files stays, and nothing is stuck. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/strv.h"
#include "txn/txn.h"

#include "check_main.h"

static char dir[64];
static struct root root = ROOT_CLOSED;
static struct err e;

#define OK(call) ck_assert_msg((call) == 0, "%s", e.text)

static void shell(const char *commands)
{
	char cmd[512];

	snprintf(cmd, sizeof(cmd), "cd %s && { %s\n}", dir, commands);
	ck_assert_int_eq(system(cmd), 0);
}

static void setup(void)
{
	snprintf(dir, sizeof(dir), "/tmp/xvd2vd-started-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(root_open(dir, &root, NULL), 0);
	shell("mkdir etc && printf old >etc/fstab && printf 12345 >etc/initrd &&"
	      "printf bye >etc/obsolete && printf xvda >etc/late");
}

static void teardown(void)
{
	root_done(&root);
	shell("rm -rf \"$PWD\"");
}

static int renames_left;

/* After so many renames nothing works any more. */
static int power(const struct file_op *op)
{
	if (renames_left <= 0)
		return -EIO;
	if (!strcmp(op->name, "rename"))
		renames_left--;
	return 0;
}

enum { RENAMES = 5 };

/* One change of each kind, with the power cut behind the commit record after `renames`. */
static void interrupt(int renames)
{
	struct txn *t;

	OK(txn_begin(&root, NULL, &t, &e));
	OK(txn_write(t, "/etc/fstab", STR("new"), 0644, &e));
	OK(txn_write(t, "/etc/confirm", STR("#!/bin/sh"), 0755, &e));
	OK(txn_symlink(t, "/etc/hooks/confirm", "../confirm", &e));
	OK(txn_append(t, "/etc/initrd", STR("678"), &e));
	OK(txn_remove(t, "/etc/obsolete", &e));
	OK(txn_write(t, "/etc/unit", STR("unit"), 0644, &e));
	OK(txn_write(t, "/etc/late", STR("vda"), 0644, &e));
	renames_left = renames;
	file_fault = power;
	ck_assert_int_lt(txn_commit(t, &e), 0);
	file_fault = NULL;
	txn_free(t);
}

/* What is there afterwards: "name=content " of each file, in order. */
static void is(const char *name, const char *want)
{
	char got[512] = "";
	FILE *f;

	shell("for f in etc/* etc/hooks/* etc/.[!.]* etc/hooks/.[!.]*; do"
	      " if [ -L $f ]; then printf '%s>%s ' ${f#etc/} \"$(readlink $f)\";"
	      " elif [ -f $f ]; then printf '%s=%s ' ${f#etc/} \"$(cat $f)\"; fi;"
	      "done >list");
	snprintf(got, sizeof(got), "%s/list", dir);
	f = fopen(got, "re");
	ck_assert_ptr_nonnull(f);
	ck_assert_ptr_nonnull(fgets(got, sizeof(got), f));
	fclose(f);
	ck_assert_msg(!strcmp(got, want), "%s:\n got %s\nwant %s", name, got, want);
}

/* A program of the guest's was cut short; what it had changed by then goes back, and what had
 * appeared goes. What was changed hours later is a guest's that has been started since, and what
 * appeared then stays. */
START_TEST(guarded)
{
	const bool later = _i & 1, appeared = _i & 2, refused = later && !appeared;
	const struct timespec times[2] = {{0, UTIME_OMIT}, {1700000000, 0}};
	enum txn_recovery how;
	struct txn *t;
	char path[128];
	pid_t child = fork();
	int q;

	if (!child) {
		if (txn_begin(&root, NULL, &t, &e) < 0 ||
			txn_guard_tree(t, "/etc/", 1000, true, &e) < 0)
			_exit(1);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(child, &q, 0), child);
	ck_assert_int_eq(q, 0);
	shell(appeared ? "printf made >etc/made" : "printf changed >etc/fstab");
	if (later) {
		snprintf(path, sizeof(path), "%s/var/lib/xvd2vd/000001/journal", dir);
		ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
	}
	q = txn_recover(&root, NULL, &how, &e);
	if (refused) {
		ck_assert_int_eq(q, -EUCLEAN);
		ck_assert_msg(strstr(e.text, "/etc/fstab"), "%s", e.text);
	} else {
		ck_assert_msg(q == 0, "%s", e.text);
		ck_assert_int_eq(how, TXN_ROLLED_BACK);
	}
	is("guarded", refused ? "fstab=changed initrd=12345 late=xvda obsolete=bye "
		      : later ? "fstab=old initrd=12345 late=xvda made=made obsolete=bye "
			      : "fstab=old initrd=12345 late=xvda obsolete=bye ");
}
END_TEST

#define WHOLE                                                                            \
	"confirm=#!/bin/sh fstab=new initrd=12345678 late=vda unit=unit "                \
	"hooks/confirm>../confirm "

static const struct life {
	const char *name;
	int renames;        /* that were made when the power failed */
	const char *guest;  /* what it does then */
	const char *want;   /* when the run is finished */
	const char *undone; /* what undo says was changed since; NULL: it undoes */
} lives[] = {
	{"it does nothing", 1, ":", WHOLE},
	{"it confirms, and removes what had asked it to", RENAMES,
		"rm etc/confirm etc/hooks/confirm etc/unit && rmdir etc/hooks",
		"fstab=new initrd=12345678 late=vda "},
	{"it confirms before the last file is there", RENAMES - 1,
		"rm etc/confirm etc/hooks/confirm etc/unit",
		"fstab=new initrd=12345678 late=vda "},
	{"a file is edited after it was published", RENAMES - 1, "printf mine >etc/fstab",
		"confirm=#!/bin/sh fstab=mine initrd=12345678 late=vda unit=unit "
		"hooks/confirm>../confirm ",
		"/etc/fstab"},
	{"a file is edited before it was published", RENAMES - 1, "printf mine >etc/late",
		"confirm=#!/bin/sh fstab=new initrd=12345678 late=mine unit=unit "
		"hooks/confirm>../confirm ",
		"/etc/late"},
	{"a file is put back by hand", RENAMES, "printf old >etc/fstab",
		"confirm=#!/bin/sh fstab=old initrd=12345678 late=vda unit=unit "
		"hooks/confirm>../confirm "},
	{"a file is removed after it was published", RENAMES, "rm etc/fstab",
		"confirm=#!/bin/sh initrd=12345678 late=vda unit=unit "
		"hooks/confirm>../confirm ",
		"/etc/fstab"},
	{"a file is removed before it was published", RENAMES - 1, "rm etc/late", WHOLE},
	{"an image is made anew, of a size between", RENAMES,
		"printf 1rebuil >etc/initrd",
		"confirm=#!/bin/sh fstab=new initrd=1rebuil late=vda unit=unit "
		"hooks/confirm>../confirm ",
		"/etc/initrd"},
	{"an image is made anew, much larger", 1, "printf 'rebuilt anew' >etc/initrd",
		"confirm=#!/bin/sh fstab=new initrd=rebuilt anew late=vda unit=unit "
		"hooks/confirm>../confirm ",
		"/etc/initrd"},
	{"an image goes with its kernel", 1, "rm etc/initrd",
		"confirm=#!/bin/sh fstab=new late=vda unit=unit "
		"hooks/confirm>../confirm ",
		"/etc/initrd"},
	{"what was removed comes back, another one", RENAMES, "printf mine >etc/obsolete",
		"confirm=#!/bin/sh fstab=new initrd=12345678 late=vda obsolete=mine "
		"unit=unit hooks/confirm>../confirm ",
		"/etc/obsolete"},
	{"a folder stands where a file was to be", RENAMES - 1,
		"rm etc/late && mkdir etc/late",
		"confirm=#!/bin/sh fstab=new initrd=12345678 unit=unit "
		"hooks/confirm>../confirm ",
		"/etc/late"},
};

START_TEST(started)
{
	const struct life *row = &lives[_i];
	struct strv changed = {0};
	const struct txn_undo how = {.ret_changed = &changed};
	enum txn_recovery q;
	int r;

	interrupt(row->renames);
	shell(row->guest);
	ck_assert_msg(txn_recover(&root, NULL, &q, &e) == 0, "%s: %s", row->name, e.text);
	ck_assert_int_eq(q, TXN_ROLLED_FORWARD);
	is(row->name, row->want);
	OK(txn_recover(&root, NULL, &q, &e));
	ck_assert_int_eq(q, TXN_CLEAN);

	r = txn_undo(&root, &how, NULL, &e);
	if (row->undone) {
		ck_assert_msg(r == -ESTALE, "%s: %d", row->name, r);
		ck_assert_ptr_nonnull(strstr(e.text, row->undone));
		is(row->name, row->want);
	} else {
		ck_assert_msg(r == 0, "%s: %s", row->name, e.text);
		is(row->name, "fstab=old initrd=12345 late=xvda obsolete=bye ");
	}
	strv_done(&changed);
}
END_TEST

/* The way back is none where it would take the guest's own work away. */
START_TEST(not_back_over_its_work)
{
	enum txn_recovery q;

	interrupt(RENAMES - 1);
	shell("printf mine >etc/fstab");
	file_fault = power;
	renames_left = 0;
	ck_assert_int_lt(txn_recover(&root, NULL, &q, &e), 0);
	file_fault = NULL;
	OK(txn_recover(&root, NULL, &q, &e));
	ck_assert_int_eq(q, TXN_ROLLED_FORWARD);
	is("behind a failure", "confirm=#!/bin/sh fstab=mine initrd=12345678 late=vda "
			       "unit=unit hooks/confirm>../confirm ");
}
END_TEST

static void add(TCase *tc)
{
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, guarded, 0, 4);
	tcase_add_loop_test(tc, started, 0, ARRAY_SIZE(lives));
	tcase_add_test(tc, not_back_over_its_work);
}

int main(void)
{
	return check_main("txn_started", add);
}

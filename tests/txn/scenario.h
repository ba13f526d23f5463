/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The transactions that the crash tests interrupt. */
#pragma once

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/attr.h"
#include "txn/txn.h"

#include "tree.h"

static const struct {
	const char *path;
	char type;
	mode_t mode;
	unsigned owner;
	const char *text;
} files[] = {
	{"/boot", 'd', 0755, 0, NULL},
	{"/boot/grub", 'd', 0755, 0, NULL},
	{"/boot/grub/menu.lst", 'f', 0640, 12, "root=/dev/xvda1\n"},
	{"/boot/initrd.img", 'f', 0600, 0, "070701initrd"},
	{"/boot/initrd-2.img", 'f', 0600, 0, "070701second"},
	/* Two disks that hold the same; of DISK_SIZE bytes. */
	{"/dev", 'd', 0755, 0, NULL},
	{"/dev/vda", 'f', 0600, 0, "boot"},
	{"/dev/vdb", 'f', 0600, 0, "boot"},
	{"/etc", 'd', 0755, 0, NULL},
	{"/etc/fstab", 'f', 0644, 0, "/dev/xvda1 / ext3 defaults 0 1\n"},
	{"/etc/grub.conf", 'l', 0, 0, "../boot/grub/menu.lst"},
	{"/etc/old.conf", 'f', 04755, 34, "old\n"},
	{"/etc/modules", 'f', 0644, 0, "xen-blkfront\n"},
	{"/etc/rc.link", 'l', 0, 12, "getty@hvc0"},
	{"/etc/other.link", 'l', 0, 0, "somewhere"},
	{"/etc/third.link", 'l', 0, 0, "nowhere"},
	{"/opt", 'd', 0755, 0, NULL},
	{"/opt/gone", 'f', 0644, 0, "alone\n"},
	{"/srv", 'd', 0755, 0, NULL},
	{"/srv/changed", 'f', 0644, 56, "by a program\n"},
	/* Where nothing that was there makes a sync. */
	{"/srv/empty", 'd', 0755, 0, NULL},
	{"/srv/same", 'f', 0644, 0, "left alone\n"},
};

#define DISK_SIZE 4096

/* The machine's disks, in `dir`. */
static const struct txn_disks *scenario_disks(const char *dir)
{
	static char path[2][256];
	static const struct txn_disk v[] = {{path[1], "other"}, {path[0], "root"}};
	static const struct txn_disks all = {v, 2};

	snprintf(path[0], sizeof(path[0]), "%s/dev/vda", dir);
	snprintf(path[1], sizeof(path[1]), "%s/dev/vdb", dir);
	return &all;
}

/* The tree before, in the form of tree.h. */
static void scenario_tree(const char *dir)
{
	unsigned owned = geteuid() == 0;

	tree_remove(dir);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		struct timespec ts[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = TREE_TIME}};
		const char *text = files[i].text;
		char full[256];
		int fd;

		snprintf(full, sizeof(full), "%s%s", dir, files[i].path);
		if (files[i].type == 'd') {
			if (mkdir(full, 0755) < 0)
				err(1, "%s", full);
			continue;
		}
		if (files[i].type == 'l') {
			if (symlink(text, full) < 0)
				err(1, "%s", full);
		} else {
			fd = open(full, O_WRONLY | O_CREAT | O_EXCL, 0600);
			if (fd < 0 ||
				write(fd, text, strlen(text)) != (ssize_t)strlen(text) ||
				close(fd) < 0)
				err(1, "%s", full);
		}
		if (owned && lchown(full, files[i].owner, files[i].owner) < 0)
			err(1, "%s", full);
		if (!strncmp(files[i].path, "/dev/", 5)) {
			/* Its time is nobody's business. */
			if (truncate(full, DISK_SIZE) < 0)
				err(1, "%s", full);
			continue;
		}
		if (files[i].type == 'f' && chmod(full, files[i].mode) < 0)
			err(1, "%s", full);
		if (utimensat(AT_FDCWD, full, ts, AT_SYMLINK_NOFOLLOW) < 0)
			err(1, "%s", full);
	}
}

#define TRY(call)                                                                        \
	do {                                                                             \
		int r_ = (call);                                                         \
		if (r_ < 0)                                                              \
			return r_;                                                       \
	} while (0)

/* Two disks' worth of records: one that begins and ends within a sector, one that is whole. */
static int boot_code(struct txn *t, const char *dir, struct err *e)
{
	const struct txn_disk *disk = &scenario_disks(dir)->v[1];
	char code[1500];

	memset(code, 'X', sizeof(code));
	TRY(txn_sectors(t, disk, 100, (struct str){code, 1000}, e));
	return txn_sectors(t, disk, 2048, (struct str){code, 1024}, e);
}

static int changes(struct txn *t, const char *dir, struct err *e)
{
	TRY(txn_write(t, "/etc/fstab", STR("first thought\n"), 0600, e));
	TRY(txn_write(t, "/etc/fstab", STR("/dev/vda1 / ext3 defaults 0 1\n"), 0600, e));
	TRY(txn_write(t, "/etc/grub.conf", STR("root=/dev/vda1\n"), 0600, e));
	TRY(txn_write(t, "/etc/new/deep/virtio.conf", STR("virtio_blk\n"), 0600, e));
	/* Where nothing else is synced for another reason. */
	TRY(txn_write(t, "/srv/new/deep/file", STR("alone\n"), 0644, e));
	TRY(txn_remove(t, "/opt/gone", e));
	TRY(txn_remove(t, "/etc/third.link", e));
	TRY(txn_write(t, "/etc/third.link", STR("a file now\n"), 0600, e));
	TRY(txn_remove(t, "/etc/old.conf", e));
	TRY(txn_remove(t, "/etc/rc.link", e));
	TRY(txn_symlink(t, "/etc/new/link", "deep/virtio.conf", e));
	TRY(txn_symlink(t, "/etc/other.link", "elsewhere", e));
	TRY(txn_append(t, "/boot/initrd.img", STR("070701virtio_pci"), e));
	/* Last: no other copy makes the names of these durable. */
	TRY(boot_code(t, dir, e));
	return 0;
}

/* What a program of the guest's does: neither atomically nor through our seam. */
static int program(const char *dir, const char *path, const char *text)
{
	char full[256];
	int fd;

	snprintf(full, sizeof(full), "%s%s", dir, path);
	if (!text)
		return unlink(full) < 0 ? -errno : 0;
	fd = open(full, O_WRONLY | O_CREAT | O_TRUNC, 0755);
	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) != (ssize_t)strlen(text) ||
		fchmod(fd, 0755) < 0)
		err(1, "%s", full);
	close(fd);
	return 0;
}

static int program_dir(const char *dir, const char *path)
{
	char full[256];

	snprintf(full, sizeof(full), "%s%s", dir, path);
	return mkdir(full, 0755) < 0 ? -errno : 0;
}

static int programs(struct txn *t, const char *dir, struct err *e)
{
	TRY(txn_write(t, "/etc/modules", STR("virtio_blk\n"), 0644, e));
	TRY(txn_append(t, "/boot/initrd-2.img", STR("one"), e));
	TRY(txn_remove(t, "/etc/rc.link", e));
	TRY(txn_remove(t, "/opt/gone", e));
	TRY(txn_note_package(t, &(struct txn_package){"acpid", "1.0", "dpkg"}, e));
	TRY(txn_publish(t, e));
	TRY(txn_guard(t, "/boot/initrd.img", e));
	TRY(txn_guard(t, "/boot/initrd.bak", e));
	TRY(txn_guard(t, "/etc/old.conf", e));
	TRY(txn_guard(t, "/etc/modules", e));
	TRY(txn_guard(t, "/etc/rc.link", e));
	TRY(txn_guard_tree(t, "/srv", 1 << 20, true, e));
	TRY(program(dir, "/srv/changed", "by the program\n"));
	TRY(program_dir(dir, "/srv/made"));
	TRY(program_dir(dir, "/srv/made/deep"));
	TRY(program(dir, "/srv/made/deep/file", "by the program\n"));
	TRY(program(dir, "/srv/empty/file", "by the program\n"));
	TRY(program(dir, "/boot/initrd.bak", "070701initrd"));
	TRY(program(dir, "/boot/initrd.img", "070701rebuilt with virtio"));
	TRY(program(dir, "/etc/old.conf", NULL));
	TRY(program(dir, "/etc/modules", "virtio_blk\n# by the program\n"));
	TRY(program(dir, "/etc/rc.link", "a file now"));
	TRY(txn_append(t, "/boot/initrd.img", STR("070701graft"), e));
	TRY(txn_append(t, "/boot/initrd-2.img", STR("two"), e));
	TRY(txn_write(t, "/etc/fstab", STR("/dev/vda1 / ext3 defaults 0 1\n"), 0600, e));
	TRY(txn_write(t, "/etc/modules", STR("virtio_blk\nvirtio_net\n"), 0600, e));
	return 0;
}

static int finish(struct txn *t, int q, int *ret_aborted, struct err *e)
{
	if (q >= 0)
		q = txn_commit(t, e);
	if (q < 0)
		*ret_aborted = txn_abort(t, NULL) >= 0;
	txn_free(t);
	return q;
}

static int run_changes(const struct root *r, const char *dir, int *ret_aborted)
{
	struct err e = {0};
	struct txn *t;

	TRY(txn_begin(r, NULL, &t, &e));
	return finish(t, changes(t, dir, &e), ret_aborted, &e);
}

static int run_programs(const struct root *r, const char *dir, int *ret_aborted)
{
	struct err e = {0};
	struct txn *t;

	TRY(txn_begin(r, NULL, &t, &e));
	return finish(t, programs(t, dir, &e), ret_aborted, &e);
}

/* Taken back after all was staged, published, and run. */
static int run_abort(const struct root *r, const char *dir, int *ret_aborted)
{
	struct err e = {0};
	struct txn *t;
	int q;

	TRY(txn_begin(r, NULL, &t, &e));
	q = programs(t, dir, &e);
	*ret_aborted = txn_abort(t, NULL) >= 0;
	txn_free(t);
	return q < 0 ? q : *ret_aborted ? 0 : -EIO;
}

static int undo(const struct root *r, const char *dir, const struct strv *only)
{
	const struct txn_undo how = {.disks = scenario_disks(dir), .only = only};

	return txn_undo(r, &how, NULL, NULL);
}

static int run_undo(const struct root *r, const char *dir, int *ret_aborted)
{
	(void)ret_aborted;
	return undo(r, dir, NULL);
}

/* Some of "changes", of each kind; by any name of theirs. */
static int run_undo_part(const struct root *r, const char *dir, int *ret_aborted)
{
	char disk[256], *names[] = {"/etc/fstab", "/boot/initrd.img", "/etc/new/link",
				"/boot/../opt/gone", "/etc/third.link", disk};
	const struct strv only = {names, ARRAY_SIZE(names)};

	(void)ret_aborted;
	snprintf(disk, sizeof(disk), "%s/dev/vda", dir);
	return undo(r, dir, &only);
}

struct scenario {
	const char *name;
	/* Does it to the tree; on failure takes it back, as the agent does. The answer of the
	 * first call that failed; *ret_aborted: that it was taken back. */
	int (*run)(const struct root *r, const char *dir, int *ret_aborted);
	/* What was done before it begins. */
	int (*first[2])(const struct root *r, const char *dir, int *ret_aborted);
	bool back; /* it does not lead on from a tree that was never touched */
};

static const struct scenario scenarios[] = {
	{"changes", run_changes, {NULL}, false},
	{"programs", run_programs, {NULL}, false},
	{"abort", run_abort, {NULL}, false},
	{"undo", run_undo, {run_changes}, true},
	{"undo programs", run_undo, {run_programs}, true},
	{"undo part", run_undo_part, {run_changes}, true},
	{"undo the rest", run_undo, {run_changes, run_undo_part}, true},
};

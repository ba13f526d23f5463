/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Real file systems on loop devices, in a mount namespace of its own: as root only. */
#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <unistd.h>

#include "check_main.h"
#include "image_bash.h"
#include "probe/fscheck.h"
#include "sys/fs_state.h"
#include "sys/mount.h"

#define EXT4 "mke2fs -q -F -t ext4 $IMG 16M; "
#define XFS "truncate -s 300M $IMG; mkfs.xfs -q $IMG; "
#define BTRFS "truncate -s 128M $IMG; mkfs.btrfs -q $IMG; "
/* What a killed machine leaves: the image as it is while something was just written. */
#define CUT_OFF                                                                          \
	"mkdir m; mount -o loop $IMG m; echo old >m/a; sync; echo new >m/b; sync m/b; "  \
	"cp $IMG cut; umount m; mv cut $IMG"
#define JOURNAL_ERROR                                                                    \
	"at=$(debugfs -R 'bmap <8> 0' $IMG); "                                           \
	"bs=$(dumpe2fs -h $IMG | sed -n 's/^Block size: *//p'); "                        \
	"printf '\\377\\377\\377\\373' | dd of=$IMG bs=1 seek=$((at * bs + 32)) "        \
	"conv=notrunc"

static const struct row {
	const char *name, *type, *tool, *make;
	int ret;
	int result; /* enum fs_result; -1: nothing told */
	const char *check, *detail;
} rows[] = {
	{"ext4, clean", "ext4", "mke2fs", EXT4, 0, -1},
	{"ext4, mounts too many", "ext4", "mke2fs", EXT4 "tune2fs -c 1 -C 9 $IMG", 0, -1},
	{"ext4, error flag alone", "ext4", "mke2fs",
		EXT4 "debugfs -wR 'ssv state 3' $IMG", 0, FS_CLEAN, "e2fsck -p",
		"noted in its superblock"},
	{"ext4, an error that needs no one", "ext4", "mke2fs",
		EXT4
		"debugfs -wR 'ssv state 2' $IMG; debugfs -wR 'sif <2> links_count 9' "
		"$IMG",
		0, FS_CORRECTED, "e2fsck -p", "ref count"},
	{"ext4, an error for a person", "ext4", "mke2fs",
		EXT4 "debugfs -wR 'write /etc/fstab a' $IMG; debugfs -wR 'ln a b' $IMG; "
		     "debugfs -wR 'sif <2> mode 0100644' $IMG; debugfs -wR 'ssv state 2' "
		     "$IMG",
		-EUCLEAN, FS_ERRORS_LEFT, "e2fsck -p", "oot inode is not a directory"},
	{"ext2, not unmounted", "ext2", "mke2fs",
		"mke2fs -q -F -t ext2 $IMG 16M; debugfs -wR 'ssv state 0' $IMG", 0,
		FS_CORRECTED, "e2fsck -p", "without a journal"},
	{"ext3, a journal to replay", "ext3", "mke2fs",
		"mke2fs -q -F -t ext3 $IMG 16M; debugfs -wR 'feature needs_recovery' "
		"$IMG",
		0, FS_REPLAYED, "mount", "journal"},
	{"ext4, cut off", "ext4", "mke2fs", EXT4 CUT_OFF, 0, FS_REPLAYED, "mount",
		"journal"},
	{"ext4, the journal knows of an error", "ext4", "mke2fs", EXT4 JOURNAL_ERROR, 0,
		FS_CLEAN, "e2fsck -p", "or journal"},
	{"ext4, the same, and it is not known where it lies", "ext4", "mke2fs",
		EXT4 JOURNAL_ERROR "; debugfs -wR 'ssv jnl_backup_type 0' $IMG", 0,
		FS_CLEAN, "e2fsck -p", "in its journal"},
	{"ext4, its journal is none", "ext4", "mke2fs",
		EXT4 "at=$(debugfs -R 'bmap <8> 0' $IMG); "
		     "bs=$(dumpe2fs -h $IMG | sed -n 's/^Block size: *//p'); "
		     "dd if=/dev/zero of=$IMG bs=$bs seek=$at count=1 conv=notrunc",
		0, FS_CORRECTED, "e2fsck -p", "invalid journal"},
	{"xfs, clean", "xfs", "mkfs.xfs", XFS, 0, -1},
	{"xfs, cut off", "xfs", "mkfs.xfs", XFS CUT_OFF, 0, FS_REPLAYED, "mount",
		"journal"},
	{"xfs, needs repair", "xfs", "mkfs.xfs",
		XFS "v=$(xfs_db -c sb -c 'p features_incompat' $IMG | sed 's/.*= //'); "
		    "xfs_db -xc sb -c \"write features_incompat $((v | 16))\" $IMG",
		-EUCLEAN, FS_ERRORS_LEFT, "xfs_repair -n", "superblock"},
	{"xfs, no root inode", "xfs", "mkfs.xfs",
		XFS "dd if=/dev/zero of=$IMG bs=512 seek=128 count=8 conv=notrunc",
		-EUCLEAN, FS_ERRORS_LEFT, "xfs_repair -n", "bad CRC for inode 128"},
	{"btrfs, clean", "btrfs", "mkfs.btrfs", BTRFS, 0, -1},
	{"btrfs, cut off", "btrfs", "mkfs.btrfs", BTRFS CUT_OFF, 0, FS_REPLAYED, "mount",
		"journal"},
	{"btrfs, no trees", "btrfs", "mkfs.btrfs",
		BTRFS "dd if=/dev/zero of=$IMG bs=1M seek=1 count=63 conv=notrunc; "
		      "dd if=/dev/zero of=$IMG bs=1M seek=65 count=63 conv=notrunc",
		-EUCLEAN, FS_ERRORS_LEFT, "btrfs check --readonly", "open_ctree failed"},
	{"ext4, without its tools", "ext4", NULL, EXT4 "debugfs -wR 'ssv state 3' $IMG",
		-EUCLEAN, -1, NULL, "there is no e2fsck here: run e2fsck -f"},
};

/* A loop device over the image, free again when the last user is gone. */
static int attach(char *path, size_t room)
{
	struct loop_config config = {.info.lo_flags = LO_FLAGS_AUTOCLEAR};
	char image[128];
	int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC), fd = -1;

	snprintf(image, sizeof(image), "%s/img", scratch);
	config.fd = (unsigned)open(image, O_RDWR | O_CLOEXEC);
	for (int tries = 0; tries < 50 && control >= 0; tries++) {
		snprintf(path, room, "/dev/loop%d", ioctl(control, LOOP_CTL_GET_FREE));
		fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd >= 0 && ioctl(fd, LOOP_CONFIGURE, &config) == 0)
			break;
		close(fd); /* another was faster */
		fd = -1;
		usleep(20000);
	}
	close((int)config.fd);
	close(control);
	return fd;
}

/* True where this row can be made here. */
static bool can(const struct row *row)
{
	char script[64];

	snprintf(script, sizeof(script), "command -v %s", row->tool);
	if (!row->tool || image_bash(script))
		return true;
	fprintf(stderr, "not run, there is no %s: %s\n", row->tool, row->name);
	return false;
}

/* From here on this process finds no e2fsck. */
static void hide_tools(void)
{
	char empty[128];

	snprintf(empty, sizeof(empty), "%s/empty", scratch);
	ck_assert_int_eq(mkdir(empty, 0755), 0);
	ck_assert_int_eq(mount(empty, "/usr/sbin", NULL, MS_BIND, NULL), 0);
	ck_assert_int_eq(mount(empty, "/sbin", NULL, MS_BIND, NULL), 0);
}

/* Not a byte is written by it, also where something is found wrong; and it says whether something
 * will be done before it is written to. */
static void check_look(const struct row *row, const char *path, const char *target)
{
	const struct device d = {.type = (char *)row->type};
	struct fs_checks l = {0};
	struct err e = {0};
	int r;

	ck_assert(image_bash("cp $IMG before"));
	r = fscheck_look(&d, path, target, NULL, &l, &e);
	if (r >= 0) {
		ck_assert_msg(l.n == (row->result >= 0 || row->ret < 0), "%s: %zu told",
			row->name, l.n);
		ck_assert_int_eq(mount_release(target, &e), 0);
	} else {
		ck_assert_msg(row->ret < 0, "%s: %s", row->name, e.text);
	}
	sync();
	ck_assert_msg(image_bash("cmp $IMG before"), "%s: a look has written", row->name);
	ck_assert_int_eq(mount_set_writable(path, true, &e), 0);
	fs_checks_done(&l);
}

/* A clean ext file system becomes writable as it lies there, others are to be mounted anew. */
static void check_remount(const struct row *row, const char *path, const char *target)
{
	const struct device d = {.type = (char *)row->type};
	const bool can = row->type[0] == 'e';
	struct fs_checks l = {0};
	char file[160];
	struct err e = {0};
	int r = fscheck_look(&d, path, target, NULL, &l, &e);

	ck_assert_msg(r == 0, "%s: %s", row->name, e.text);
	ck_assert_int_eq(mount_set_writable(path, true, &e), 0);
	r = fscheck_remount(&d, path, target, &e);
	ck_assert_msg((r == 0) == can, "%s: %d (%s)", row->name, r, e.text);
	snprintf(file, sizeof(file), "%s/new", target);
	ck_assert_msg((mkdir(file, 0755) == 0) >= can, "%s", row->name);
	ck_assert_int_eq(mount_release(target, &e), 0);
	fs_checks_done(&l);
}

static void check_row(const struct row *row, const char *path)
{
	const struct device d = {.type = (char *)row->type};
	struct fs_checks l = {0};
	struct err e = {0};
	char target[128];
	int r;

	snprintf(target, sizeof(target), "%s/target", scratch);
	check_look(row, path, target);
	if (row->result < 0 && !row->ret)
		check_remount(row, path, target);
	r = fscheck_mount(&d, path, target, NULL, &l, &e);
	ck_assert_msg(r == row->ret, "%s: %d (%s)", row->name, r, e.text);
	ck_assert_msg(
		l.n == (row->result >= 0), "%s: %zu told (%s)", row->name, l.n, e.text);
	if (l.n) {
		ck_assert_msg((int)l.v[0].result == row->result, "%s: %s (%s)", row->name,
			fs_result_name(l.v[0].result), l.v[0].detail);
		ck_assert_str_eq(l.v[0].check, row->check);
		ck_assert_str_eq(l.v[0].device, path);
		ck_assert_msg(strstr(l.v[0].detail, row->detail), "%s: %s", row->name,
			l.v[0].detail);
	}
	if (r < 0) {
		ck_assert_msg(strstr(e.text, row->detail), "%s: %s", row->name, e.text);
		ck_assert_msg(strstr(e.text, path), "%s: %s", row->name, e.text);
		ck_assert_int_eq(rmdir(target) == 0 || errno == ENOENT, 1);
	} else {
		/* Its next subvolume is not asked again. */
		ck_assert_int_eq(mount_release(target, &e), 0);
		ck_assert_int_eq(fscheck_mount(&d, path, target, NULL, &l, &e), 0);
		ck_assert_uint_eq(l.n, row->result >= 0);
		ck_assert_int_eq(mount_release(target, &e), 0);
		ck_assert_int_eq(fs_state_read(path, row->type), FS_STATE_CLEAN);
	}
	fs_checks_done(&l);
}

START_TEST(care)
{
	const struct row *row = &rows[_i];
	char path[64];
	int fd;

	ck_assert_int_eq(unshare(CLONE_NEWNS), 0);
	ck_assert_int_eq(mount(NULL, "/", NULL, MS_PRIVATE | MS_REC, NULL), 0);
	scratch_make();
	if (can(row)) {
		ck_assert_msg(image_bash(row->make), "%s: cannot be made", row->name);
		fd = attach(path, sizeof(path));
		ck_assert_int_ge(fd, 0);
		if (!row->tool)
			hide_tools();
		check_row(row, path);
		close(fd);
	}
	if (!row->tool) {
		umount2("/sbin", MNT_DETACH);
		umount2("/usr/sbin", MNT_DETACH);
	}
	scratch_remove();
}
END_TEST

static void add(TCase *tc)
{
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, care, 0, ARRAY_SIZE(rows));
}

int main(void)
{
	if (geteuid() != 0) {
		fprintf(stderr, "needs root for loop devices\n");
		return 77;
	}
	return check_main("fscheck", add);
}

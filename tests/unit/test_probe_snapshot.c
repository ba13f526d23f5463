/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A tree with everything that the walk may meet. */
#include <sys/stat.h>
#include <unistd.h>

#include "check_main.h"
#include "probe/probe.h"
#include "scratch.h"

static struct root tree = ROOT_CLOSED;
static struct snapshot snap;

static void text(const char *path, const char *s)
{
	scratch_write(path, s, strlen(s));
}

static void link_to(const char *path, const char *target)
{
	char full[512];

	snprintf(full, sizeof(full), "%s/%s", scratch, path);
	ck_assert_int_eq(symlink(target, full), 0);
}

static void make_tree(void)
{
	char full[512];

	text("etc/fstab", "/dev/xvda2 / ext4 defaults 0 1\n");
	text("usr/lib/os-release", "ID=debian\n");
	link_to("etc/os-release", "../usr/lib/os-release");
	link_to("etc/mtab", "../proc/mounts");          /* dangles */
	link_to("etc/crypttab", "crypttab");            /* a circle */
	link_to("etc/securetty", "../../../etc/hosts"); /* beyond the root: clamped */
	text("etc/hosts", "127.0.0.1 localhost\n");
	text("etc/init/hvc0.conf", "respawn\n");
	text("etc/init/README", "not looked at\n");
	text("etc/init/.hidden.conf", "not looked at\n");
	text("etc/inittab/x", "the table's file is a folder here\n");
	text("boot/vmlinuz-1", "no kernel\n");
	text("boot/initrd.img-1", "no archive\n");
	text("lib/modules/1/modules.dep", "");
	link_to("vmlinuz", "boot/vmlinuz-1");
	snprintf(full, sizeof(full), "%s/etc/smartd.conf", scratch);
	ck_assert_int_eq(mkfifo(full, 0600), 0);
	/* Sparse: only its size is looked at. */
	text("etc/hdparm.conf", "");
	snprintf(full, sizeof(full), "%s/etc/hdparm.conf", scratch);
	ck_assert_int_eq(truncate(full, (1 << 20) + 1), 0);
}

static void setup(void)
{
	struct err e = {0};

	scratch_make();
	make_tree();
	ck_assert_int_eq(root_open(scratch, &tree, &e), 0);
	ck_assert_msg(probe_snapshot(&tree, &snap, &e) == 0, "%s", e.text);
}

static void teardown(void)
{
	snapshot_done(&snap);
	root_done(&tree);
	scratch_remove();
}

static const struct {
	const char *path;
	enum snap_kind kind;
	const char *data, *target, *real, *problem;
} rows[] = {
	{"/etc/fstab", SNAP_FILE, "/dev/xvda2 / ext4 defaults 0 1\n"},
	{"/etc/os-release", SNAP_LINK, NULL, "../usr/lib/os-release",
		"/usr/lib/os-release"},
	{"/usr/lib/os-release", SNAP_FILE, "ID=debian\n"},
	{"/etc/mtab", SNAP_LINK, NULL, "../proc/mounts"},
	{"/etc/crypttab", SNAP_LINK, NULL, "crypttab", NULL, "links in a circle"},
	{"/etc/securetty", SNAP_LINK, NULL, "../../../etc/hosts", "/etc/hosts"},
	{"/etc/hosts", SNAP_FILE, "127.0.0.1 localhost\n"},
	{"/etc/init/hvc0.conf", SNAP_FILE, "respawn\n"},
	{"/etc/inittab", SNAP_DIR, NULL, NULL, NULL, "a folder, not a file"},
	{"/etc/smartd.conf", SNAP_OTHER, NULL, NULL, NULL, "a fifo, not a file"},
	{"/etc/hdparm.conf", SNAP_FILE, NULL, NULL, NULL, "larger than 1 MiB"},
	{"/vmlinuz", SNAP_LINK, NULL, "boot/vmlinuz-1", "/boot/vmlinuz-1"},
	{"/boot/vmlinuz-1", SNAP_FILE},
	{"/lib/modules/1", SNAP_DIR},
	{"/lib/modules/1/modules.dep", SNAP_FILE, ""},
};

static void same(const char *path, const char *got, const char *want)
{
	ck_assert_msg((!got && !want) || (got && want && !strcmp(got, want)),
		"%s: %s, not %s", path, got ? got : "nothing", want ? want : "nothing");
}

START_TEST(entries)
{
	const struct snap_entry *ent = snapshot_find(&snap, rows[_i].path);

	ck_assert_msg(ent != NULL, "%s is missing", rows[_i].path);
	ck_assert_int_eq(ent->kind, rows[_i].kind);
	same(rows[_i].path, ent->target, rows[_i].target);
	same(rows[_i].path, ent->real, rows[_i].real);
	same(rows[_i].path, ent->problem, rows[_i].problem);
	ck_assert_int_eq(ent->has_data, rows[_i].data != NULL);
	if (rows[_i].data)
		check_bytes(
			rows[_i].path, strbuf_str(&ent->data), str_from(rows[_i].data));
}
END_TEST

/* Each entry once, and nothing that the table does not name. */
START_TEST(nothing_else)
{
	for (size_t i = 1; i < snap.n; i++)
		ck_assert_msg(strcmp(snap.v[i - 1].path, snap.v[i].path) < 0, "%s twice",
			snap.v[i].path);
	ck_assert(!snapshot_exists(&snap, "/etc/init/README"));
	ck_assert(!snapshot_exists(&snap, "/etc/init/.hidden.conf"));
	ck_assert(!snapshot_exists(&snap, "/proc/mounts"));
}
END_TEST

START_TEST(bad_images)
{
	ck_assert_uint_eq(snap.n_kernels, 1);
	ck_assert_str_eq(snap.kernels[0].path, "/boot/vmlinuz-1");
	ck_assert_str_eq(snap.kernels[0].problem, "too short for a kernel");
	ck_assert_uint_eq(snap.n_archives, 1);
	ck_assert_str_eq(snap.archives[0].path, "/boot/initrd.img-1");
	ck_assert_ptr_nonnull(snap.archives[0].problem);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, entries, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, nothing_else);
	tcase_add_test(tc, bad_images);
}

int main(void)
{
	return check_main("probe_snapshot", add);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looking things up in a guest's files. */
#include "guest_fixture.h"

static const struct fx_file files[] = {
	{"/boot/z", "last"},
	{"/boot/a", "first"},
	{"/boot/link", .link = "a"},
	{"/boot/void", .link = "/nowhere"},
	{"/boot/sub/"},
	{"/boot/to-folder", .link = "sub"},
	{"/boot/big", .problem = "larger than 1 MiB"},
	{"/boot/initrd", .members = "b a usr/lib/x",
		.inside = {{"usr/lib/x", "inside"}, {"b", "bee"}}},
	{"/boot/vmlinuz", .kernel = "6.1"},
};

static struct fx fx;

static void setup(void)
{
	fx_load(&fx, "vda", files, ARRAY_SIZE(files), false);
}

static void teardown(void)
{
	fx_done(&fx);
}

static const struct row {
	const char *path;
	bool exists, is_file;
	const char *data; /* NULL: none to be had */
} rows[] = {
	{"/boot/a", true, true, "first"},
	{"/boot/z", true, true, "last"},
	{"/boot/link", true, true, "first"},
	{"/boot/void", true, false, NULL},
	{"/boot/sub", true, false, NULL},
	{"/boot/to-folder", true, false, NULL},
	{"/boot/big", true, true, NULL},
	{"/boot/initrd", true, true, NULL},
	{"/boot/none", false, false, NULL},
	{"/boot", false, false, NULL},
	{"", false, false, NULL},
};

START_TEST(looking)
{
	const struct row *row = &rows[_i];
	struct str data;

	ck_assert_msg(
		snapshot_exists(&fx.snap, row->path) == row->exists, "%s", row->path);
	ck_assert_msg(
		!!snapshot_file(&fx.snap, row->path) == row->is_file, "%s", row->path);
	ck_assert_msg(snapshot_data(&fx.snap, row->path, &data) == !!row->data, "%s",
		row->path);
	if (row->data)
		check_bytes(row->path, data, str_from(row->data));
}
END_TEST

START_TEST(globbing)
{
	static const char *const want[] = {
		"/boot/sub", "/boot/to-folder", "/boot/vmlinuz", "/boot/void"};
	const struct snap_entry *ent;
	size_t pos = 0, n = 0;

	while ((ent = snapshot_glob(&fx.snap, "/boot/[stv]*", &pos))) {
		ck_assert_uint_lt(n, ARRAY_SIZE(want));
		ck_assert_str_eq(ent->path, want[n++]);
	}
	ck_assert_uint_eq(n, ARRAY_SIZE(want));
	ck_assert_ptr_null(snapshot_glob(&fx.snap, "*", &pos));
}
END_TEST

START_TEST(archives)
{
	const struct snap_archive *a = snapshot_archive(&fx.snap, "/boot/initrd");
	struct str data;

	ck_assert_ptr_nonnull(a);
	ck_assert_uint_eq(a->members.n, 3);
	ck_assert(snap_archive_data(a, "lib/x", &data));
	check_bytes("lib/x", data, STR("inside"));
	ck_assert(snap_archive_data(a, "usr/lib/x", &data));
	check_bytes("usr/lib/x", data, STR("inside"));
	ck_assert(snap_archive_data(a, "b", &data));
	ck_assert(!snap_archive_data(a, "a", &data));
	ck_assert_ptr_null(snapshot_archive(&fx.snap, "/boot/a"));
	ck_assert_str_eq(snapshot_kernel(&fx.snap, "/boot/vmlinuz")->release, "6.1");
	ck_assert_ptr_null(snapshot_kernel(&fx.snap, "/boot/initrd"));
}
END_TEST

/* Nothing at all, and so many that the lists grow. */
START_TEST(sizes)
{
	struct snapshot none = {0}, many = {0};
	size_t pos = 0;

	snapshot_sort(&none);
	ck_assert_ptr_null(snapshot_find(&none, "/x"));
	ck_assert_ptr_null(snapshot_glob(&none, "*", &pos));
	snapshot_done(&none);
	for (int i = 999; i >= 0; i--) {
		cleanup_(free_charp) char *path = str_printf("/%d", i);

		ck_assert_ptr_nonnull(snapshot_add(&many, path));
	}
	snapshot_sort(&many);
	for (int i = 0; i < 1000; i++) {
		cleanup_(free_charp) char *path = str_printf("/%d", i);

		ck_assert_str_eq(snapshot_find(&many, path)->path, path);
	}
	snapshot_done(&many);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, looking, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, globbing);
	tcase_add_test(tc, archives);
	tcase_add_test(tc, sizes);
}

int main(void)
{
	return check_main("snapshot", add);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <unistd.h>

#include "check_main.h"
#include "sys/blockdev_udev.h"

static const struct {
	const char *a, *b;
} rows[] = {
	{"vda", "vdb"},
	{"vdz", "vdaa"},
	{"vdb", "vdaa"},
	{"xvdz", "xvdaa"},
	{"sda", "vda"},
	{"nvme0n2", "nvme0n10"},
	{"md9", "md10"},
	{"mapper/vg0-root", "mapper/vg0-var"},
};

START_TEST(name_order)
{
	ck_assert_msg(blockdev_name_cmp(rows[_i].a, rows[_i].b) < 0, "%s", rows[_i].a);
	ck_assert_msg(blockdev_name_cmp(rows[_i].b, rows[_i].a) > 0, "%s", rows[_i].b);
	ck_assert_int_eq(blockdev_name_cmp(rows[_i].a, rows[_i].a), 0);
}
END_TEST

/* This machine's own: whatever it has, what is said of it must hold. */
START_TEST(list)
{
	struct blockdevs b = {0};
	struct err e = {0};
	bool volumes = false;

	if (access("/sys/class/block", F_OK) < 0)
		return;
	ck_assert_msg(blockdev_list(&b, &e) == 0, "%s", e.text);
	for (size_t i = 0; i < b.n; i++) {
		const struct blockdev *d = &b.v[i];
		bool seen = !d->parent;

		ck_assert_uint_gt(d->size, 0);
		ck_assert_ptr_null(strchr(d->name, '!'));
		ck_assert(strncmp(d->name, "loop", 4) != 0);
		ck_assert(d->volume || !volumes);
		volumes = d->volume;
		ck_assert(!d->number == !d->parent);
		for (size_t j = 0; j < i; j++)
			seen |= d->parent && !strcmp(b.v[j].name, d->parent);
		ck_assert_msg(seen, "%s comes before its disk", d->name);
	}
	for (size_t i = 0; i < b.n_nets; i++)
		ck_assert_str_ne(b.nets[i].name, "lo");
	blockdevs_done(&b);
	blockdevs_done(&b);
}
END_TEST

/* Disks are there already, or none will come: either way it must come back in time. */
START_TEST(wait_returns)
{
	static const char *const none[] = {"xvd2vd-no-such-subsystem", NULL};
	struct blockdev_watch *w;
	struct blockdevs b = {0};
	struct err e = {0};
	int r;

	if (access("/sys/class/block", F_OK) < 0 || blockdev_watch_new(&w, &e) < 0)
		return;
	ck_assert_int_eq(blockdev_trigger(none, &e), 0);
	ck_assert_int_eq(blockdev_list(&b, &e), 0);
	r = blockdev_wait(w, 200, &e);
	ck_assert_int_eq(r, b.n > 0);
	blockdevs_done(&b);
	blockdev_watch_free(w);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, name_order, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, list);
	tcase_add_test(tc, wait_returns);
}

int main(void)
{
	return check_main("blockdev", add);
}

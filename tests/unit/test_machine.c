/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which device of the machine a name, UUID or label means. */
#include "guest_fixture.h"

#define MACHINE                                                                          \
	"vda table=dos\n"                                                                \
	"vda1 ext4 AAAA-bbbb / label=root partuuid=0001-01\n"                            \
	"vda2 swap cccc - label=swap partlabel=s\n"                                      \
	"vdb xfs dddd /srv\n"                                                            \
	"mapper/vg-root ext4 eeee - on=vdb\n"                                            \
	"mapper/my--vg-a--b ext4 ffff - on=vdb\n"

static const struct row {
	const char *spec, *want; /* NULL: no device here */
	bool device;             /* names a block device at all */
	bool content;            /* by what it holds */
} rows[] = {
	{"/dev/vda", "vda", true},
	{"/dev/vda1", "vda1", true},
	{"/dev/vda3", NULL, true},
	{"/dev/xvda1", NULL, true},
	{"vda1", NULL, false},
	{"UUID=AAAA-bbbb", "vda1", true, true},
	{"UUID=aaaa-BBBB", "vda1", true, true},
	{"UUID=\"aaaa-bbbb\"", "vda1", true, true},
	{"\"UUID=aaaa-bbbb\"", "vda1", true, true},
	{"UUID='aaaa-bbbb'", "vda1", true, true},
	{"UUID=", NULL, true, true},
	{"UUID=aaaa", NULL, true, true},
	{"LABEL=root", "vda1", true, true},
	{"LABEL=Root", NULL, true, true},
	{"LABEL=", NULL, true, true},
	{"PARTUUID=0001-01", "vda1", true, true},
	{"PARTLABEL=root", NULL, true, true},
	{"PARTLABEL=s", "vda2", true, true},
	{"PARTLABEL=S", NULL, true, true},
	{"PARTLABEL=", NULL, true, true},
	{"/dev/disk/by-partlabel/s", "vda2", true, true},
	{"/dev/disk/by-uuid/aaaa-bbbb", "vda1", true, true},
	{"/dev/disk/by-label/swap", "vda2", true, true},
	{"/dev/disk/by-partuuid/0001-01", "vda1", true, true},
	{"/dev/mapper/vg-root", "mapper/vg-root", true},
	{"/dev/vg/root", "mapper/vg-root", true},
	{"/dev/disk/by-id/dm-name-vg-root", "mapper/vg-root", true},
	{"/dev/disk/by-id/dm-name-vg-roo", NULL, true},
	{"/dev/disk/by-id/dm-name-vda1", NULL, true},
	{"/dev/my-vg/a-b", "mapper/my--vg-a--b", true},
	{"/dev/my/vg-a-b", NULL, true},
	{"proc", NULL, false},
	{"tmpfs", NULL, false},
	{"server:/export", NULL, false},
	{"", NULL, false},
};

START_TEST(resolving)
{
	const struct row *row = &rows[_i];
	const struct device *d;
	struct machine m = {0};

	fx_machine(MACHINE, &m);
	d = machine_resolve(&m, str_from(row->spec));
	ck_assert_msg(row->want ? d && strcmp(d->name, row->want) == 0 : !d, "%s: %s",
		row->spec, d ? d->name : "none");
	ck_assert_msg(
		spec_is_device(str_from(row->spec)) == row->device, "%s", row->spec);
	ck_assert_msg(
		spec_is_content(str_from(row->spec)) == row->content, "%s", row->spec);
	machine_done(&m);
}
END_TEST

static const char *const plain_rows[][2] = {
	{"/dev/vda1", "/dev/vda1"},
	{"\"/dev/vda1\"", "/dev/vda1"},
	{"UUID=\"x\"", "UUID=x"},
	{"UUID='x'", "UUID=x"},
	{"\"LABEL=a b\"", "LABEL=a b"},
	{"UUID=\"x", "UUID=\"x"},
	{"", ""},
};

START_TEST(plain)
{
	cleanup_(free_charp) char *got = spec_plain(str_from(plain_rows[_i][0]));

	ck_assert_str_eq(got, plain_rows[_i][1]);
}
END_TEST

/* Unpartitioned disks, partitions, volumes; a disk with a table holds no file system. */
START_TEST(targets)
{
	static const char *const want[] = {
		"vdb", "vda1", "vda2", "mapper/vg-root", "mapper/my--vg-a--b"};
	struct machine m = {0};

	fx_machine(MACHINE, &m);
	for (size_t i = 0; i < ARRAY_SIZE(want); i++)
		ck_assert_str_eq(machine_target(&m, i)->name, want[i]);
	ck_assert_ptr_null(machine_target(&m, ARRAY_SIZE(want)));
	ck_assert_ptr_null(machine_target(&m, 1000));
	ck_assert_uint_eq(m.parts[1].disk, 0);
	ck_assert_uint_eq(m.disks[1].disk, 1);
	machine_done(&m);
}
END_TEST

/* A rescue system's own disk goes, whole; the others keep what is theirs. */
START_TEST(leaving_out)
{
	struct machine m = {0};

	fx_machine(MACHINE "vdc table=gpt\nvdc1 ext4 1111 /\n", &m);
	m.volumes[0].disk = m.volumes[1].disk = 1;
	ck_assert_int_eq(machine_leave_out(&m, 1), 0);
	ck_assert_uint_eq(m.n_disks, 2);
	ck_assert_uint_eq(m.n_parts, 3);
	ck_assert_uint_eq(m.n_volumes, 0);
	ck_assert_str_eq(m.disks[1].name, "vdc");
	ck_assert_uint_eq(m.disks[1].disk, 1);
	ck_assert_str_eq(m.parts[2].name, "vdc1");
	ck_assert_uint_eq(m.parts[2].disk, 1);
	ck_assert_int_eq(machine_leave_out(&m, 0), 0);
	ck_assert_str_eq(machine_target(&m, 0)->name, "vdc1");
	ck_assert_ptr_null(machine_target(&m, 1));
	ck_assert_uint_eq(m.in_use.n, 2);
	ck_assert_str_eq(m.in_use.v[0], "vdb");
	ck_assert_str_eq(m.in_use.v[1], "vda");
	machine_done(&m);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, resolving, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(tc, plain, 0, ARRAY_SIZE(plain_rows));
	tcase_add_test(tc, targets);
	tcase_add_test(tc, leaving_out);
}

int main(void)
{
	return check_main("machine", add);
}

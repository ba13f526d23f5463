/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ext4=yes and grow=yes: what is planned, what is left to the rescue system, what is refused. */
#include <errno.h>

#include "plan_fixture.h"

#define MB_1000 "1048576000"
#define BARE "vda ext3 aaaa / size=3221225472 fs_size=" MB_1000 "\nroot /dev/vda"
#define DOS                                                                              \
	"vda table=dos size=3221225472\nvda1 ext3 aaaa / start=1048576 size=" MB_1000    \
	" fs_size=" MB_1000 "\nroot /dev/vda1"
#define GPT                                                                              \
	"vda table=gpt size=3221225472\nvda1 ext4 aaaa / start=1048576 size=" MB_1000    \
	" fs_size=" MB_1000 "\nroot /dev/vda1"
#define PART_MENU "menu.lst /boot/grub/menu.lst\n" /* (hd0) is (hd0,0) */
#define BUILTIN                                                                          \
	{                                                                                \
		"/boot/config-6.1", "CONFIG_EXT4_FS=y\n"                                 \
	}
#define GUEST(dev, type, args)                                                           \
	{"/etc/fstab", "/dev/" dev " / " type " d 0 1\n"},                               \
		FX_MENU("root=/dev/" dev args), FX_DEBIAN, FX_IMAGE("6.1"),              \
		FX_GOOD_INITRD("6.1"),                                                   \
	{                                                                                \
		"/sbin/init", .link = "/lib/systemd/systemd"                             \
	}

static const struct row {
	const char *name, *set, *machine;
	struct fx_file files[10];
	const char *want, *refused;
	bool elsewhere;
	const char *detail; /* of the last step but one's: of the disk's */
} rows[] = {
	/* ext4= */
	{"ext4", "ext4=yes", BARE, {GUEST("vda", "ext3", ""), BUILTIN},
		"fstab /etc/fstab\next4 /dev/vda\n", .detail = "ext3 -> ext4"},
	{"fstab says it already", "ext4=yes", BARE, {GUEST("vda", "ext4", ""), BUILTIN},
		"ext4 /dev/vda\n"},
	{"only fstab is left", "ext4=yes", "vda ext4 aaaa /\nroot /dev/vda",
		{GUEST("vda", "ext3", "")}, "fstab /etc/fstab\n"},
	{"it is ext4", "ext4=yes", "vda ext4 aaaa /\nroot /dev/vda",
		{GUEST("vda", "ext4", "")}, ""},
	{"not asked for", "", BARE, {GUEST("vda", "ext3", ""), BUILTIN}, ""},
	{"mounted elsewhere", "ext4=yes", BARE, {GUEST("vda", "ext3", ""), BUILTIN},
		"pending ext4\n", .elsewhere = true},
	{"no driver", "ext4=yes", BARE, {GUEST("vda", "ext3", "")},
		.refused = "kernel 6.1 has no ext4"},
	{"ext2", "ext4=yes", "vda ext2 aaaa /\nroot /dev/vda",
		{GUEST("vda", "ext2", ""), BUILTIN}, .refused = "only ext3"},
	{"rootfstype=", "ext4=yes", BARE,
		{GUEST("vda", "ext3", " rootfstype=ext3"), BUILTIN},
		.refused = "rootfstype=ext3"},
	{"GRUB legacy in the boot sector", "ext4=yes",
		"vda table=dos boot_code=grub\nvda1 ext3 aaaa / start=1048576\nroot "
		"/dev/vda1",
		{GUEST("vda1", "ext3", ""), BUILTIN}, .refused = "grub-legacy"},
	{"the host brings the kernel", "ext4=yes", BARE,
		{{"/etc/fstab", "/dev/vda / ext3 d 0 1\n"}, FX_DEBIAN,
			{"/sbin/init", .link = "/lib/systemd/systemd"}},
		.refused = "which kernel"},
	/* grow= */
	{"a disk without partitions", "grow=yes", BARE, {GUEST("vda", "ext3", "")},
		"grow /dev/vda\n", .detail = "file system 1000 -> 3072 MiB"},
	{"dos", "grow=yes", DOS, {GUEST("vda1", "ext3", "")},
		PART_MENU "grow /dev/vda1\nwarnings 1\n",
		.detail = "partition 1000 -> 3071 MiB; file system 1000 -> 3071 MiB"},
	{"gpt", "grow=yes", GPT, {GUEST("vda1", "ext4", "")},
		PART_MENU "grow /dev/vda1\nwarnings 1\n",
		.detail = "partition 1000 -> 3070 MiB; file system 1000 -> 3070 MiB"},
	{"the partition has grown, the file system not", "grow=yes",
		"vda table=dos size=3221225472\nvda1 ext3 aaaa / start=1048576 "
		"size=3220176896 fs_size=" MB_1000 "\nroot /dev/vda1",
		{GUEST("vda1", "ext3", "")}, PART_MENU "grow /dev/vda1\nwarnings 1\n",
		.detail = "file system 1000 -> 3071 MiB"},
	{"no room", "grow=yes",
		"vda ext3 aaaa / size=1058576000 fs_size=" MB_1000 "\nroot /dev/vda",
		{GUEST("vda", "ext3", "")}, ""},
	{"mounted elsewhere", "grow=yes", DOS, {GUEST("vda1", "ext3", "")},
		PART_MENU "pending grow\nwarnings 1\n", .elsewhere = true},
	{"a partition behind it", "grow=yes",
		"vda table=dos size=3221225472\nvda1 ext3 aaaa / start=1048576 "
		"size=" MB_1000 " fs_size=" MB_1000
		"\nvda2 swap bbbb - start=1050673152 size=1048576\nroot /dev/vda1",
		{GUEST("vda1", "ext3", "")}, .refused = "/dev/vda2 lies behind"},
	{"logical", "grow=yes",
		"vda table=dos size=3221225472\nvda5 ext3 aaaa / start=1048576 "
		"size=" MB_1000 " fs_size=" MB_1000 "\nroot /dev/vda5",
		{GUEST("vda5", "ext3", "")}, .refused = "not a primary"},
	{"another table", "grow=yes",
		"vda table=bsd size=3221225472\nvda1 ext3 aaaa / start=1048576 "
		"size=" MB_1000 " fs_size=" MB_1000 "\nroot /dev/vda1",
		{GUEST("vda1", "ext3", "")}, .refused = "(bsd)"},
	{"where it lies is not known", "grow=yes",
		"vda table=dos size=3221225472\nvda1 ext3 aaaa / size=" MB_1000
		" fs_size=" MB_1000 "\nroot /dev/vda1",
		{GUEST("vda1", "ext3", "")}, .refused = "not known where"},
	{"its size is not known", "grow=yes", "vda ext3 aaaa / size=99\nroot /dev/vda",
		{GUEST("vda", "ext3", "")}, .refused = "size is not known"},
	{"xfs", "grow=yes", "vda xfs aaaa / size=99\nroot /dev/vda",
		{GUEST("vda", "xfs", "")}, .refused = "holds xfs"},
	/* both */
	{"both", "ext4=yes grow=yes", BARE, {GUEST("vda", "ext3", ""), BUILTIN},
		"fstab /etc/fstab\next4 /dev/vda\ngrow /dev/vda\n"},
};

static void check_steps(const struct row *row, struct plan *p)
{
	const struct step *disk = NULL;

	for (size_t i = 0; i < p->n_steps; i++) {
		if (p->steps[i].kind != STEP_DISK)
			continue;
		disk = &p->steps[i];
		ck_assert_str_eq(step_kind_name(disk->kind), "run");
	}
	if (!row->detail)
		return;
	ck_assert_msg(disk && str_starts(strbuf_str(&disk->detail), row->detail),
		"%s: \"%s\"", row->name, disk ? disk->detail.p : "no step");
}

START_TEST(plan)
{
	const struct row *row = &rows[_i];
	struct strbuf got = {0};
	struct err e = {0};
	struct plan_fx p;
	int r;

	plan_fx_load(&p, row->machine, row->files, ARRAY_SIZE(row->files), row->set);
	p.in.own_disks = !row->elsewhere;
	r = plan_build(&p.in, &p.plan, &e);
	ck_assert_msg(
		r == (row->refused ? -EUSERS : 0), "%s: %d %s", row->name, r, e.text);
	if (row->refused) {
		ck_assert_msg(strstr(e.text, row->refused) != NULL, "%s: %s", row->name,
			e.text);
		ck_assert(strstr(e.text, "=yes: ") != NULL);
	} else {
		plan_fx_list(&p.plan, &got);
		ck_assert_msg(strcmp(got.p ? got.p : "", row->want) == 0, "%s:\n%s",
			row->name, got.p ? got.p : "");
		check_steps(row, &p.plan);
	}
	strbuf_done(&got);
	plan_fx_done(&p);
}
END_TEST

/* Another round of the same run does not do it twice. */
START_TEST(once)
{
	static const struct fx_file files[] = {GUEST("vda", "ext3", "")};
	struct plan first = {0};
	struct err e = {0};
	struct plan_fx p;
	size_t n = 0;

	plan_fx_load(&p, BARE, files, ARRAY_SIZE(files), "grow=yes");
	p.in.own_disks = true;
	ck_assert_int_eq(plan_build(&p.in, &first, &e), 0);
	ck_assert_int_eq(plan_build(&p.in, &p.plan, &e), 0);
	ck_assert_int_eq(plan_continue(&first, &p.plan, &e), 0);
	for (size_t i = 0; i < first.n_steps; i++)
		n += first.steps[i].kind == STEP_DISK;
	ck_assert_uint_eq(n, 1);
	plan_done(&first);
	plan_fx_done(&p);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, plan, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, once);
}

int main(void)
{
	return check_main("rule_grow", add);
}

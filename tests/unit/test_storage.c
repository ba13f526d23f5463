/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which device holds the root and /boot, and in which layout Xen gave it. */
#include <errno.h>

#include "guest_fixture.h"

static const struct row {
	const char *name, *machine, *fstab;
	const char *root, *bootfs, *prefix;
	enum layout layout;
	const char *refused; /* words of the message */
} rows[] = {
	{"xvda2 on a disk of its own", "vda ext4 aaaa -\nroot /dev/vda",
		"/dev/xvda2 / ext3 d 0 1\n", "vda", "vda", "", LAYOUT_PARTITION_AS_DISK},
	{"sda1 of old Xen", "vda ext4 aaaa -\nroot /dev/vda", "/dev/sda1 / ext3 d 0 1\n",
		"vda", "vda", "", LAYOUT_PARTITION_AS_DISK},
	{"xvda whole", "vda ext4 aaaa -\nroot /dev/vda", "/dev/xvda / ext3 d 0 1\n",
		"vda", "vda", "", LAYOUT_WHOLE_DISK},
	{"by UUID on a whole disk", "vda ext4 aaaa -\nroot /dev/vda",
		"UUID=aaaa / ext3 d 0 1\n", "vda", "vda", "", LAYOUT_WHOLE_DISK},
	{"repaired already", "vda ext4 aaaa -\nroot /dev/vda", "/dev/vda / ext3 d 0 1\n",
		"vda", "vda", "", LAYOUT_WHOLE_DISK},
	{"partitioned", "vda table=dos\nvda1 ext4 aaaa -\nroot /dev/vda1",
		"/dev/xvda1 / ext3 d 0 1\n", "vda1", "vda1", "", LAYOUT_PARTITIONED},
	{"a volume on a partition",
		"vda table=dos\nvda1 LVM2_member pppp\nmapper/vg-root ext4 aaaa - "
		"on=vda1\n"
		"root /dev/vg/root",
		"/dev/mapper/vg-root / ext4 d 0 1\n", "mapper/vg-root", "mapper/vg-root",
		"", LAYOUT_PARTITIONED},
	{"a volume on a disk",
		"vda LVM2_member pppp\nmapper/vg-root ext4 aaaa - on=vda\n"
		"root /dev/mapper/vg-root",
		"/dev/mapper/vg-root / ext4 d 0 1\n", "mapper/vg-root", "mapper/vg-root",
		"", LAYOUT_WHOLE_DISK},
	{"a volume on what is not there",
		"vda ext4 aaaa -\nmapper/vg-root ext4 bbbb - on=vdz\n"
		"root /dev/mapper/vg-root",
		"/dev/mapper/vg-root / ext4 d 0 1\n", "mapper/vg-root", "mapper/vg-root",
		"", LAYOUT_UNKNOWN},
	{"a volume on itself",
		"vda ext4 aaaa -\nmapper/a ext4 bbbb - on=mapper/a\nroot /dev/mapper/a",
		"/dev/mapper/a / ext4 d 0 1\n", "mapper/a", "mapper/a", "",
		LAYOUT_WHOLE_DISK},
	{"/boot of its own, by UUID",
		"vda table=dos\nvda1 ext2 bbbb -\nvda2 ext4 aaaa -\nroot /dev/vda2",
		"UUID=aaaa / ext4 d 0 1\nUUID=bbbb /boot ext2 d 0 2\n", "vda2", "vda1",
		"/boot", LAYOUT_PARTITIONED},
	{"/boot of its own, by Xen's name, same disk",
		"vda table=dos\nvda1 ext2 bbbb /boot\nvda2 ext4 aaaa -\nroot /dev/vda2",
		"/dev/xvda2 / ext4 d 0 1\n/dev/xvda1 /boot ext2 d 0 2\n", "vda2", "vda1",
		"/boot", LAYOUT_PARTITIONED},
	{"/boot of its own, by Xen's name, another disk",
		"vda ext2 bbbb /boot\nvdb ext4 aaaa -\nroot /dev/vdb",
		"/dev/xvdb / ext4 d 0 1\n/dev/xvda /boot ext2 d 0 2\n", "vdb", "vda",
		"/boot", LAYOUT_WHOLE_DISK},
	{"found by where it was mounted", "vda ext4 aaaa /srv\nvdb ext4 bbbb /",
		"/dev/xvda / ext4 d 0 1\n", "vdb", "vdb", "", LAYOUT_WHOLE_DISK},
	{"found twice", "vda ext4 aaaa /\nvdb ext4 bbbb /", "/dev/xvda / ext4 d 0 1\n",
		.refused = "/dev/vda /dev/vdb root="},
	{"not found", "vda ext4 aaaa /srv", "/dev/xvda / ext4 d 0 1\n",
		.refused = "no root="},
	{"named, but not there", "vda ext4 aaaa /\nroot /dev/vdb",
		"/dev/xvda / ext4 d 0 1\n", .refused = "/dev/vdb root="},
};

START_TEST(finding)
{
	const struct row *row = &rows[_i];
	const struct fx_file files[] = {{"/etc/fstab", row->fstab}};
	const struct guest *g;
	struct fx fx;
	int r;

	fx_load(&fx, row->machine, files, ARRAY_SIZE(files), false);
	r = guest_read(&fx.snap, &fx.machine, &fx.guest, &fx.e);
	g = &fx.guest;
	if (row->refused) {
		struct str rest = str_from(row->refused), word;

		ck_assert_msg(r == -EINVAL, "%s: answer %d", row->name, r);
		while (str_word(&rest, &word))
			ck_assert_msg(
				memmem(fx.e.text, strlen(fx.e.text), word.p, word.n),
				"%s: \"%s\"", row->name, fx.e.text);
	} else {
		ck_assert_msg(r == 0, "%s: %s", row->name, fx.e.text);
		ck_assert_msg(strcmp(g->root->name, row->root) == 0, "%s: root on %s",
			row->name, g->root->name);
		ck_assert_msg(strcmp(g->bootfs->name, row->bootfs) == 0,
			"%s: /boot on %s", row->name, g->bootfs->name);
		ck_assert_str_eq(g->bootfs_prefix, row->prefix);
		ck_assert_msg(g->layout == row->layout, "%s: %s", row->name,
			layout_name(g->layout));
	}
	fx_done(&fx);
}
END_TEST

/* The one file without which nothing can be decided. */
static const struct fstab_row {
	const char *name;
	struct fx_file files[2];
	const char *word;
} fstab_rows[] = {
	{"none", {{"/etc/passwd", ""}}, "fstab"},
	{"dangling", {{"/etc/fstab", .link = "/run/fstab"}}, "/run/fstab"},
	{"a folder", {{"/etc/fstab/"}}, "fstab"},
	{"too large", {{"/etc/fstab", .problem = "larger than 1 MiB"}}, "1 MiB"},
	{"a link to what is too large",
		{{"/etc/fstab", .link = "fstab.big"},
			{"/etc/fstab.big", .problem = "larger than 1 MiB"}},
		"1 MiB"},
};

START_TEST(bad_fstab)
{
	const struct fstab_row *row = &fstab_rows[_i];
	struct fx fx;

	fx_load(&fx, "vda ext4 aaaa /\nroot /dev/vda", row->files, ARRAY_SIZE(row->files),
		false);
	ck_assert_int_eq(guest_read(&fx.snap, &fx.machine, &fx.guest, &fx.e), -EINVAL);
	ck_assert_msg(strstr(fx.e.text, row->word), "%s: \"%s\"", row->name, fx.e.text);
	fx_done(&fx);
}
END_TEST

START_TEST(nul_in_fstab)
{
	static const struct fx_file files[] = {{"/etc/fstab", "/dev/xvda / ext4 d 0 1"}};
	struct fx fx;

	fx_load(&fx, "vda ext4 aaaa /\nroot /dev/vda", files, ARRAY_SIZE(files), false);
	strbuf_add(&fx.snap.v[0].data, STR("\0\n"));
	ck_assert_int_eq(guest_read(&fx.snap, &fx.machine, &fx.guest, &fx.e), -EINVAL);
	ck_assert(strstr(fx.e.text, "NUL"));
	fx_done(&fx);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, finding, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(tc, bad_fstab, 0, ARRAY_SIZE(fstab_rows));
	tcase_add_test(tc, nul_in_fstab);
}

int main(void)
{
	return check_main("storage", add);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The old names that a guest's files use: where, for what, and in which order. */
#include <errno.h>

#include "plan/names.h"
#include "plan_fixture.h"

#define FSTAB(text)                                                                      \
	{                                                                                \
		"/etc/fstab", text                                                       \
	}
#define NONE FSTAB("proc /proc proc d 0 0\n")

/* `want`: "name(uses)", then '!' where a boot needs it, 's' for swap, '=' and what must lie
 * there. */
static const struct row {
	const char *name;
	struct fx_file files[4];
	const char *want;
} rows[] = {
	{"fstab",
		{FSTAB("/dev/xvda1 / ext4 d 0 1\n# /dev/xvdz /z ext4 d 0 1\n"
		       "/dev/xvdb none swap sw 0 0\nUUID=x /y ext4 d 0 1\n")},
		"xvda1(fstab:/)! xvdb(fstab:swap)!s"},
	{"one name, two lines",
		{FSTAB("/dev/xvda1 / ext4 d 0 1\n/dev/xvda1 /mnt ext4 d 0 1\n")},
		"xvda1(fstab:/,fstab:/mnt)!"},
	{"order: prefix, letters, number",
		{FSTAB("/dev/xvdaa /1 ext4 d 0 1\n/dev/xvda10 /2 ext4 d 0 1\n"
		       "/dev/xvdz /3 ext4 d 0 1\n/dev/xvda9 /4 ext4 d 0 1\n"
		       "/dev/sdb /5 ext4 d 0 1\n/dev/hda /6 ext4 d 0 1\n")},
		"hda(fstab:/6)! sdb(fstab:/5)! xvda9(fstab:/4)! xvda10(fstab:/2)! "
		"xvdz(fstab:/3)! xvdaa(fstab:/1)!"},
	{"the kernel line", {NONE, FX_MENU("root=/dev/xvda1 resume=/dev/xvda5")},
		"xvda1(cmdline:root,menu.lst)! xvda5(cmdline:resume,menu.lst)s"},
	{"a resume that fstab knows is no less needed",
		{FSTAB("/dev/xvda5 none swap sw 0 0\n"), FX_MENU("resume=/dev/xvda5")},
		"xvda5(fstab:swap,cmdline:resume,menu.lst)!s"},
	{"kopt",
		{NONE, {"/boot/grub/menu.lst", "# kopt=root=/dev/xvda2 ro\n"
					       "## e.g. kopt=root=/dev/hda1\n"}},
		"xvda2(menu.lst)"},
	{"/etc/default/grub",
		{NONE, {"/etc/default/grub",
			       "GRUB_CMDLINE_LINUX=\"root=/dev/xvda1\"\n"
			       "GRUB_CMDLINE_LINUX_DEFAULT='quiet resume=/dev/xvdb'\n"}},
		"xvda1(cmdline:root)! xvdb(cmdline:resume)s"},
	{"RESUME", {NONE, {"/etc/initramfs-tools/conf.d/resume", "RESUME=/dev/xvda1\n"}},
		"xvda1(initramfs:resume)s"},
	{"RESUME that only an image has",
		{NONE, FX_MENU("root=/dev/vda"), FX_IMAGE("6.1"),
			{"/boot/initrd.img-6.1",
				.members = "scripts/functions conf/conf.d/resume",
				.inside = {{"conf/conf.d/resume",
					"RESUME=/dev/xvdb1\n"}}}},
		"xvdb1(initramfs:resume)s"},
	{"resume= that only dracut's image has",
		{NONE, FX_MENU("root=/dev/vda"), FX_IMAGE("6.1"),
			{"/boot/initrd.img-6.1",
				.members = "lib/dracut etc/cmdline.d/95resume.conf",
				.inside = {{"etc/cmdline.d/95resume.conf",
					"resume=/dev/xvdb1\n"}}}},
		"xvdb1(initramfs:resume)s"},
	{"crypttab", {NONE, {"/etc/crypttab", "#x /dev/xvdz\ns /dev/xvdd none luks\n"}},
		"xvdd(crypttab)!=crypto_LUKS"},
	{"mdadm.conf",
		{NONE, {"/etc/mdadm/mdadm.conf", "DEVICE /dev/xvdb /dev/xvdc[1-3]\n"}},
		"xvdb(mdadm.conf)=linux_raid_member"},
	{"lvm.conf",
		{NONE, {"/etc/lvm/lvm.conf",
			       "\tfilter = [ \"a|/dev/xvdb|\", \"r|/dev/xvd.*|\" ]\n"}},
		"xvdb(lvm.conf)=LVM2_member"},
	{"device.map, tabs", {NONE, {"/boot/grub/device.map", "(hd0)\t/dev/xvda\n"}},
		"xvda(device.map)"},
	{"wildcards and longer names are no names",
		{NONE, {"/etc/smartd.conf", "/dev/xvda* -a\n/dev/xvdb-x\n/dev/xvdc/y\n"
					    "/dev/vda -a\n/dev/mapper/xvda\n/dev/sd\n"}},
		""},
};

START_TEST(collecting)
{
	const struct row *row = &rows[_i];
	struct strbuf got = {0};
	struct names n = {0};
	struct plan_fx p;

	plan_fx_load(&p, "vda ext4 aaaa /\nroot /dev/vda", row->files,
		ARRAY_SIZE(row->files), NULL);
	ck_assert_int_eq(names_collect(&p.in, &n, NULL), 0);
	strbuf_adds(&got, "");
	for (size_t i = 0; i < n.n; i++) {
		const struct name_use *u = &n.v[i];

		strbuf_addf(&got, "%s%s(", i ? " " : "", u->name + strlen("/dev/"));
		STRV_FOREACH (use, &u->uses)
			strbuf_addf(&got, "%s%s", use == u->uses.v ? "" : ",", *use);
		strbuf_addf(&got, ")%s%s%s%s", u->needed ? "!" : "", u->swap ? "s" : "",
			u->content ? "=" : "", u->content ? u->content : "");
		ck_assert(names_find(&n, str_from(u->name)) == u);
	}
	check_bytes(row->name, strbuf_str(&got), str_from(row->want));
	ck_assert_ptr_null(names_find(&n, STR("/dev/xvdq")));
	strbuf_done(&got);
	names_done(&n);
	plan_fx_done(&p);
}
END_TEST

START_TEST(too_many)
{
	struct strbuf fstab = {0};
	struct names n = {0};
	struct err e = {0};
	struct plan_fx p;

	for (int i = 1; i < 300; i++)
		strbuf_addf(&fstab, "/dev/xvda%d /%d ext4 d 0 0\n", i, i);
	const struct fx_file files[] = {{"/etc/fstab", fstab.p}};
	plan_fx_load(&p, "vda ext4 aaaa /\nroot /dev/vda", files, 1, NULL);
	ck_assert_int_eq(names_collect(&p.in, &n, &e), -E2BIG);
	ck_assert(!n.v);
	ck_assert(strstr(e.text, "256"));
	strbuf_done(&fstab);
	plan_fx_done(&p);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, collecting, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, too_many);
}

int main(void)
{
	return check_main("names", add);
}

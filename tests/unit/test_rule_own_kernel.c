/* SPDX-License-Identifier: GPL-2.0-or-later */
/* boot=self, and the host brought the kernel: which guests get one of their own, and the bytes
 * of the menu that starts it. */
#include "plan/rules.h"
#include "plan_fixture.h"

#define BARE "vda ext3 aaaa /\nroot /dev/vda"
#define DOS "vda - - - table=dos\nvda1 ext3 aaaa /\nroot /dev/vda1"
#define OWN_BOOT                                                                         \
	"vda - - - table=dos\nvda1 ext2 bbbb /boot\nvda2 ext3 aaaa /\nroot /dev/vda2"
#define GUEST                                                                            \
	FX_DEBIAN, {"/etc/fstab", "UUID=aaaa / ext3 d 0 1\n"},                           \
	{                                                                                \
		"/usr/bin/apt-get", ""                                                   \
	}
#define KERNEL FX_IMAGE("6.1"), FX_GOOD_INITRD("6.1")
#define HEAD                                                                             \
	"# Written by xvd2vd: this guest's host brought its kernel.\n"                   \
	"default\t\t0\ntimeout\t\t2\n\n"                                                 \
	"title\t\tDebian GNU/Linux 12.5\n"
#define STARTS(root, dir, dev)                                                           \
	HEAD "root\t\t" root "\nkernel\t\t" dir "/vmlinuz-6.1 root=/dev/" dev            \
	     " ro console=tty0 console=ttyS0\ninitrd\t\t" dir "/initrd.img-6.1\n"
#define INSTALL "packages !/usr/bin/apt-get\nkernel !/usr/bin/apt-get\n"

static const struct row {
	const char *name, *machine, *set;
	struct fx_file files[12];
	const char *want, *menu, *refused;
	bool elsewhere;
} rows[] = {
	{"no kernel", BARE, "boot=self", {GUEST}, INSTALL},
	{"not asked for", BARE, "boot=auto", {GUEST}, ""},
	{"the host goes on", BARE, "boot=host", {GUEST, KERNEL}, ""},
	{"rule_bootcode tells why", BARE, "boot=self", {GUEST}, "", .elsewhere = true},
	{"boot code that nobody knows",
		"vda ext3 aaaa / boot_code=unknown\nroot /dev/vda", "boot=self", {GUEST},
		""},
	{"a menu", BARE, "boot=self", {GUEST, KERNEL, FX_MENU("root=/dev/vda")}, ""},
	{"no packages", BARE, "boot=self packages=off", {GUEST},
		.refused = "in the guest first: linux-image-amd64"},
	{"a kernel for Xen alone", BARE, "boot=self",
		{GUEST, KERNEL, {"/boot/config-6.1", "CONFIG_X86_64_XEN=y\n"}}, INSTALL},
	{"the whole disk", BARE, "boot=self", {GUEST, KERNEL},
		"menu.lst /boot/grub/menu.lst\n", STARTS("(hd0)", "/boot", "vda")},
	{"a partition", DOS, "boot=self", {GUEST, KERNEL},
		"menu.lst /boot/grub/menu.lst\n", STARTS("(hd0,0)", "/boot", "vda1")},
	{"/boot of its own", OWN_BOOT, "boot=self",
		{FX_DEBIAN,
			{"/etc/fstab", "UUID=aaaa / ext3 d 0 1\n"
				       "UUID=bbbb /boot ext2 d 0 1\n"},
			KERNEL, {"/vmlinuz", .link = "/boot/vmlinuz-6.1"},
			{"/initrd.img", .link = "/boot/initrd.img-6.1"}},
		"menu.lst /boot/grub/menu.lst\n", STARTS("(hd0,0)", "", "vda2")},
	{"links to the newest", BARE, "boot=self console=keep",
		{GUEST, KERNEL, {"/vmlinuz", .link = "/boot/vmlinuz-6.1"},
			{"/initrd.img", .link = "/boot/initrd.img-6.1"}},
		"menu.lst /boot/grub/menu.lst\n",
		HEAD "root\t\t(hd0)\nkernel\t\t/vmlinuz root=/dev/vda ro\n"
		     "initrd\t\t/initrd.img\n"},
	{"one link", BARE, "boot=self",
		{GUEST, KERNEL, {"/vmlinuz", .link = "/boot/vmlinuz-6.1"}},
		"menu.lst /boot/grub/menu.lst\n", STARTS("(hd0)", "/boot", "vda")},
	{"btrfs", "vda - - - table=dos\nvda1 btrfs aaaa /\nroot /dev/vda1", "boot=self",
		{GUEST, KERNEL}, .refused = "none is written for btrfs"},
};

START_TEST(own_kernel)
{
	const struct row *row = &rows[_i];
	struct strbuf got = {0};
	struct err e = {0};
	struct plan_fx p;
	int r;

	plan_fx_load(&p, row->machine, row->files, ARRAY_SIZE(row->files), row->set);
	/* Which a program in its /bin would tell. */
	free(p.fx.guest.arch);
	p.fx.guest.arch = fx_dup("x86_64");
	p.in.own_disks = !row->elsewhere;
	r = rule_own_kernel(&p.in, &p.plan, &e);
	if (row->refused) {
		ck_assert_msg(r == -EUSERS && strstr(e.text, row->refused), "%s: %d, %s",
			row->name, r, e.text);
	} else {
		ck_assert_msg(r == 0, "%s: %s", row->name, e.text);
		plan_fx_list(&p.plan, &got);
		check_bytes(row->name, strbuf_str(&got), str_from(row->want));
		ck_assert_msg(p.plan.again == !!*row->want, "%s: again", row->name);
	}
	if (row->menu)
		check_bytes(row->name, strbuf_str(&p.plan.steps[0].content),
			str_from(row->menu));
	strbuf_done(&got);
	plan_fx_done(&p);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, own_kernel, 0, ARRAY_SIZE(rows));
}

int main(void)
{
	return check_main("rule_own_kernel", add);
}

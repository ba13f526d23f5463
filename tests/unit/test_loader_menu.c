/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The menu as the loader itself would see it: which entry, from which device, and why one
 * would not start. */
#include <errno.h>

#include "guest_fixture.h"

#define FSTAB                                                                            \
	{                                                                                \
		"/etc/fstab", "/dev/vda / ext4 d 0 1\n"                                  \
	}
#define FSTAB_BOOT                                                                       \
	{                                                                                \
		"/etc/fstab", "/dev/vda2 / ext4 d 0 1\n/dev/vda1 /boot ext2 d 0 2\n"     \
	}
#define K                                                                                \
	{                                                                                \
		"/boot/vmlinuz-1", .kernel = "1"                                         \
	}
#define I                                                                                \
	{                                                                                \
		"/boot/initrd.img-1", .members = "init"                                  \
	}
/* Layout 1: no partitions; and a disk with a /boot of its own. */
#define PLAIN(code) "vda ext4 aaaa / boot_code=" code "\nvdb ext4 bbbb\nroot /dev/vda"
#define PARTS(code)                                                                      \
	"vda table=dos boot_code=" code                                                  \
	"\nvda1 ext2 1111 /boot\nvda2 ext4 2222 /\nroot /dev/vda2"
#define LEGACY(text)                                                                     \
	{                                                                                \
		"/boot/grub/menu.lst", text                                              \
	}
#define GRUB2(text)                                                                      \
	{                                                                                \
		"/boot/grub/grub.cfg", text                                              \
	}
#define EXTLINUX(text)                                                                   \
	{                                                                                \
		"/boot/extlinux/extlinux.conf", text                                     \
	}

/* `want`, a line for each entry: "*title device image initramfs args" and behind a '!' the
 * problem; "-" where there is none, '*' before the default ("*?": not known). */
static const struct row {
	const char *name, *machine;
	struct fx_file files[8];
	const char *want;
	const char *as; /* the boot code that it is read for; NULL: what is there */
} rows[] = {
	{"GRUB legacy", PLAIN("none"),
		{FSTAB, K, I,
			LEGACY("title a\nroot (hd0)\nkernel /boot/vmlinuz-1 ro\n"
			       "initrd /boot/initrd.img-1\n")},
		"*a vda /boot/vmlinuz-1 /boot/initrd.img-1 ro\n"},
	{"kvm-pvgrub.img: the disk as its partition, the menu's device for none",
		PLAIN("none"),
		{FSTAB, K,
			LEGACY("title a\nroot (hd0,0)\nkernel /boot/vmlinuz-1\n"
			       "title b\nroot (hd7)\nkernel /boot/vmlinuz-1\n"
			       "title c\nkernel (hd7)/boot/vmlinuz-1\n")},
		"*a vda /boot/vmlinuz-1 - \nb vda /boot/vmlinuz-1 - \n"
		"c - /boot/vmlinuz-1 -  ! there is no (hd7) on this "
		"machine\n"},
	{"kvm-pvgrub.img: GRUB 2's root", PLAIN("none"),
		{FSTAB, K,
			GRUB2("menuentry a {\nset root='hd0,msdos1'\n"
			      "linux /boot/vmlinuz-1\n}\nmenuentry b {\n"
			      "set root='hd9,msdos1'\nlinux /boot/vmlinuz-1\n}\n")},
		"*?a vda /boot/vmlinuz-1 - \nb vda /boot/vmlinuz-1 - \n"},
	{"a partition that is gone", PLAIN("grub"),
		{FSTAB, K,
			LEGACY("title a\nroot (hd0,0)\nkernel /boot/vmlinuz-1\n"
			       "title b\nkernel (hd0)/boot/vmlinuz-1 x\n"
			       "title c\nroot (hd7)\nkernel /boot/vmlinuz-1\n"
			       "title d\nkernel /boot/vmlinuz-1\n")},
		"*a - /boot/vmlinuz-1 -  ! there is no (hd0,0) on this machine\n"
		"b vda /boot/vmlinuz-1 - x\n"
		"c - /boot/vmlinuz-1 -  ! there is no (hd7) on this machine\n"
		"d - /boot/vmlinuz-1 - \n"},
	{"another disk than the guest's", PLAIN("none"),
		{FSTAB, K, LEGACY("title a\nroot (hd1)\nkernel /boot/vmlinuz-1\n")},
		"*a vdb /boot/vmlinuz-1 -  ! there is no /boot/vmlinuz-1 on /dev/vdb\n"},
	{"/boot of its own", PARTS("grub"),
		{FSTAB_BOOT, K, I,
			LEGACY("title a\nroot (hd0,0)\nkernel /vmlinuz-1\n"
			       "initrd /initrd.img-1\n"
			       "title b\nroot (hd0,1)\nkernel /boot/vmlinuz-1\n"
			       "title c\nroot (hd0,0)\nkernel /boot/vmlinuz-1\n"
			       "title d\nroot (hd0,0)\nkernel /vmlinuz-1\n"
			       "initrd (hd0,1)/initrd.img-1\n")},
		"*a vda1 /boot/vmlinuz-1 /boot/initrd.img-1 \n"
		"b vda2 /boot/vmlinuz-1 -  ! there is no /boot/vmlinuz-1 on /dev/vda2\n"
		"c vda1 /boot/vmlinuz-1 -  ! there is no /boot/vmlinuz-1 on /dev/vda1\n"
		"d vda1 /boot/vmlinuz-1 /boot/initrd.img-1 \n"},
	{"a link /boot/boot", PARTS("grub"),
		{FSTAB_BOOT, K, {"/boot"}, {"/boot/boot", .link = "/boot"},
			LEGACY("title a\nroot (hd0,0)\nkernel /boot/vmlinuz-1\n")},
		"*a vda1 /boot/vmlinuz-1 - \n"},
	{"default saved", PLAIN("none"),
		{FSTAB, K, {"/boot/grub/default", "1\n#\n#\n"},
			LEGACY("default saved\ntitle a\nkernel /boot/vmlinuz-1\n"
			       "title b\nkernel /boot/vmlinuz-1\n")},
		"a vda /boot/vmlinuz-1 - \n*b vda /boot/vmlinuz-1 - \n"},
	{"fallback", PLAIN("grub"),
		{FSTAB, K,
			LEGACY("default=0\nfallback = 1 2\ntitle a\nroot (hd0,0)\n"
			       "kernel /boot/vmlinuz-1\ntitle b\nroot (hd0,1)\n"
			       "kernel /boot/vmlinuz-1\ntitle c\nroot (hd0)\n"
			       "kernel /boot/vmlinuz-1\n")},
		"a - /boot/vmlinuz-1 -  ! there is no (hd0,0) on this machine\n"
		"b - /boot/vmlinuz-1 -  ! there is no (hd0,1) on this machine\n"
		"*c vda /boot/vmlinuz-1 - \n"},
	/* GRUB 2 */
	{"by its UUID, behind a root that is gone", PARTS("grub2"),
		{FSTAB_BOOT, K, I,
			GRUB2("menuentry a {\nset root='hd4,gpt9'\n"
			      "search --fs-uuid --set=root 1111\nx=\"1 2\"\n"
			      "linux /vmlinuz-1 r $x\ninitrd /initrd.img-1 /ucode\n}\n")},
		"*?a vda1 /boot/vmlinuz-1 /boot/initrd.img-1 r 1 2\n"},
	{"microcode before the initramfs", PARTS("grub2"),
		{FSTAB_BOOT, K, I, {"/boot/amd-ucode.img", "x"},
			GRUB2("menuentry a {\nsearch --fs-uuid --set=root 1111\n"
			      "linux /vmlinuz-1\ninitrd /amd-ucode.img /initrd.img-1\n}\n"
			      "menuentry b {\nsearch --fs-uuid --set=root 1111\n"
			      "linux /vmlinuz-1\ninitrd /intel-uc.img "
			      "/initrd.img-1\n}\n")},
		"*?a vda1 /boot/vmlinuz-1 /boot/initrd.img-1 \n"
		"b vda1 /boot/vmlinuz-1 - \n"},
	{"a file system that is gone", PARTS("grub2"),
		{FSTAB_BOOT, K,
			GRUB2("menuentry a {\nset root='hd4'\n"
			      "search --fs-uuid --set=root 9999\nlinux /vmlinuz-1\n}\n")},
		"*?a - /boot/vmlinuz-1 -  ! search found no file system 9999, and there "
		"is no /vmlinuz-1 on (hd4)\n"},
	{"the root of the config", PARTS("grub2"),
		{FSTAB_BOOT, K,
			GRUB2("menuentry a {\nlinux /vmlinuz-1 $root $prefix\n}\n"
			      "menuentry b {\nlinux ($root)/boot/vmlinuz-1\n}\n")},
		"*?a vda1 /boot/vmlinuz-1 - hd0,msdos1 (hd0,msdos1)/grub\n"
		"b vda1 /boot/vmlinuz-1 -  ! there is no /boot/vmlinuz-1 on "
		"(hd0,msdos1)\n"},
	{"on a volume",
		"vda table=dos boot_code=grub2\nvda1 LVM2_member 1111\n"
		"mapper/vg-root ext4 2222 / on=vda1\nroot /dev/mapper/vg-root",
		{FSTAB, K,
			GRUB2("menuentry a {\nset root='lvmid/x/y'\n"
			      "search --set=root --fs-uuid --hint=lvmid/x/y 2222\n"
			      "linux /boot/vmlinuz-1 $root\n}\n"
			      "menuentry b {\nset root=lvm/vg-root\n"
			      "linux /boot/vmlinuz-1\n}\n"
			      "menuentry c {\nsearch --set=root --fs-uuid 1111\n"
			      "linux /boot/vmlinuz-1 $root\n}\n")},
		"*?a mapper/vg-root /boot/vmlinuz-1 - lvmid/x/y\n"
		"b mapper/vg-root /boot/vmlinuz-1 - \n"
		"c mapper/vg-root /boot/vmlinuz-1 - lvm/vg-root\n"},
	{"btrfs, below its subvolume", "vda btrfs aaaa / boot_code=grub2\nroot /dev/vda",
		{{"/etc/fstab", "UUID=aaaa / btrfs subvol=@ 0 0\n"}, K,
			GRUB2("menuentry a {\nlinux /@/boot/vmlinuz-1\n}\n")},
		"*?a vda /boot/vmlinuz-1 - \n"},
	{"submenus stay in their place", PLAIN("grub2"),
		{FSTAB, K,
			GRUB2("submenu s {\nmenuentry b {\nlinux /boot/vmlinuz-1\n}\n}\n"
			      "menuentry c {\nchainloader +1\n}\nsubmenu e {\ntrue\n}\n"
			      "set default=1\n")},
		"b vda /boot/vmlinuz-1 - \n*c - - - \n"
		"e - - -  ! a submenu without an entry\n"},
	{"Xen's entries are not ours", PLAIN("grub2"),
		{FSTAB, K,
			GRUB2("menuentry a {\nmultiboot /boot/xen.gz\n"
			      "module /boot/vmlinuz-1 x root=/dev/vda\n}\n")},
		"*?a - /boot/vmlinuz-1 - x root=/dev/vda (chain)\n"},
	{"blscfg", PARTS("grub2"),
		{FSTAB_BOOT, K, {"/boot/vmlinuz-2", .kernel = "2"},
			{"/boot/grub2/grub.cfg",
				"load_env\nset default=\"${saved_entry}\"\nblscfg\n"},
			{"/boot/grub2/grubenv",
				"# GRUB Environment Block\nsaved_entry=m-1\n"
				"kernelopts=root=/dev/vda2 ro\n"},
			{"/boot/loader/entries/m-1.conf",
				"title one\nlinux /vmlinuz-1\noptions $kernelopts\n"},
			{"/boot/loader/entries/m-2.conf",
				"title two\nlinux /vmlinuz-2\noptions $kernelopts x\n"}},
		"two vda1 /boot/vmlinuz-2 - root=/dev/vda2 ro x\n"
		"*one vda1 /boot/vmlinuz-1 - root=/dev/vda2 ro\n"},
	{"blscfg, which kvm-pvgrub.img does not have", PARTS("none"),
		{FSTAB_BOOT, K, {"/boot/grub2/grub.cfg", "set default=0\nblscfg\n"},
			{"/boot/loader/entries/m-1.conf",
				"title one\nlinux /vmlinuz-1\noptions ro\n"}},
		"! its entries come by blscfg, a command of Fedora's GRUB that "
		"kvm-pvgrub.img does not have\n"},
	{"blscfg, once the guest's own GRUB is there", PARTS("none"),
		{FSTAB_BOOT, K, {"/boot/grub2/grub.cfg", "set default=0\nblscfg\n"},
			{"/boot/loader/entries/m-1.conf",
				"title one\nlinux /vmlinuz-1\noptions ro\n"}},
		"*one vda1 /boot/vmlinuz-1 - ro\n", "grub2"},
	{"a config without end is read as it is written", PLAIN("grub2"),
		{FSTAB, K, I,
			GRUB2("set default=b\nmenuentry a {\nlinux /boot/vmlinuz-1\n}\n"
			      "menuentry b {\nlinux /boot/vmlinuz-1 $x\n"
			      "initrd /boot/initrd.img-1\n}\n"
			      "while true; do true; done\n")},
		"a - /boot/vmlinuz-1 - \n*b - /boot/vmlinuz-1 /boot/initrd.img-1 $x\n"
		"! /boot/grub/grub.cfg: more work than a menu can be\n"},
	/* extlinux */
	{"relative paths, a global APPEND", PLAIN("syslinux"),
		{FSTAB, K, I,
			EXTLINUX("default b\nappend root=/dev/vda\nlabel a\n"
				 "kernel ../vmlinuz-1\nlabel b\n"
				 "linux ./../../boot//vmlinuz-1\n"
				 "initrd ../initrd.img-1,/ucode\nappend ro\n"
				 "label c\nkernel /boot/vmlinuz-1\nappend -\n"
				 "label d\nkernel vmlinuz-1\n")},
		"a vda /boot/vmlinuz-1 - root=/dev/vda\n"
		"*b vda /boot/vmlinuz-1 /boot/initrd.img-1 ro\n"
		"c vda /boot/vmlinuz-1 - \n"
		"d vda - - root=/dev/vda ! there is no /boot/extlinux/vmlinuz-1 on "
		"/dev/vda\n"},
	{"a config that includes itself", PARTS("syslinux"),
		{FSTAB_BOOT, K,
			{"/boot/extlinux/linux.cfg", "label l1\nkernel /vmlinuz-1"},
			EXTLINUX("default menu.c32\ntimeout 50\nontimeout l1\n"
				 "menu include linux.cfg\nlabel l2\n"
				 "kernel /boot/vmlinuz-1\n menu default\n"
				 "label l3\nkernel chain.c32\ninclude extlinux.conf\n")},
		NULL},
	{"INCLUDE in the middle", PARTS("syslinux"),
		{FSTAB_BOOT, K,
			{"/boot/extlinux/linux.cfg", "label l1\nkernel /vmlinuz-1"},
			EXTLINUX("default menu.c32\ntimeout 50\nontimeout l1\n"
				 "menu include linux.cfg\nlabel l2\n"
				 "kernel /boot/vmlinuz-1\n menu default\n"
				 "label l3\nkernel chain.c32\n")},
		"*l1 vda1 /boot/vmlinuz-1 - \n"
		"l2 vda1 /boot/vmlinuz-1 -  ! there is no /boot/vmlinuz-1 on /dev/vda1\n"
		"l3 vda1 - -  (chain)\n"},
	/* LILO */
	{"LILO", PLAIN("lilo"),
		{FSTAB, K, I, {"/vmlinuz", .link = "/boot/vmlinuz-1"},
			{"/etc/lilo.conf",
				"root=/dev/vda\nread-only\ndefault=b\nappend=\"x\"\n"
				"image=/vmlinuz\nlabel=a\ninitrd=/boot/initrd.img-1\n"
				"image=/boot/vmlinuz-1\nlabel=b\nappend=\n"}},
		"a - /boot/vmlinuz-1 /boot/initrd.img-1 root=/dev/vda ro x\n"
		"*b - /boot/vmlinuz-1 - root=/dev/vda ro\n"},
};

static void print(const struct guest *g, struct strbuf *out)
{
	for (size_t i = 0; i < g->n_menu; i++) {
		const struct boot_entry *ent = &g->menu[i];

		if (i == g->default_entry)
			strbuf_adds(out, g->default_known ? "*" : "*?");
		strbuf_addf(out, STR_FMT " %s %s %s " STR_FMT, STR_ARG(ent->title),
			ent->from ? ent->from->name : "-", ent->image ? ent->image : "-",
			ent->initramfs ? ent->initramfs : "-", STR_ARG(ent->args));
		if (ent->chain && ent->kernel.n)
			strbuf_adds(out, " (chain)");
		if (ent->problem)
			strbuf_addf(out, " ! %s", ent->problem);
		strbuf_addc(out, '\n');
	}
	if (g->menu_problem)
		strbuf_addf(out, "! %s\n", g->menu_problem);
}

START_TEST(menus)
{
	const struct row *row = &rows[_i];
	struct strbuf got = {0};
	struct fx fx;

	fx_load(&fx, row->machine, row->files, ARRAY_SIZE(row->files), !row->as);
	if (row->as)
		ck_assert_msg(guest_read_as(&fx.snap, &fx.machine, row->as, &fx.guest,
				      &fx.e) == 0,
			"%s", fx.e.text);
	print(&fx.guest, &got);
	/* A config that includes itself ends. */
	if (row->want)
		check_bytes(row->name, strbuf_str(&got), str_from(row->want));
	else
		ck_assert_uint_gt(fx.guest.n_menu, 3);
	strbuf_done(&got);
	fx_done(&fx);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, menus, 0, ARRAY_SIZE(rows));
}

int main(void)
{
	return check_main("loader_menu", add);
}

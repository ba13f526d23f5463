/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A guest that LILO starts: when boot code of ours takes its place, the bytes of the menu that
 * this reads then, and the words where it cannot. */
#include "bootcode_pieces.h"
#include "plan/devmap.h"
#include "plan/rules.h"
#include "plan_fixture.h"

#define SECTOR BOOTCODE_SECTOR
#define WHOLE "vda ext4 aaaa / boot_code=lilo\nroot /dev/vda"
#define DOS "vda - - - table=dos boot_code=lilo\nvda1 ext4 aaaa /\nroot /dev/vda1"
#define OWN_BOOT                                                                         \
	"vda - - - table=dos boot_code=lilo\nvda1 ext4 bbbb /boot\nvda2 ext4 aaaa /\n"   \
	"root /dev/vda2"
#define FILES                                                                            \
	FX_DEBIAN, FX_IMAGE("6.1"), {"/boot/initrd.img-6.1", .members = "scripts/x"},    \
		{"/vmlinuz", .link = "/boot/vmlinuz-6.1"},                               \
	{                                                                                \
		"/initrd.img", .link = "/boot/initrd.img-6.1"                            \
	}
#define FSTAB(text)                                                                      \
	{                                                                                \
		"/etc/fstab", text                                                       \
	}
#define HDA1 FSTAB("/dev/hda1 / ext4 d 0 1\n")
#define BY_UUID FSTAB("UUID=aaaa / ext4 d 0 1\n")
#define CONF(text)                                                                       \
	{                                                                                \
		"/etc/lilo.conf", text                                                   \
	}
#define LINUX "image=/vmlinuz\n\tlabel=Linux\n\tinitrd=/initrd.img\n"
#define STEPS "menu.lst /boot/grub/menu.lst\nbootcode /dev/vda\nwarnings 1\n"
#define HEAD(number, seconds)                                                            \
	"# Written by xvd2vd: from /etc/lilo.conf, in LILO's place.\n"                   \
	"default\t\t" number "\ntimeout\t\t" seconds "\n"
#define ENTRY(label, root, kernel, args, initrd)                                         \
	"\ntitle\t\t" label "\nroot\t\t" root "\nkernel\t\t" kernel " " args             \
	"\ninitrd\t\t" initrd "\n"

static char zeros[2 * SECTOR];

/* `step`: of the kind, on this path, before the rule. */
static const struct row {
	const char *name, *machine, *set;
	struct fx_file files[12];
	const char *want, *menu, *refused, *firmware, *step;
	enum step_kind kind;
	bool elsewhere;
} rows[] = {
	{"nothing that LILO knows is changed", DOS, "",
		{FILES, BY_UUID, CONF("root=\"UUID=aaaa\"\n" LINUX)}, ""},
	{"another loader", "vda ext4 aaaa / boot_code=grub\nroot /dev/vda", "",
		{FILES, HDA1, CONF("root=/dev/hda1\n" LINUX)}, ""},
	{"the root has another name", DOS, "",
		{FILES, HDA1,
			CONF("root=/dev/hda1\nread-only\nprompt\ntimeout=45\n" LINUX)},
		STEPS,
		HEAD("0", "5") ENTRY("Linux", "(hd0,0)", "/vmlinuz", "root=/dev/vda1 ro",
			"/initrd.img")},
	{"boot=self", WHOLE, "boot=self",
		{FILES, HDA1, CONF("delay=21\nroot=/dev/hda1\n" LINUX)}, STEPS,
		HEAD("0", "3") ENTRY(
			"Linux", "(hd0)", "/vmlinuz", "root=/dev/vda", "/initrd.img")},
	{"no root=: the number of the disk as it was", DOS, "",
		{FILES, HDA1, CONF("append=\"quiet console=hvc0\"\nread-only\n" LINUX)},
		STEPS,
		HEAD("0", "2") ENTRY("Linux", "(hd0,0)", "/vmlinuz",
			"root=/dev/vda1 ro quiet console=ttyS0", "/initrd.img")},
	{"no root=, and the disk was always this", DOS, "",
		{FILES, BY_UUID, CONF("read-only\n" LINUX)}, ""},
	{"no root=, and Xen's console", DOS, "",
		{FILES, BY_UUID, CONF("append=console=hvc0\n" LINUX)}, STEPS,
		HEAD("0", "2") ENTRY("Linux", "(hd0,0)", "/vmlinuz",
			"root=/dev/vda1 console=ttyS0", "/initrd.img")},
	{"several entries, the default's number among those that start", DOS, "",
		{FILES, HDA1,
			CONF("root=/dev/hda1\ndefault=old\nother=/dev/hda3\nlabel=dos\n"
			     "image=/vmlinuz.gone\nlabel=gone\n" LINUX
			     "image=/boot/vmlinuz-6.1\nlabel=old\naddappend=single\n"
			     "append=quiet\ninitrd=/initrd.img\n")},
		STEPS,
		HEAD("1", "2") ENTRY("Linux", "(hd0,0)", "/vmlinuz", "root=/dev/vda1",
			"/initrd.img") ENTRY("old", "(hd0,0)", "/boot/vmlinuz-6.1",
			"root=/dev/vda1 quiet single", "/initrd.img")},
	{"/boot of its own: links in / are not there", OWN_BOOT, "",
		{FILES, FSTAB("/dev/hda2 / ext4 d 0 1\n/dev/hda1 /boot ext4 d 0 2\n"),
			CONF("root=/dev/hda2\n" LINUX)},
		STEPS,
		HEAD("0", "2") ENTRY("Linux", "(hd0,0)", "/vmlinuz-6.1", "root=/dev/vda2",
			"/initrd.img-6.1")},
	{"an initramfs that grows", DOS, "",
		{FILES, BY_UUID, CONF("root=\"UUID=aaaa\"\n" LINUX)},
		"initramfs +/boot/initrd.img-6.1\n" STEPS,
		HEAD("0", "2") ENTRY(
			"Linux", "(hd0,0)", "/vmlinuz", "root=UUID=aaaa", "/initrd.img"),
		.step = "/boot/initrd.img-6.1", .kind = STEP_GRAFT},
	{"an initramfs that is made anew", DOS, "",
		{FILES, BY_UUID, CONF("root=\"UUID=aaaa\"\n" LINUX)},
		.step = "/boot/initrd.img-6.1", .kind = STEP_RUN,
		.refused = "LILO would not find it after an undo"},
	{"our own menu, and LILO came back", DOS, "",
		{FILES, HDA1, CONF("root=/dev/hda1\n" LINUX),
			{"/boot/grub/menu.lst", HEAD("0", "9")}},
		STEPS,
		HEAD("0", "2") ENTRY(
			"Linux", "(hd0,0)", "/vmlinuz", "root=/dev/vda1", "/initrd.img")},
	{"another's menu", DOS, "",
		{FILES, HDA1, CONF("root=/dev/hda1\n" LINUX),
			{"/boot/grub/menu.lst", "title x\n"}},
		.refused = "first: /boot/grub/menu.lst is there already"},
	{"boot=host", DOS, "boot=host", {FILES, HDA1, CONF("root=/dev/hda1\n" LINUX)},
		.refused = "boot=host"},
	{"a tree that is mounted elsewhere", DOS, "",
		{FILES, HDA1, CONF("root=/dev/hda1\n" LINUX)}, .elsewhere = true,
		.refused = "written in the rescue system"},
	{"EFI", DOS, "", {FILES, HDA1, CONF("root=/dev/hda1\n" LINUX)}, .firmware = "efi",
		.refused = "firmware is EFI"},
	{"btrfs", "vda - - - table=dos boot_code=lilo\nvda1 btrfs aaaa /\nroot /dev/vda1",
		"",
		{FILES, FSTAB("/dev/hda1 / btrfs d 0 1\n"),
			CONF("root=/dev/hda1\n" LINUX)},
		.refused = "no menu is written for btrfs"},
	{"no room", "vda - - - table=dos boot_code=lilo\nvda1 xfs aaaa /\nroot /dev/vda1",
		"",
		{FILES, FSTAB("/dev/hda1 / xfs d 0 1\n"), CONF("root=/dev/hda1\n" LINUX)},
		.refused = "/dev/vda: the first partition begins at sector"},
	{"LILO is on another disk",
		"vda swap bbbb - boot_code=lilo\nvdb ext4 aaaa /\nroot /dev/vdb", "",
		{FILES, HDA1, CONF("root=/dev/hda1\n" LINUX)},
		.refused = "LILO is on /dev/vda, /boot is not"},
	{"the default starts another system", DOS, "",
		{FILES, HDA1, CONF("root=/dev/hda1\nother=/dev/hda3\nlabel=dos\n" LINUX)},
		.refused = "its default entry starts no kernel"},
};

static struct bootcode_source source_of(
	const struct machine *m, const struct device *boot)
{
	const struct device *disk = &m->disks[boot->disk];

	return (struct bootcode_source){
		.disk = {.table = strcmp(disk->table, "none") == 0 ? "" : disk->table,
			.sector0 = {zeros, SECTOR},
			.fs_type = boot->type,
			.fs_head = {zeros, sizeof(zeros)}},
		.pieces = make_pieces(),
	};
}

START_TEST(lilo)
{
	const struct row *row = &rows[_i];
	struct bootcode_source src;
	struct strbuf got = {0};
	struct err e = {0};
	struct plan_fx p;
	int r;

	plan_fx_load(&p, row->machine, row->files, ARRAY_SIZE(row->files), row->set);
	if (row->firmware) {
		free(p.fx.machine.firmware);
		p.fx.machine.firmware = fx_dup(row->firmware);
	}
	p.in.own_disks = !row->elsewhere;
	src = source_of(&p.fx.machine, p.fx.guest.bootfs);
	p.in.bootcode = bootcode_wanted(&p.in) ? &src : NULL;
	ck_assert_int_eq(devmap_build(&p.in, &p.plan, &e), 0);
	if (row->step)
		ck_assert(plan_add(&p.plan, row->kind, "initramfs", row->step));
	r = rule_lilo(&p.in, &p.plan, &e);
	if (row->refused) {
		ck_assert_msg(r == -EUSERS && strstr(e.text, row->refused) &&
				      strstr(e.text, "install GRUB in the guest"),
			"%s: %d, %s", row->name, r, e.text);
	} else {
		ck_assert_msg(r == 0, "%s: %s", row->name, e.text);
		strbuf_adds(&got, "");
		plan_fx_list(&p.plan, &got);
		check_bytes(row->name, strbuf_str(&got), str_from(row->want));
	}
	if (row->menu)
		check_bytes(row->name,
			strbuf_str(
				&plan_step_for(&p.plan, "/boot/grub/menu.lst")->content),
			str_from(row->menu));
	strbuf_done(&got);
	plan_fx_done(&p);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, lilo, 0, ARRAY_SIZE(rows));
}

int main(void)
{
	return check_main("rule_lilo", add);
}

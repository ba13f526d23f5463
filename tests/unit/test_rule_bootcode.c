/* SPDX-License-Identifier: GPL-2.0-or-later */
/* boot=self: when a disk gets boot code, when it is left alone, and the words where it cannot
 * have any. */
#include "bootcode_pieces.h"
#include "plan/own_grub.h"
#include "plan/rules.h"
#include "plan_fixture.h"

#define SECTOR BOOTCODE_SECTOR
#define MENU                                                                             \
	{                                                                                \
		"/boot/grub/menu.lst",                                                   \
			"title a\nroot (hd0)\nkernel /boot/vmlinuz-1 root=/dev/vda\n"    \
	}
#define GUEST                                                                            \
	FX_DEBIAN,                                                                       \
	{                                                                                \
		"/etc/fstab", "UUID=aaaa / ext4 d 0 1\n"                                 \
	}
#define BARE "vda ext4 aaaa /\nroot /dev/vda"
#define CODE(name) "vda ext4 aaaa / boot_code=" name "\nroot /dev/vda"
#define DOS "vda - - - table=dos\nvda1 ext4 aaaa /\nroot /dev/vda1"
#define SECOND "vda swap bbbb\nvdb ext4 aaaa /\nroot /dev/vdb"
#define GPT "vda - - - table=gpt\nvda1 ext4 aaaa /\nroot /dev/vda1"

/* What the guest's own GRUB 2 is known by. */
#define CFG                                                                              \
	{                                                                                \
		"/boot/grub/grub.cfg", "menuentry a {\nlinux /boot/vmlinuz-1\n}\n"       \
	}
#define BLS                                                                              \
	{                                                                                \
		"/boot/grub2/grub.cfg", "insmod blscfg\nblscfg\n"                        \
	}
#define TOOL(name)                                                                       \
	{                                                                                \
		"/usr/sbin/" name, "\177ELF"                                             \
	}
#define CORE                                                                             \
	{                                                                                \
		"/usr/lib/grub/i386-pc/kernel.img", "k"                                  \
	}
#define RUNS(name, folder)                                                               \
	"grub-install " folder "/i386-pc /usr/sbin/" name                                \
	" --target=i386-pc --no-bootsector /dev/vda\n"                                   \
	"bootcode /dev/vda boot code that starts the guest's own GRUB, its core "
#define OURS                                                                             \
	"bootcode /dev/vda boot code that starts kvm-pvgrub's core before the first "    \
	"partition\n"

static char zeros[2 * SECTOR];

/* `want`: "id path detail" of each step; "warning" and its text. */
static const struct row {
	const char *name, *machine, *set, *want;
	struct fx_file files[6];
	bool elsewhere, in_place, again, offline, own_failed;
	const char *problem, *firmware;
	uint64_t first_part, bios_boot;
	const char *refused;
} rows[] = {
	{"not asked for", BARE, "boot=auto", "", {GUEST, MENU}},
	{"the host starts it", DOS, "boot=host", "", {GUEST, MENU}},
	{"partitioned, not asked for: told of", DOS, "boot=auto",
		"warning no disk has boot code: the host starts this guest, by "
		"kvm-pvgrub.img; boot=self would put boot code on /dev/vda\n",
		{GUEST, MENU}},
	{"the whole disk", BARE, "boot=self",
		"bootcode /dev/vda boot code that starts /boot/xvd2vd/kvm-pvgrub.img, "
		"which must stay in its place on the disk\n",
		{GUEST, MENU}},
	{"before the first partition", DOS, "boot=self",
		"bootcode /dev/vda boot code that starts kvm-pvgrub's core before the "
		"first "
		"partition\n",
		{GUEST, MENU}, .first_part = PIECES_CORE + 1},
	{"there already", CODE("pvgrub"), "boot=self", "", {GUEST, MENU},
		.in_place = true},
	{"there, but not as it must be", CODE("pvgrub"), "boot=self",
		"bootcode /dev/vda boot code that starts /boot/xvd2vd/kvm-pvgrub.img, "
		"which must stay in its place on the disk\n",
		{GUEST, MENU}},
	{"boot code that reads the menu", CODE("grub"), "boot=self", "", {GUEST, MENU}},
	{"boot code that nobody knows", CODE("unknown"), "boot=self", "", {GUEST, MENU}},
	{"boot code that reads another menu", CODE("grub2"), "boot=self",
		"bootcode /dev/vda boot code that starts /boot/xvd2vd/kvm-pvgrub.img, "
		"which must stay in its place on the disk\n",
		{GUEST, MENU}},
	{"not the first disk", SECOND, "boot=self",
		"bootcode /dev/vdb boot code that starts /boot/xvd2vd/kvm-pvgrub.img, "
		"which must stay in its place on the disk\n"
		"warning boot=self: the guest's boot code is on /dev/vdb: the host must "
		"start from that disk, not from the first\n",
		{GUEST, MENU}},
	{"no menu", BARE, "boot=self", NULL, {GUEST}, .refused = "no boot menu"},
	{"no menu, but it will come", BARE, "boot=self", "", {GUEST}, .again = true},
	{"a menu will come, but there is no room", "vda xfs aaaa /\nroot /dev/vda",
		"boot=self", NULL, {GUEST}, .again = true,
		.refused = "/dev/vda: xfs on the whole disk"},
	{"EFI", BARE, "boot=self", NULL, {GUEST, MENU}, .firmware = "efi",
		.refused = "firmware is EFI"},
	{"a tree that is mounted elsewhere", BARE, "boot=self", NULL, {GUEST, MENU},
		.elsewhere = true, .refused = "written in the rescue system"},
	{"elsewhere, and it starts by itself", CODE("grub"), "boot=self", "",
		{GUEST, MENU}, .elsewhere = true},
	{"not known", BARE, "boot=self", NULL, {GUEST, MENU},
		.problem = "/dev/vda has no sectors of 512 bytes",
		.refused = "boot=self: /dev/vda has no sectors of 512 bytes"},
	{"no room", "vda xfs aaaa /\nroot /dev/vda", "boot=self", NULL, {GUEST, MENU},
		.refused = "/dev/vda: xfs on the whole disk"},

	{"its own GRUB", DOS, "boot=self",
		RUNS("grub-install", "/boot/grub") "before the first partition\n",
		{GUEST, CFG, TOOL("grub-install"), CORE}, .first_part = 2048},
	{"its own GRUB, by Fedora's names", DOS, "boot=self",
		RUNS("grub2-install", "/boot/grub2") "before the first partition\n",
		{GUEST, BLS, TOOL("grub2-install"), CORE}, .first_part = 2048},
	{"its own GRUB, in the BIOS boot partition", GPT, "boot=self",
		RUNS("grub-install", "/boot/grub") "in the BIOS boot partition\n",
		{GUEST, CFG, TOOL("grub-install"), CORE}, .bios_boot = 2048},
	{"not asked for its own", DOS, "boot=host", "",
		{GUEST, CFG, TOOL("grub-install"), CORE}, .first_part = 2048},
	{"no program may run", DOS, "boot=self", OURS,
		{GUEST, CFG, TOOL("grub-install"), CORE}, .first_part = 2048,
		.offline = true},
	{"it failed before", DOS, "boot=self", OURS,
		{GUEST, CFG, TOOL("grub-install"), CORE}, .first_part = 2048,
		.own_failed = true},
	{"a script", DOS, "boot=self", OURS,
		{GUEST, CFG, {"/usr/sbin/grub-install", "#!/bin/sh\n"}, CORE},
		.first_part = 2048},
	{"nothing to make a core from", DOS, "boot=self", OURS,
		{GUEST, CFG, TOOL("grub-install")}, .first_part = 2048},
	{"another one's program", DOS, "boot=self", OURS,
		{GUEST, CFG, TOOL("grub2-install"), CORE}, .first_part = 2048},
	{"the host read menu.lst", DOS, "boot=self", OURS,
		{GUEST, CFG, MENU, TOOL("grub-install"), CORE}, .first_part = 2048},
	{"no room for its own", DOS, "boot=self",
		"bootcode /dev/vda boot code that starts /boot/xvd2vd/kvm-pvgrub.img, "
		"which must stay in its place on the disk\n",
		{GUEST, CFG, TOOL("grub-install"), CORE}, .first_part = 2},
	{"a disk without partitions", BARE, "boot=self",
		"bootcode /dev/vda boot code that starts /boot/xvd2vd/kvm-pvgrub.img, "
		"which must stay in its place on the disk\n",
		{GUEST, CFG, TOOL("grub-install"), CORE}},
	{"ours is there",
		"vda - - - table=dos boot_code=pvgrub\nvda1 ext4 aaaa /\nroot /dev/vda1",
		"boot=self", "", {GUEST, CFG, TOOL("grub-install"), CORE},
		.first_part = 2048, .in_place = true},
};

static void list(const struct plan *p, struct strbuf *ret)
{
	for (size_t i = 0; i < p->n_steps; i++)
		if (p->steps[i].kind == STEP_BOOTSECTOR || p->steps[i].whole)
			strbuf_addf(ret, "%s %s " STR_FMT "\n", p->steps[i].id,
				p->steps[i].path,
				STR_ARG(strbuf_str(&p->steps[i].detail)));
	STRV_FOREACH (w, &p->warnings)
		strbuf_addf(ret, "warning %s\n", *w);
}

START_TEST(self)
{
	const struct row *row = &rows[_i];
	struct bootcode_source src = {
		.pieces = make_pieces(),
		.problem = row->problem,
		.in_place = row->in_place,
	};
	const struct device *boot, *disk;
	struct strbuf got = {0};
	struct err e = {0};
	struct plan_fx p;
	int r;

	plan_fx_load(&p, row->machine, row->files, ARRAY_SIZE(row->files), row->set);
	boot = p.fx.guest.bootfs;
	disk = &p.fx.machine.disks[boot->disk];
	if (row->firmware) {
		free(p.fx.machine.firmware);
		p.fx.machine.firmware = fx_dup(row->firmware);
	}
	src.disk = (struct bootcode_disk){
		.table = strcmp(disk->table, "none") == 0 ? "" : disk->table,
		.sector0 = {zeros, SECTOR},
		.first_part = row->first_part,
		.bios_boot = row->bios_boot ? 34 : 0,
		.bios_boot_size = row->bios_boot,
		.fs_type = boot->type,
		.fs_head = {zeros, sizeof(zeros)},
	};
	p.in.own_disks = !row->elsewhere;
	p.plan.again = row->again;
	p.in.offline = row->offline;
	p.in.own_grub_failed = row->own_failed;
	p.in.bootcode = bootcode_wanted(&p.in) ? &src : NULL;
	p.in.own_grub = own_grub_find(&p.in);
	r = rule_bootcode(&p.in, &p.plan, &e);
	if (row->refused) {
		ck_assert_msg(r == -EUSERS && strstr(e.text, row->refused), "%s: %d, %s",
			row->name, r, e.text);
	} else {
		ck_assert_msg(r == 0, "%s: %s", row->name, e.text);
		list(&p.plan, &got);
		check_bytes(row->name, strbuf_str(&got), str_from(row->want));
	}
	strbuf_done(&got);
	plan_fx_done(&p);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, self, 0, ARRAY_SIZE(rows));
}

int main(void)
{
	return check_main("rule_bootcode", add);
}

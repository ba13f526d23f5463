/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Old names to new devices: each kind of evidence, and what is refused. */
#include <errno.h>

#include "plan/devmap.h"
#include "plan_fixture.h"

#define FSTAB(text)                                                                      \
	{                                                                                \
		"/etc/fstab", text                                                       \
	}
#define ROOT_UUID "UUID=aaaa / ext4 defaults 0 1\n"

/* What the map comes to: "xvda2=vda:root-fs xvda1=gone:no-such-disk". Where it is refused:
 * words that the message must hold, with blanks between. */
static const struct row {
	const char *name, *machine;
	struct fx_file files[4];
	const char *set, *want, *refused;
} rows[] = {
	/* the three layouts of the seeds */
	{"xvda1 swap, xvda2 root, no xvda", "vda ext4 aaaa /\nroot /dev/vda",
		{FSTAB("/dev/xvda2 / ext3 defaults 0 1\n/dev/xvda1 none swap sw 0 0\n"),
			FX_MENU("root=/dev/xvda2 ro")},
		.want = "xvda1=gone:no-such-disk xvda2=vda:root-fs"},
	{"xvda root, xvds swap", "vda ext4 aaaa /\nroot /dev/vda",
		{FSTAB("/dev/xvda / ext3 defaults 0 1\n/dev/xvds none swap sw 0 0\n")},
		.want = "xvda=vda:root-fs xvds=gone:no-such-disk"},
	{"xvda with xvda1", "vda table=dos\nvda1 ext4 aaaa /\nroot /dev/vda1",
		{FSTAB("/dev/xvda1 / ext3 defaults 0 1\n"),
			{"/boot/grub/device.map", "(hd0) /dev/xvda\n"}},
		.want = "xvda=vda:disk xvda1=vda1:root-fs"},
	{"the swap disk came along", "vda ext4 aaaa /\nvdb swap bbbb\nroot /dev/vda",
		{FSTAB("/dev/xvda2 / ext3 defaults 0 1\n/dev/xvda1 none swap sw 0 0\n")},
		.want = "xvda1=vdb:type xvda2=vda:root-fs"},
	/* the host's word */
	{"map= beats a cached pair",
		"vda ext4 aaaa /\nvdb ext4 bbbb -\nvdc ext4 cccc -\n"
		"root /dev/vda",
		{FSTAB("/dev/xvda / ext4 d 0 1\n/dev/xvdb /srv ext4 d 0 2\n"),
			{"/etc/blkid.tab", "<device UUID=\"bbbb\" "
					   "TYPE=\"ext4\">/dev/xvdb</device>\n"}},
		.set = "map=xvdb:vdc", .want = "xvda=vda:root-fs xvdb=vdc:host"},
	{"map= none", "vda ext4 aaaa /\nvdb ext4 bbbb -\nroot /dev/vda",
		{FSTAB("/dev/xvda / ext4 d 0 1\n/dev/xvdb /srv ext4 d 0 2\n")},
		.set = "map=/dev/xvdb:none", .want = "xvda=vda:root-fs xvdb=gone:host"},
	{"map= against the root", "vda ext4 aaaa /\nvdb ext4 bbbb -\nroot /dev/vda",
		{FSTAB("/dev/xvda / ext4 d 0 1\n")}, .set = "map=xvda:vdb",
		.refused = "/dev/xvda /dev/vda map="},
	{"map= to no device", "vda ext4 aaaa /\nroot /dev/vda",
		{FSTAB("/dev/xvda / ext4 d 0 1\n")}, .set = "map=xvdb:vdx",
		.refused = "/dev/vdx"},
	{"map= without a colon", "vda ext4 aaaa /\nroot /dev/vda",
		{FSTAB("/dev/xvda / ext4 d 0 1\n")}, .set = "map=xvdb",
		.refused = "xvdb OLD:NEW"},
	{"serial",
		"vda ext4 aaaa /\nvdb ext4 bbbb - serial=xvdc\nvdc ext4 cccc - "
		"serial=xvdb\nroot /dev/vda",
		{FSTAB("/dev/xvda / ext4 d 0 1\n/dev/xvdb /b ext4 d 0 2\n"
		       "/dev/xvdc /c ext4 d 0 2\n")},
		.want = "xvda=vda:root-fs xvdb=vdc:serial xvdc=vdb:serial"},
	{"map= beats a serial",
		"vda ext4 aaaa /\nvdb ext4 bbbb - serial=xvdb\n"
		"vdc ext4 cccc -\nroot /dev/vda",
		{FSTAB("/dev/xvda / ext4 d 0 1\n/dev/xvdb /b ext4 d 0 2\n")},
		.set = "map=xvdb:vdc", .want = "xvda=vda:root-fs xvdb=vdc:host"},
	/* cached pairs */
	{"blkid.tab swaps the order",
		"vda ext4 aaaa /\nvdb ext4 bbbb -\nvdc ext4 cccc -\n"
		"root /dev/vda",
		{FSTAB("/dev/xvda / ext4 d 0 1\n/dev/xvdb /b ext4 d 0 2\n"
		       "/dev/xvdc /c ext4 d 0 2\n"),
			{"/etc/blkid.tab",
				"<device UUID=\"cccc\" TYPE=\"ext4\">/dev/xvdb</device>\n"
				"<device UUID=\"bbbb\" "
				"TYPE=\"ext4\">/dev/xvdc</device>\n"}},
		.want = "xvda=vda:root-fs xvdb=vdc:uuid xvdc=vdb:uuid"},
	{"a cached pair of a disk that is not here",
		"vda ext4 aaaa /\nvdb ext4 bbbb -\nroot /dev/vda",
		{FSTAB("/dev/xvda / ext4 d 0 1\n/dev/xvdb /b ext4 d 0 2\n"),
			{"/etc/blkid.tab", "<device UUID=\"dddd\" "
					   "TYPE=\"ext4\">/dev/xvdb</device>\n"}},
		.want = "xvda=vda:root-fs xvdb=vdb:type"},
	{"a cached pair that two disks have",
		"vda ext4 aaaa /\nvdb ext4 bbbb -\nvdc ext4 bbbb -\nroot /dev/vda",
		{FSTAB("/dev/xvda / ext4 d 0 1\n/dev/xvdb /b ext4 d 0 2\n"),
			{"/etc/blkid.tab", "<device UUID=\"bbbb\" "
					   "TYPE=\"ext4\">/dev/xvdb</device>\n"}},
		.refused = "/dev/xvdb /dev/vdb /dev/vdc map="},
	{"an older cache gives the disk another name",
		"vda ext4 aaaa /\nvdb ext4 bbbb -\nvdc ext4 cccc -\nroot /dev/vda",
		{FSTAB("/dev/xvda / ext4 d 0 1\n/dev/xvdb /b ext4 d 0 2\n"
		       "/dev/xvdc /c ext4 d 0 2\n"),
			{"/etc/blkid.tab", "<device UUID=\"bbbb\" "
					   "TYPE=\"ext4\">/dev/xvdc</device>\n"},
			{"/etc/blkid.tab.old", "<device UUID=\"bbbb\" "
					       "TYPE=\"ext4\">/dev/xvdb</device>\n"}},
		.want = "xvda=vda:root-fs xvdb=vdc:type xvdc=vdb:uuid"},
	{"LVM backup",
		"vda ext4 aaaa /\nvdb LVM2_member bbbb -\nvdc LVM2_member cccc -\n"
		"root /dev/vda",
		{FSTAB("/dev/xvda / ext4 d 0 1\n"),
			{"/etc/lvm/lvm.conf",
				"devices {\n filter = [ \"a|/dev/xvdb|\" ]\n}\n"},
			{"/etc/lvm/backup/vg0",
				"vg0 {\nid = \"x\"\nphysical_volumes {\npv0 {\n"
				"id = \"cccc\"\ndevice = \"/dev/xvdb\"\n}\n}\n}\n"}},
		.want = "xvda=vda:root-fs xvdb=vdc:uuid"},
	/* the root */
	{"only the kernel line names the root", "vda ext4 aaaa /\nroot /dev/vda",
		{FSTAB(ROOT_UUID), FX_MENU("root=/dev/xvda1 ro"), FX_IMAGE("6.1")},
		.want = "xvda1=vda:root-fs"},
	{"nothing names it by a name", "vda ext4 aaaa /\nroot /dev/vda",
		{FSTAB(ROOT_UUID), FX_MENU("root=LABEL=x ro")}, .want = ""},
	{"the root on a volume",
		"vda table=dos\nvda1 LVM2_member pppp\n"
		"mapper/vg-root ext4 aaaa / on=vda1\n"
		"root /dev/mapper/vg-root",
		{FSTAB("/dev/mapper/vg-root / ext4 d 0 1\n"),
			{"/boot/grub/device.map", "(hd0) /dev/xvda\n"}},
		.want = "xvda=vda:order"},
	/* what new names and UUIDs claim is no candidate for an old name */
	{"the root, by UUID, is not the gone data disk", "vda ext4 aaaa /\nroot /dev/vda",
		{FSTAB(ROOT_UUID "/dev/xvdb /srv ext4 d 0 2\n")},
		.want = "xvdb=gone:no-such-disk"},
	{"the root, by UUID, leaves one disk for the data",
		"vda ext4 aaaa /\nvdb ext4 bbbb -\nroot /dev/vda",
		{FSTAB(ROOT_UUID "/dev/xvdb /srv ext4 d 0 2\n")},
		.want = "xvdb=vdb:type"},
	{"data by UUID leaves one disk for the other data",
		"vda ext4 aaaa /\nvdb ext4 bbbb -\nvdc ext4 cccc -\nroot /dev/vda",
		{FSTAB("/dev/xvda / ext4 d 0 1\nUUID=bbbb /b ext4 d 0 2\n"
		       "/dev/xvdc /c ext4 d 0 2\n")},
		.want = "xvda=vda:root-fs xvdc=vdc:type"},
	/* partitions */
	{"partitions follow their disk",
		"vda table=dos\nvda1 ext4 aaaa /\nvda5 swap bbbb\nvda6 ext4 cccc -\n"
		"vdb ext4 dddd -\nroot /dev/vda1",
		{FSTAB("/dev/xvda1 / ext4 d 0 1\n/dev/xvda5 none swap sw 0 0\n"
		       "/dev/xvda6 /home ext4 d 0 2\n")},
		.want = "xvda1=vda1:root-fs xvda5=vda5:partition xvda6=vda6:partition"},
	{"a partition found by its type takes its neighbours along",
		"vda ext4 aaaa /\nvdb table=dos\nvdb1 xfs bbbb -\nvdb2 ext4 cccc -\n"
		"vdc table=dos\nvdc2 ext4 dddd -\nroot /dev/vda",
		{FSTAB("/dev/xvda / ext4 d 0 1\n/dev/xvdb1 /b xfs d 0 2\n"
		       "/dev/xvdb2 /c ext4 d 0 2\n")},
		.want = "xvda=vda:root-fs xvdb1=vdb1:type xvdb2=vdb2:partition"},
	{"a partition that is not there",
		"vda table=dos\nvda1 ext4 aaaa /\nvdb swap bbbb\nroot /dev/vda1",
		{FSTAB("/dev/xvda1 / ext4 d 0 1\n/dev/xvda2 none swap sw 0 0\n")},
		.want = "xvda1=vda1:root-fs xvda2=gone:partition"},
	{"numbered disks without a parent are disks",
		"vda ext4 aaaa /\nvdb ext4 bbbb -\nroot /dev/vda",
		{FSTAB("/dev/xvda2 / ext4 d 0 1\n/dev/xvda3 /home ext4 d 0 2\n")},
		.want = "xvda2=vda:root-fs xvda3=vdb:type"},
	{"a number that no partition has",
		"vda ext4 aaaa /\nvdb table=dos\nvdb1 ext4 bbbb -\nroot /dev/vda",
		{FSTAB("/dev/xvda1 / ext4 d 0 1\n/dev/xvdb2 /home ext4 d 0 2\n")},
		.want = "xvda1=vda:root-fs xvdb2=gone:no-such-disk"},
	/* type */
	{"swap and data by type",
		"vda ext4 aaaa /\nvdb swap bbbb\nvdc xfs cccc -\n"
		"root /dev/vda",
		{FSTAB("/dev/xvda / ext4 d 0 1\n/dev/xvdb /srv xfs d 0 2\n"
		       "/dev/xvdc none swap sw 0 0\n")},
		.want = "xvda=vda:root-fs xvdb=vdc:type xvdc=vdb:type"},
	{"an ext3 line fits ext4", "vda ext4 aaaa /\nvdb ext4 bbbb -\nroot /dev/vda",
		{FSTAB("/dev/xvda / ext3 d 0 1\n/dev/xvdb /srv ext3 d 0 2\n")},
		.want = "xvda=vda:root-fs xvdb=vdb:type"},
	{"auto fits no swap", "vda ext4 aaaa /\nvdb swap bbbb\nroot /dev/vda",
		{FSTAB("/dev/xvda / ext4 d 0 1\n/dev/xvdb /srv auto d 0 2\n")},
		.want = "xvda=vda:root-fs xvdb=gone:no-such-disk"},
	{"the mount point in the superblock",
		"vda ext4 aaaa /\nvdb ext4 bbbb /var\nvdc ext4 cccc /srv\nroot /dev/vda",
		{FSTAB("/dev/xvda / ext4 d 0 1\n/dev/xvdb /srv ext4 d 0 2\n"
		       "/dev/xvdc /var ext4 d 0 2\n")},
		.want = "xvda=vda:root-fs xvdb=vdc:type xvdc=vdb:type"},
	{"a LUKS disk of crypttab",
		"vda ext4 aaaa /\nvdb ext4 bbbb -\n"
		"vdc crypto_LUKS cccc\nroot /dev/vda",
		{FSTAB("/dev/xvda / ext4 d 0 1\n"),
			{"/etc/crypttab", "secret /dev/xvdd none luks\n"}},
		.want = "xvda=vda:root-fs xvdd=vdc:type"},
	/* order */
	{"holes close",
		"vda ext4 aaaa /\nvdb ext4 bbbb -\nvdc ext4 cccc -\nroot /dev/vda",
		{FSTAB("/dev/xvda / ext4 d 0 1\n/dev/xvdc /c ext4 d 0 2\n"
		       "/dev/xvde /e ext4 d 0 2\n")},
		.want = "xvda=vda:root-fs xvdc=vdb:order xvde=vdc:order"},
	{"xvdaa comes behind xvdz",
		"vda ext4 aaaa /\nvdb ext4 bbbb -\nvdc ext4 cccc -\nroot /dev/vda",
		{FSTAB("/dev/xvda / ext4 d 0 1\n/dev/xvdaa /c ext4 d 0 2\n"
		       "/dev/xvdz /e ext4 d 0 2\n")},
		.want = "xvda=vda:root-fs xvdz=vdb:order xvdaa=vdc:order"},
	{"more disks than names",
		"vda ext4 aaaa /\nvdb ext4 bbbb -\nvdc ext4 cccc -\n"
		"root /dev/vda",
		{FSTAB("/dev/xvda / ext4 d 0 1\n/dev/xvdb /srv ext4 d 0 2\n")},
		.refused = "/dev/xvdb /dev/vdb /dev/vdc map="},
	{"more names than disks", "vda ext4 aaaa /\nvdb ext4 bbbb -\nroot /dev/vda",
		{FSTAB("/dev/xvda / ext4 d 0 1\n/dev/xvdb /b ext4 d 0 2\n"
		       "/dev/xvdc /c ext4 d 0 2\n")},
		.refused = "/dev/xvdb /dev/xvdc /dev/vdb map="},
	{"no disk for either name", "vda ext4 aaaa /\nroot /dev/vda",
		{FSTAB("/dev/xvda / ext4 d 0 1\n/dev/xvdb /b ext4 d 0 2\n"
		       "/dev/xvdc /c ext4 d 0 2\n")},
		.want = "xvda=vda:root-fs xvdb=gone:no-such-disk "
			"xvdc=gone:no-such-disk"},
	{"two swaps in one fstab, two swap disks",
		"vda ext4 aaaa /\nvdb swap bbbb\nvdc swap cccc\nroot /dev/vda",
		{FSTAB("/dev/xvda / ext4 d 0 1\n/dev/xvdb none swap sw 0 0\n"
		       "/dev/xvdd none swap sw 0 0\n")},
		.want = "xvda=vda:root-fs xvdb=vdb:order xvdd=vdc:order"},
	{"the root in the second place",
		"vda ext4 bbbb -\nvdb ext4 aaaa /\nroot /dev/vdb",
		{FSTAB("/dev/xvda / ext4 d 0 1\n/dev/xvdb /srv ext4 d 0 2\n")},
		.want = "xvda=vdb:root-fs xvdb=vda:type"},
	/* other prefixes */
	{"sda1 and sda2 of old Xen", "vda ext4 aaaa /\nvdb swap bbbb\nroot /dev/vda",
		{FSTAB("/dev/sda1 / ext3 d 0 1\n/dev/sda2 none swap sw 0 0\n")},
		.want = "sda1=vda:root-fs sda2=vdb:type"},
	{"hda1", "vda table=dos\nvda1 ext3 aaaa /\nroot /dev/vda1",
		{FSTAB("/dev/hda1 / ext3 d 0 1\n")}, .want = "hda1=vda1:root-fs"},
	{"sd on a machine with such disks", "sda ext4 aaaa /\nroot /dev/sda",
		{FSTAB("/dev/sda / ext4 d 0 1\n/dev/xvds none swap sw 0 0\n")},
		.want = "xvds=gone:no-such-disk"},
	{"links that udev made of an emulated disk's serial",
		"vda table=dos\nvda1 swap bbbb\nvda2 ext3 aaaa /\nroot /dev/vda2",
		{FSTAB("/dev/disk/by-id/ata-Q1-part2 / ext3 d 0 1\n"
		       "/dev/disk/by-id/ata-Q1-part1 swap swap d 0 0\n"),
			{"/boot/grub/device.map", "(hd0) /dev/disk/by-id/ata-Q1\n"}},
		.want = "disk/by-id/ata-Q1=vda:disk "
			"disk/by-id/ata-Q1-part1=vda1:partition "
			"disk/by-id/ata-Q1-part2=vda2:root-fs"},
	{"links on a machine that makes such", "sda ext4 aaaa /\nroot /dev/sda",
		{FSTAB(ROOT_UUID "/dev/disk/by-id/scsi-36 /srv ext4 d 0 2\n")},
		.want = ""},
	{"new names are not old ones", "vda ext4 aaaa /\nroot /dev/vda",
		{FSTAB("/dev/vda / ext4 d 0 1\n/dev/mapper/x /y ext4 d 0 2\n")},
		.want = ""},
	/* what only lesser files name */
	{"resume of a gone swap", "vda ext4 aaaa /\nroot /dev/vda",
		{FSTAB("/dev/xvda2 / ext4 d 0 1\n"), FX_MENU("root=/dev/xvda2 ro"),
			{"/etc/initramfs-tools/conf.d/resume", "RESUME=/dev/xvda1\n"}},
		.want = "xvda1=gone:no-such-disk xvda2=vda:root-fs"},
	{"RESUME in initramfs.conf", "vda ext4 aaaa /\nroot /dev/vda",
		{FSTAB("/dev/xvda2 / ext4 d 0 1\n"),
			{"/etc/initramfs-tools/initramfs.conf",
				"MODULES=most\nRESUME=/dev/xvda1\n"}},
		.want = "xvda1=gone:no-such-disk xvda2=vda:root-fs"},
	{"resume of a swap that fstab names by UUID",
		"vda table=dos\nvda1 swap bbbb\nvda2 ext4 aaaa /\nroot /dev/vda2",
		{FSTAB(ROOT_UUID "UUID=bbbb none swap sw 0 0\n"),
			FX_MENU("root=UUID=aaaa resume=/dev/xvda1 ro"),
			{"/boot/grub/device.map", "(hd0) /dev/xvda\n"}},
		.want = "xvda=vda:disk xvda1=vda1:type"},
	{"RESUME of a swap that fstab names by label",
		"vda ext4 aaaa /\nvdb swap bbbb label=SW\nroot /dev/vda",
		{FSTAB(ROOT_UUID "LABEL=SW none swap sw 0 0\n"),
			{"/etc/initramfs-tools/conf.d/resume", "RESUME=/dev/xvda1\n"}},
		.want = "xvda1=vdb:type"},
	{"a swap by UUID is not another swap line's",
		"vda ext4 aaaa /\nvdb swap bbbb\nroot /dev/vda",
		{FSTAB(ROOT_UUID "UUID=bbbb none swap sw 0 0\n"
				 "/dev/xvdc none swap sw 0 0\n"),
			FX_MENU("root=UUID=aaaa resume=/dev/xvdc ro")},
		.want = "xvdc=gone:no-such-disk"},
	{"resume of one of two swaps",
		"vda ext4 aaaa /\nvdb swap bbbb\nvdc swap cccc\nroot /dev/vda",
		{FSTAB(ROOT_UUID "UUID=bbbb none swap sw 0 0\n"
				 "UUID=cccc none swap sw 0 0\n"),
			FX_MENU("root=UUID=aaaa resume=/dev/xvdc ro")},
		.want = "xvdc=gone:several"},
	{"the root's disk, of which only a gone swap is named",
		"vda ext4 aaaa /\nroot /dev/vda",
		{FSTAB(ROOT_UUID "/dev/xvda1 none swap sw 0 0\n"),
			{"/boot/grub/device.map", "(hd0) /dev/xvda\n"}},
		.want = "xvda=vda:order xvda1=gone:no-such-disk"},
	{"the root's disk beside one that is gone", "vda ext4 aaaa /\nroot /dev/vda",
		{FSTAB(ROOT_UUID "/dev/xvdb1 none swap sw 0 0\n"),
			{"/boot/grub/device.map", "(hd0) /dev/xvda\n(hd1) /dev/xvdb\n"}},
		.want = "xvda=vda:order xvdb=gone:no-such-disk xvdb1=gone:no-such-disk"},
	{"a parent that Xen never attached", "vda ext4 aaaa /\nroot /dev/vda",
		{FSTAB("/dev/xvda2 / ext4 d 0 1\n/dev/xvda1 none swap sw 0 0\n"),
			{"/boot/grub/device.map", "(hd0) /dev/xvda\n"}},
		.want = "xvda=vda:disk xvda1=gone:no-such-disk xvda2=vda:root-fs"},
	{"kopt in a comment", "vda ext4 aaaa /\nroot /dev/vda",
		{FSTAB("UUID=aaaa / ext4 d 0 1\n"),
			{"/boot/grub/menu.lst",
				"# kopt=root=/dev/xvda2 ro\n## e.g. root=/dev/hda1\n"
				"title t\nkernel /vmlinuz root=/dev/xvda2 ro\n"}},
		.want = "xvda2=vda:root-fs"},
};

static void print_map(const struct plan *p, struct strbuf *ret)
{
	strbuf_adds(ret, "");
	for (size_t i = 0; i < p->n_map; i++)
		strbuf_addf(ret, "%s%s=%s:%s", i ? " " : "",
			p->map[i].from + strlen("/dev/"),
			p->map[i].to ? p->map[i].to + strlen("/dev/") : "gone",
			p->map[i].evidence.v[0]);
}

START_TEST(mapping)
{
	const struct row *row = &rows[_i];
	struct strbuf got = {0};
	struct plan_fx p;
	struct err e = {0};
	int r;

	plan_fx_load(&p, row->machine, row->files, ARRAY_SIZE(row->files), row->set);
	r = devmap_build(&p.in, &p.plan, &e);
	print_map(&p.plan, &got);
	if (row->refused) {
		struct str rest = str_from(row->refused), word;

		ck_assert_msg(r == -EUSERS, "%s: answer %d, map \"%s\"", row->name, r,
			got.p ? got.p : "");
		while (str_word(&rest, &word))
			ck_assert_msg(memmem(e.text, strlen(e.text), word.p, word.n),
				"%s: \"%s\" does not name " STR_FMT, row->name, e.text,
				STR_ARG(word));
	} else {
		ck_assert_msg(r == 0, "%s: %s", row->name, e.text);
		check_bytes(row->name, strbuf_str(&got), str_from(row->want));
	}
	strbuf_done(&got);
	plan_fx_done(&p);
}
END_TEST

/* fstab=uuid: the spec is what fstab is to say; the name stays for all else. */
START_TEST(by_uuid_specs)
{
	static const struct fx_file files[] = {
		FSTAB("/dev/xvda / ext4 d 0 1\n/dev/xvdb /srv ext4 d 0 2\n")};
	struct plan_fx p;

	plan_fx_load(&p, "vda ext4 aaaa /\nvdb ext4 - -\nroot /dev/vda", files,
		ARRAY_SIZE(files), "fstab=uuid");
	ck_assert_int_eq(devmap_build(&p.in, &p.plan, NULL), 0);
	ck_assert_str_eq(p.plan.map[0].spec, "UUID=aaaa");
	ck_assert_str_eq(p.plan.map[0].to, "/dev/vda");
	ck_assert_ptr_null(p.plan.map[1].spec); /* has no UUID */
	plan_fx_done(&p);
}
END_TEST

/* Swap by UUID or label that nothing here has went with its disk; data may be hot-plugged. */
START_TEST(gone_specs)
{
	static const struct fx_file files[] = {FSTAB(
		ROOT_UUID "UUID=\"eeee\" none swap sw 0 0\n"
			  "LABEL=swap none swap sw 0 0\n"
			  "/dev/disk/by-uuid/dddd none swap sw 0 0\n"
			  "UUID=bbbb none swap sw 0 0\n"
			  "/dev/disk/by-uuid/bbbb none swap sw 0 0\n"
			  "UUID=ffff /srv ext4 d 0 2\n/swapfile none swap sw 0 0\n")};
	struct plan_fx p;

	plan_fx_load(&p, "vda ext4 aaaa /\nvdb swap bbbb\nroot /dev/vda", files,
		ARRAY_SIZE(files), NULL);
	ck_assert_int_eq(devmap_build(&p.in, &p.plan, NULL), 0);
	ck_assert_uint_eq(p.plan.gone_specs.n, 3);
	ck_assert_str_eq(p.plan.gone_specs.v[0], "UUID=eeee");
	ck_assert_str_eq(p.plan.gone_specs.v[1], "LABEL=swap");
	ck_assert_str_eq(p.plan.gone_specs.v[2], "/dev/disk/by-uuid/dddd");
	ck_assert_uint_eq(plan_dev_map(&p.plan).n, 3);
	plan_fx_done(&p);
}
END_TEST

/* A disk with a table takes all its partitions along, named or not. */
START_TEST(disk_with_partitions)
{
	static const struct fx_file files[] = {FSTAB("/dev/xvda1 / ext4 d 0 1\n"),
		{"/boot/grub/device.map", "(hd0) /dev/xvda\n"}};
	struct strbuf out = {0};
	struct dev_map map;
	struct plan_fx p;

	plan_fx_load(&p, "vda table=dos\nvda1 ext4 aaaa /\nroot /dev/vda1", files,
		ARRAY_SIZE(files), NULL);
	ck_assert_int_eq(devmap_build(&p.in, &p.plan, NULL), 0);
	map = plan_dev_map(&p.plan);
	ck_assert_int_eq(dev_map_find(&map, STR("/dev/xvda7"), &out), DEV_RENAMED);
	check_bytes("xvda7", strbuf_str(&out), STR("/dev/vda7"));
	strbuf_done(&out);
	plan_fx_done(&p);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, mapping, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, by_uuid_specs);
	tcase_add_test(tc, gone_specs);
	tcase_add_test(tc, disk_with_partitions);
}

int main(void)
{
	return check_main("devmap", add);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the disk to the root: what the initramfs must bring for each kind of storage and file
 * system. */
#include "plan/verify.h"
#include "plan_fixture.h"

#define ROOT_LV "vda %s cccc -\nmapper/v-r %s aaaa / on=vda\nroot /dev/mapper/v-r"
#define ROOT_DISK "vda %2$s aaaa /\nroot /dev/vda"
#define ROOT_MD "vda %s cccc -\nvdb %1$s cccc -\nmd0 %s aaaa / on=vda\nroot /dev/md0"
#define ROOT_TWO "vda %2$s aaaa /\nvdb %2$s aaaa -\nroot /dev/vda"
/* An LV in an encrypted array. */
#define ROOT_DEEP                                                                        \
	"vda %s cccc -\nmd0 crypto_LUKS dddd - on=vda\n"                                 \
	"mapper/crypt LVM2_member eeee - on=md0\n"                                       \
	"mapper/v-r %s aaaa / on=mapper/crypt\nroot /dev/mapper/v-r"

#define M "lib/modules/6.1/kernel/"
#define VIRTIO                                                                           \
	M "virtio_pci.ko " M "virtio_blk.ko sbin/udevadm lib/modules/6.1/modules.alias "
#define TOOLS "scripts/functions "
#define DRACUT "usr/lib/dracut/hooks "
#define KNOWN "CONFIG_X=y\n" /* what it does not name is not built in */

static const struct row {
	const char *name, *fails;
	const char *machine, *below, *type; /* what the disk is, what the root is */
	const char *members, *config;
	const char *on_disk; /* modules.dep */
} rows[] = {
	{"ext4 in the image", "", ROOT_DISK, "", "ext4", M "ext4.ko", KNOWN},
	{"packed", "", ROOT_DISK, "", "ext4", "usr/" M "fs/ext4.ko.zst", KNOWN},
	{"built in", "", ROOT_DISK, "", "ext4", "", "CONFIG_EXT4_FS=y\n"},
	{"a module that is not in the image", "root-fs", ROOT_DISK, "", "ext4", "",
		"CONFIG_EXT4_FS=m\n"},
	{"only on the disk", "root-fs", ROOT_DISK, "", "xfs", "", NULL,
		"kernel/fs/xfs.ko:\n"},
	{"a kernel that does not say", "", ROOT_DISK, "", "ext4", ""},
	{"ext3 by ext4's driver", "", ROOT_DISK, "", "ext3", M "ext4.ko", KNOWN},
	{"ext4 by ext3's driver", "root-fs", ROOT_DISK, "", "ext4", M "ext3.ko", KNOWN},
	{"btrfs by ext4's driver", "root-fs", ROOT_DISK, "", "btrfs", M "ext4.ko", KNOWN},
	{"an unknown type is not asked for", "", ROOT_DISK, "", "-", "", KNOWN},

	{"LVM", "", ROOT_LV, "LVM2_member", "ext4",
		M "ext4.ko " M "dm-mod.ko usr/sbin/lvm", KNOWN},
	{"LVM, dm built in", "", ROOT_LV, "LVM2_member", "ext4", M "ext4.ko sbin/lvm",
		"CONFIG_BLK_DEV_DM=y\n"},
	{"LVM without dm", "root-storage", ROOT_LV, "LVM2_member", "ext4",
		M "ext4.ko sbin/lvm", KNOWN},
	{"LVM without its tool", "root-storage", ROOT_LV, "LVM2_member", "ext4",
		M "ext4.ko " M "dm-mod.ko scripts/local-top/lvm2", KNOWN},

	{"LUKS", "", ROOT_LV, "crypto_LUKS", "ext4",
		M "ext4.ko " M "dm-crypt.ko " TOOLS "sbin/cryptsetup cryptroot/crypttab",
		KNOWN},
	{"LUKS, config of old", "", ROOT_LV, "crypto_LUKS", "ext4",
		M "ext4.ko " M "dm-crypt.ko " TOOLS
		  "sbin/cryptsetup conf/conf.d/cryptroot",
		KNOWN},
	{"LUKS that nothing opens", "root-storage", ROOT_LV, "crypto_LUKS", "ext4",
		M "ext4.ko " M "dm-crypt.ko " TOOLS "sbin/cryptsetup", KNOWN},
	{"LUKS of dracut", "", ROOT_LV, "crypto_LUKS", "ext4",
		M "ext4.ko " M "dm-crypt.ko " DRACUT "usr/lib/systemd/systemd-cryptsetup",
		KNOWN},
	{"LUKS without dm-crypt", "root-storage", ROOT_LV, "crypto_LUKS", "ext4",
		M "ext4.ko " TOOLS "sbin/cryptsetup cryptroot/crypttab", KNOWN},

	{"md", "", ROOT_MD, "linux_raid_member", "ext4",
		M "ext4.ko " M "raid1.ko " TOOLS "sbin/mdadm etc/mdadm/mdadm.conf",
		KNOWN},
	{"md, raid5", "", ROOT_MD, "linux_raid_member", "ext4",
		M "ext4.ko " M "raid456.ko " TOOLS "sbin/mdadm etc/mdadm.conf", KNOWN},
	{"md without a config", "root-storage", ROOT_MD, "linux_raid_member", "ext4",
		M "ext4.ko " M "raid1.ko " TOOLS "sbin/mdadm", KNOWN},
	{"md of dracut", "", ROOT_MD, "linux_raid_member", "ext4",
		M "ext4.ko " M "raid1.ko " DRACUT "sbin/mdadm", KNOWN},
	{"md without a personality", "root-storage", ROOT_MD, "linux_raid_member", "ext4",
		M "ext4.ko " TOOLS "sbin/mdadm etc/mdadm/mdadm.conf", KNOWN},

	{"all of it", "", ROOT_DEEP, "linux_raid_member", "ext4",
		M "ext4.ko " M "raid1.ko " M "dm-crypt.ko " M "dm-mod.ko " DRACUT
		  "sbin/mdadm sbin/cryptsetup sbin/lvm",
		KNOWN},
	{"all of it but what is lowest", "root-storage", ROOT_DEEP, "linux_raid_member",
		"ext4",
		M "ext4.ko " M "raid1.ko " M "dm-crypt.ko " M "dm-mod.ko " DRACUT
		  "sbin/cryptsetup sbin/lvm",
		KNOWN},
	{"two disks of btrfs", "", ROOT_TWO, "", "btrfs", M "btrfs.ko bin/btrfs", KNOWN},
	{"two disks of btrfs, no scan", "root-storage", ROOT_TWO, "", "btrfs",
		M "btrfs.ko", KNOWN},
	{"a copy of an ext4 is no second device", "", ROOT_TWO, "", "ext4", M "ext4.ko",
		KNOWN},

	{"another kernel's driver", "root-fs", ROOT_DISK, "", "ext4",
		"lib/modules/5.10/kernel/ext4.ko", KNOWN},
};

static void failed(const struct verdict *v, struct strbuf *ret)
{
	strbuf_adds(ret, "");
	for (size_t i = 0; i < v->n; i++)
		if (!v->v[i].ok)
			strbuf_addf(ret, "%s%s", ret->n ? " " : "", v->v[i].id);
}

START_TEST(storage)
{
	const struct row *row = &rows[_i];
	cleanup_(free_charp) char *machine =
		str_printf(row->machine, row->below, row->type);
	cleanup_(free_charp) char *members = str_printf(VIRTIO "%s", row->members);
	const struct fx_file files[] = {
		{"/etc/fstab", "proc /proc proc d 0 0\n"},
		{"/boot/grub/menu.lst",
			"timeout 5\ntitle t\nkernel /boot/vmlinuz-6.1 root=UUID=aaaa\n"
			"initrd /boot/initrd.img-6.1\n"},
		FX_IMAGE("6.1"),
		{"/boot/initrd.img-6.1", .members = members,
			.inside = {{"lib/modules/6.1/modules.alias", FX_ALIAS}}},
		{row->config ? "/boot/config-6.1" : "/none", row->config},
		{row->on_disk ? "/lib/modules/6.1/modules.dep" : "/no", row->on_disk},
	};
	struct strbuf fails = {0};
	struct verdict v = {0};
	struct plan_fx p;

	plan_fx_load(&p, machine, files, ARRAY_SIZE(files), NULL);
	ck_assert_int_eq(verify_guest(&p.fx.snap, &p.fx.machine, &p.fx.guest, &p.options,
				 &v, NULL),
		0);
	failed(&v, &fails);
	check_bytes(row->name, strbuf_str(&fails), str_from(row->fails));
	strbuf_done(&fails);
	verdict_done(&v);
	plan_fx_done(&p);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, storage, 0, ARRAY_SIZE(rows));
}

int main(void)
{
	return check_main("verify_root", add);
}

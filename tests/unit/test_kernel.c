/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernels of a guest: their kind, where each has its virtio drivers, which one starts. */
#include "guest_fixture.h"

#define FSTAB                                                                            \
	{                                                                                \
		"/etc/fstab", "/dev/xvda / ext4 d 0 1\n"                                 \
	}
#define MACHINE "vda ext4 aaaa /\nroot /dev/vda"
#define MENU FX_MENU("root=/dev/xvda ro")
#define INITRD(list, ...)                                                                \
	{                                                                                \
		"/boot/initrd.img-6.1", .members = list, .inside = { __VA_ARGS__ }       \
	}
#define M "lib/modules/6.1/kernel/"
#define BOTH M "virtio_pci.ko " M "virtio_blk.ko "
#define UDEV "lib/udev/udevd "

/* `want`: kind, flavour's number, places of virtio_pci and virtio_blk. */
static const struct row {
	const char *name;
	struct fx_file files[6];
	enum kernel_kind kind;
	enum initramfs_flavour flavour;
	enum driver_place pci, blk;
} rows[] = {
	{"only in /lib/modules", {INITRD("scripts/functions"), FX_MODULES("6.1")},
		KERNEL_MAINLINE, FLAVOUR_INITRAMFS_TOOLS, DRIVER_ON_DISK, DRIVER_ON_DISK},
	{"no drivers at all", {INITRD("scripts/functions")}, KERNEL_MAINLINE,
		FLAVOUR_INITRAMFS_TOOLS, DRIVER_ABSENT, DRIVER_ABSENT},
	{"built in by modules.builtin",
		{INITRD("init"), {"/lib/modules/6.1/"},
			{"/lib/modules/6.1/modules.builtin",
				"kernel/drivers/virtio/virtio_pci.ko\n"
				"kernel/drivers/block/virtio_blk.ko\n"}},
		KERNEL_MAINLINE, FLAVOUR_UNKNOWN, DRIVER_BUILTIN, DRIVER_BUILTIN},
	{"built in by config, one of them",
		{{"/boot/config-6.1", "CONFIG_VIRTIO_PCI=y\nCONFIG_VIRTIO_BLK=m\n"},
			FX_MODULES("6.1")},
		KERNEL_MAINLINE, FLAVOUR_NONE, DRIVER_BUILTIN, DRIVER_ON_DISK},
	{"config that only mentions it",
		{{"/boot/config-6.1", "# CONFIG_VIRTIO_PCI is not set\n"
				      "CONFIG_VIRTIO_PCI_LEGACY=y\n"}},
		KERNEL_MAINLINE, FLAVOUR_NONE, DRIVER_ABSENT, DRIVER_ABSENT},
	{"conf/modules loads them",
		{INITRD(BOTH "conf/modules scripts/local",
			{"conf/modules", "# x\nvirtio-pci\nvirtio_blk\n"})},
		KERNEL_MAINLINE, FLAVOUR_INITRAMFS_TOOLS, DRIVER_LOADED, DRIVER_LOADED},
	{"conf/modules loads one, nothing the other",
		{INITRD(BOTH "conf/modules conf/initramfs.conf",
			{"conf/modules", "virtio_pci\n"})},
		KERNEL_MAINLINE, FLAVOUR_INITRAMFS_TOOLS, DRIVER_LOADED, DRIVER_IDLE},
	{"udev loads by alias",
		{INITRD(BOTH UDEV M "../modules.alias",
			{"lib/modules/6.1/modules.alias", FX_ALIAS})},
		KERNEL_MAINLINE, FLAVOUR_UNKNOWN, DRIVER_IDLE, DRIVER_IDLE},
	{"udev loads by alias, listed",
		{INITRD(BOTH UDEV "lib/modules/6.1/modules.alias",
			{"lib/modules/6.1/modules.alias", FX_ALIAS})},
		KERNEL_MAINLINE, FLAVOUR_UNKNOWN, DRIVER_LOADED, DRIVER_LOADED},
	{"aliases, but no udev",
		{INITRD(BOTH "lib/modules/6.1/modules.alias",
			{"lib/modules/6.1/modules.alias", FX_ALIAS})},
		KERNEL_MAINLINE, FLAVOUR_UNKNOWN, DRIVER_IDLE, DRIVER_IDLE},
	{"udev, but no alias", {INITRD(BOTH UDEV)}, KERNEL_MAINLINE, FLAVOUR_UNKNOWN,
		DRIVER_IDLE, DRIVER_IDLE},
	{"merged /usr, compressed modules",
		{INITRD("usr/lib/modules/6.1/kernel/virtio_pci.ko.xz "
			"usr/lib/modules/6.1/kernel/virtio_blk.ko.zst usr/bin/udevadm "
			"usr/lib/modules/6.1/modules.alias usr/lib/dracut/x",
			{"usr/lib/modules/6.1/modules.alias", FX_ALIAS})},
		KERNEL_MAINLINE, FLAVOUR_DRACUT, DRIVER_LOADED, DRIVER_LOADED},
	{"a module whose name begins alike",
		{INITRD(M "virtio_pci_modern_dev.ko " M "virtio_blk2.ko")},
		KERNEL_MAINLINE, FLAVOUR_UNKNOWN, DRIVER_ABSENT, DRIVER_ABSENT},
	{"Xen alone, by config of 64 bits",
		{{"/boot/config-6.1", "CONFIG_X86_64_XEN=y\n"}}, KERNEL_XEN_ONLY,
		FLAVOUR_NONE, DRIVER_ABSENT, DRIVER_ABSENT},
	{"Xen alone, by config of 32 bits", {{"/boot/config-6.1", "CONFIG_X86_XEN=y\n"}},
		KERNEL_XEN_ONLY, FLAVOUR_NONE, DRIVER_ABSENT, DRIVER_ABSENT},
	{"paravirt ops are not Xen alone",
		{{"/boot/config-6.1", "CONFIG_XEN=y\nCONFIG_XEN_DOM0=y\n"}},
		KERNEL_MAINLINE, FLAVOUR_NONE, DRIVER_ABSENT, DRIVER_ABSENT},
	{"Xen alone, by its drivers, without a config",
		{{"/lib/modules/6.1/modules.dep",
			"/lib/modules/6.1/kernel/drivers/xen/xennet/xennet.ko:\n"}},
		KERNEL_XEN_ONLY, FLAVOUR_NONE, DRIVER_ABSENT, DRIVER_ABSENT},
	{"a config with the modules",
		{{"/lib/modules/6.1/config", "CONFIG_VIRTIO_PCI=y\n"}}, KERNEL_MAINLINE,
		FLAVOUR_NONE, DRIVER_BUILTIN, DRIVER_ABSENT},
	{"dracut of EL 6", {INITRD("init lib/dracut-lib.sh")}, KERNEL_MAINLINE,
		FLAVOUR_DRACUT, DRIVER_ABSENT, DRIVER_ABSENT},
	{"nash loads one of them, flat",
		{INITRD("bin/nash init lib/virtio_pci.ko lib/virtio_blk.ko",
			{"init", "#!/bin/nash\ninsmod /lib/virtio_pci.ko \n"})},
		KERNEL_MAINLINE, FLAVOUR_MKINITRD, DRIVER_LOADED, DRIVER_IDLE},
	{"SUSE's mkinitrd, with udev but not its rule of drivers",
		{INITRD(BOTH UDEV "run_all.sh lib/modules/6.1/modules.alias",
			{"lib/modules/6.1/modules.alias", FX_ALIAS})},
		KERNEL_MAINLINE, FLAVOUR_SUSE_MKINITRD, DRIVER_IDLE, DRIVER_IDLE},
	{"SUSE's mkinitrd, with that rule",
		{INITRD(BOTH UDEV "run_all.sh lib/modules/6.1/modules.alias "
				  "lib/udev/rules.d/80-drivers.rules",
			{"lib/modules/6.1/modules.alias", FX_ALIAS})},
		KERNEL_MAINLINE, FLAVOUR_SUSE_MKINITRD, DRIVER_LOADED, DRIVER_LOADED},
	{"mkinitcpio without udev, by its config",
		{INITRD(BOTH "init_functions config init",
			{"config", "MODULES=\"xfs virtio_blk\"\n"},
			{"init", "modprobe -qab ${MODULES//,/ }\n"})},
		KERNEL_MAINLINE, FLAVOUR_MKINITCPIO, DRIVER_IDLE, DRIVER_LOADED},
	{"mkinitcpio with systemd, which does not read it",
		{INITRD(BOTH "init_functions config init",
			{"config", "MODULES=\"virtio_pci virtio_blk\"\n"})},
		KERNEL_MAINLINE, FLAVOUR_MKINITCPIO, DRIVER_IDLE, DRIVER_IDLE},
	{"Alpine, by alias",
		{INITRD(BOTH "sbin/nlplug-findfs lib/modules/6.1/modules.alias",
			{"lib/modules/6.1/modules.alias", FX_ALIAS})},
		KERNEL_MAINLINE, FLAVOUR_MKINITFS, DRIVER_LOADED, DRIVER_LOADED},
	{"Alpine before nlplug-findfs, by its list",
		{INITRD(BOTH "init etc/modules",
			{"init", "#!/bin/sh\n# Alpine\n[ -f /etc/modules ] && :\n"},
			{"etc/modules", "virtio_pci\n"})},
		KERNEL_MAINLINE, FLAVOUR_MKINITFS, DRIVER_LOADED, DRIVER_IDLE},
	{"genkernel, by a group that it loads",
		{INITRD(BOTH "etc/initrd.scripts etc/modules/virtio etc/modules/scsi",
			{"etc/initrd.defaults", "HWOPTS='modules scsi'\n"},
			{"etc/modules/virtio", "virtio_blk\n"},
			{"etc/modules/scsi", "virtio_pci\n"})},
		KERNEL_MAINLINE, FLAVOUR_GENKERNEL, DRIVER_LOADED, DRIVER_IDLE},
	{"a config beats the drivers",
		{{"/boot/config-6.1", "CONFIG_XEN=y\n"},
			{"/lib/modules/6.1/modules.dep", "kernel/xennet.ko:\n"}},
		KERNEL_MAINLINE, FLAVOUR_NONE, DRIVER_ABSENT, DRIVER_ABSENT},
};

START_TEST(judging)
{
	const struct row *row = &rows[_i];
	struct fx_file files[ARRAY_SIZE(row->files) + 3] = {FSTAB, MENU, FX_IMAGE("6.1")};
	const struct kernel *k;
	struct fx fx;

	memcpy(files + 3, row->files, sizeof(row->files));
	fx_load(&fx, MACHINE, files, ARRAY_SIZE(files), true);
	ck_assert_uint_eq(fx.guest.n_kernels, 1);
	k = &fx.guest.kernels[0];
	ck_assert_str_eq(k->release, "6.1");
	ck_assert(k->in_menu && k->is_default);
	ck_assert_msg(k->kind == row->kind && fx.guest.kernel == row->kind, "%s: %s",
		row->name, kernel_kind_name(k->kind));
	ck_assert_msg(
		k->flavour == row->flavour, "%s: flavour %d", row->name, k->flavour);
	ck_assert_msg(k->drivers[0] == row->pci, "%s: virtio_pci is %s", row->name,
		driver_place_name(k->drivers[0]));
	ck_assert_msg(k->drivers[1] == row->blk, "%s: virtio_blk is %s", row->name,
		driver_place_name(k->drivers[1]));
	fx_done(&fx);
}
END_TEST

#define TWO_KERNELS                                                                      \
	FSTAB, FX_IMAGE("5.9"), FX_IMAGE("5.10"),                                        \
		{"/boot/initrd.img-5.9", .members = "init"},                             \
	{                                                                                \
		"/boot/initrd.img-5.10", .members = "init"                               \
	}

/* `want`: releases, newest first; '*' the one that starts, '-' one that no menu offers. */
static const struct list_row {
	const char *name;
	struct fx_file files[9];
	const char *want;
	enum kernel_kind kind;
} list_rows[] = {
	{"no menu: images with an initramfs", {TWO_KERNELS, FX_IMAGE("4.1")},
		"5.10- 5.9-", KERNEL_MAINLINE},
	{"the menu's own, two entries of one",
		{TWO_KERNELS, {"/boot/grub/menu.lst",
				      "default 2\ntitle a\nkernel /boot/vmlinuz-5.10\n"
				      "title r\nkernel /boot/vmlinuz-5.10 single\n"
				      "title b\nkernel /boot/vmlinuz-5.9\n"}},
		"5.10 5.9*", KERNEL_MAINLINE},
	{"one kernel with two images",
		{TWO_KERNELS, {"/boot/grub/menu.lst",
				      "default 1\ntitle a\nkernel /boot/vmlinuz-5.9\n"
				      "initrd /boot/initrd.img-5.10\n"
				      "title b\nkernel /boot/vmlinuz-5.9\n"
				      "initrd /boot/initrd.img-5.9\n"
				      "title c\nkernel /boot/vmlinuz-5.9\n"
				      "initrd /boot/initrd.img-5.9\n"}},
		"5.9 5.9*", KERNEL_MAINLINE},
	{"a menu of images that are not there",
		{TWO_KERNELS,
			{"/boot/grub/menu.lst", "title a\nkernel /boot/vmlinuz-3\n"}},
		"5.10- 5.9-", KERNEL_MAINLINE},
	{"memtest is no kernel",
		{TWO_KERNELS, {"/boot/memtest86+.bin", "x"},
			{"/boot/grub/menu.lst", "title m\nkernel /boot/memtest86+.bin\n"
						"title a\nkernel /boot/vmlinuz-5.9\n"}},
		"5.9", KERNEL_MAINLINE},
	{"the host brings the kernel", {FSTAB}, "", KERNEL_PROVIDER},
	{"no menu: names of other distributions",
		{FSTAB, {"/boot/vmlinuz-linux", .kernel = "6.9.1-arch1-1"},
			{"/boot/initramfs-linux.img", .members = "init"},
			{"/boot/kernel-genkernel-x86_64-3.10.7-gentoo",
				.kernel = "3.10.7-gentoo"},
			{"/boot/initramfs-genkernel-x86_64-3.10.7-gentoo",
				.members = "init"},
			{"/boot/vmlinuz-virt", .kernel = "5.15.1-0-virt"},
			{"/boot/initramfs-virt", .members = "init"},
			{"/boot/kernel-6", "no image"}},
		"6.9.1-arch1-1- 5.15.1-0-virt- 3.10.7-gentoo-", KERNEL_MAINLINE},
	{"a release that only the header says",
		{FSTAB, {"/boot/vmlinuz", .kernel = "2.6.32-5-amd64"},
			{"/boot/grub/menu.lst", "title a\nkernel /boot/vmlinuz\n"}},
		"2.6.32-5-amd64*", KERNEL_MAINLINE},
	{"a name that has modules beats the header",
		{FSTAB, {"/boot/vmlinuz-mine", .kernel = "2.6.32"},
			{"/lib/modules/mine/"},
			{"/boot/grub/menu.lst", "title a\nkernel /boot/vmlinuz-mine\n"}},
		"mine*", KERNEL_MAINLINE},
};

START_TEST(listing)
{
	const struct list_row *row = &list_rows[_i];
	struct strbuf got = {0};
	struct fx fx;

	fx_load(&fx, MACHINE, row->files, ARRAY_SIZE(row->files), true);
	strbuf_adds(&got, "");
	for (size_t i = 0; i < fx.guest.n_kernels; i++) {
		const struct kernel *k = &fx.guest.kernels[i];

		strbuf_addf(&got, "%s%s%s%s", i ? " " : "", k->release,
			k->is_default ? "*" : "", k->in_menu ? "" : "-");
	}
	check_bytes(row->name, strbuf_str(&got), str_from(row->want));
	ck_assert_int_eq(fx.guest.kernel, row->kind);
	strbuf_done(&got);
	fx_done(&fx);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, judging, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(tc, listing, 0, ARRAY_SIZE(list_rows));
}

int main(void)
{
	return check_main("kernel", add);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See files.h. One row a file or pattern. */
#include "guest/files.h"
#include "base/attr.h"

#define KIB ((size_t)1024)
#define MIB (1024 * KIB)

const struct file_look guest_files[] = {
	/* what system this is */
	{"/etc/os-release", LOOK_READ, 64 * KIB},
	{"/usr/lib/os-release", LOOK_READ, 64 * KIB},
	{"/etc/lsb-release", LOOK_READ, 64 * KIB},
	{"/etc/debian_version", LOOK_READ, 4 * KIB},
	{"/etc/redhat-release", LOOK_READ, 4 * KIB},
	{"/etc/SuSE-release", LOOK_READ, 4 * KIB},
	{"/etc/arch-release", LOOK_STAT, 0},
	{"/etc/gentoo-release", LOOK_STAT, 0},
	{"/etc/alpine-release", LOOK_READ, 4 * KIB},
	{"/var/lib/dpkg/arch", LOOK_READ, 4 * KIB},
	{"/var/lib/dpkg/arch-native", LOOK_READ, 4 * KIB},
	{"/bin/sh", LOOK_STAT, 0},
	{"/bin/ls", LOOK_HEAD, 64},
	{"/bin/bash", LOOK_HEAD, 64},
	{"/bin/busybox", LOOK_HEAD, 64},
	/* how it starts */
	{"/sbin/init", LOOK_STAT, 0},
	{"/lib/systemd/systemd", LOOK_STAT, 0},
	{"/usr/lib/systemd/systemd", LOOK_STAT, 0},
	{"/bin/systemd", LOOK_STAT, 0},
	{"/sbin/initctl", LOOK_STAT, 0},
	{"/sbin/openrc", LOOK_STAT, 0},
	{"/etc/inittab", LOOK_READ, MIB},
	{"/etc/init", LOOK_STAT, 0},
	{"/etc/init/*.conf", LOOK_READ, MIB},
	{"/etc/event.d", LOOK_STAT, 0},
	{"/etc/event.d/*", LOOK_READ, MIB},
	{"/etc/systemd/system/getty.target.wants/*", LOOK_STAT, 0},
	{"/etc/securetty", LOOK_READ, MIB},
	{"/usr/bin/apt-get", LOOK_STAT, 0},
	{"/usr/sbin/acpid", LOOK_STAT, 0},
	{"/sbin/acpid", LOOK_STAT, 0},
	/* what notes the first start */
	{"/var/lib/xvd2vd/confirm", LOOK_READ, 64 * KIB},
	{"/etc/systemd/system/xvd2vd-confirm.service", LOOK_READ, 64 * KIB},
	{"/etc/systemd/system/basic.target.wants/xvd2vd-confirm.service", LOOK_STAT, 0},
	{"/etc/network/if-up.d/xvd2vd-confirm", LOOK_READ, 64 * KIB},
	{"/etc/rc.d/init.d", LOOK_STAT, 0},
	{"/etc/rc.d/init.d/xvd2vd-confirm", LOOK_READ, 64 * KIB},
	{"/etc/rc.d/rc*.d/S99xvd2vd-confirm", LOOK_STAT, 0},
	{"/etc/init.d/xvd2vd-confirm", LOOK_READ, 64 * KIB},
	{"/etc/runlevels/default/xvd2vd-confirm", LOOK_STAT, 0},
	/* disks */
	{"/etc/fstab", LOOK_READ, MIB},
	{"/etc/mtab", LOOK_READ, MIB},
	{"/etc/crypttab", LOOK_READ, MIB},
	{"/etc/mdadm.conf", LOOK_READ, MIB},
	{"/etc/mdadm/mdadm.conf", LOOK_READ, MIB},
	{"/etc/lvm/lvm.conf", LOOK_READ, MIB},
	{"/etc/lvm/devices/system.devices", LOOK_READ, MIB},
	{"/etc/lvm/backup/*", LOOK_READ, MIB},
	{"/etc/lvm/cache/.cache", LOOK_READ, MIB},
	{"/etc/lvm/.cache", LOOK_READ, MIB},
	{"/etc/smartd.conf", LOOK_READ, MIB},
	{"/etc/hdparm.conf", LOOK_READ, MIB},
	{"/etc/blkid.tab", LOOK_READ, MIB},
	{"/etc/blkid.tab.old", LOOK_READ, MIB},
	{"/etc/blkid/blkid.tab", LOOK_READ, MIB},
	{"/etc/blkid/blkid.tab.old", LOOK_READ, MIB},
	/* boot loaders */
	{"/boot", LOOK_STAT, 0},
	{"/boot/grub/menu.lst", LOOK_READ, MIB},
	{"/boot/grub/grub.conf", LOOK_READ, MIB},
	{"/boot/grub/grub.cfg", LOOK_READ, MIB},
	{"/boot/grub/grubenv", LOOK_READ, MIB},
	{"/boot/grub/device.map", LOOK_READ, MIB},
	{"/boot/grub2/grub.cfg", LOOK_READ, MIB},
	{"/boot/grub2/grubenv", LOOK_READ, MIB},
	{"/boot/grub2/device.map", LOOK_READ, MIB},
	{"/boot/loader/entries/*.conf", LOOK_READ, MIB},
	{"/boot/extlinux.conf", LOOK_READ, MIB},
	{"/boot/extlinux/extlinux.conf", LOOK_READ, MIB},
	{"/etc/default/grub", LOOK_READ, MIB},
	{"/etc/default/grub.d/*.cfg", LOOK_READ, MIB},
	{"/etc/kernel/cmdline", LOOK_READ, MIB},
	/* kernels */
	{"/vmlinuz", LOOK_KERNEL, 0},
	{"/initrd.img", LOOK_STAT, 0},
	{"/boot/vmlinuz*", LOOK_KERNEL, 0},
	{"/boot/config-*", LOOK_READ, MIB},
	{"/boot/initrd*", LOOK_ARCHIVE, 0},
	{"/boot/initramfs*", LOOK_ARCHIVE, 0},
	{"/lib/modules/*", LOOK_STAT, 0},
	{"/lib/modules/*/modules.dep", LOOK_READ, 8 * MIB},
	{"/lib/modules/*/modules.alias", LOOK_READ, 8 * MIB},
	{"/lib/modules/*/modules.softdep", LOOK_READ, MIB},
	{"/lib/modules/*/modules.builtin", LOOK_READ, MIB},
	{"/lib/modules/*/kernel/drivers/xen/xenblk", LOOK_STAT, 0},
	{"/etc/initramfs-tools/modules", LOOK_READ, MIB},
	{"/etc/initramfs-tools/initramfs.conf", LOOK_READ, MIB},
	{"/etc/initramfs-tools/conf.d/*", LOOK_READ, MIB},
	{"/usr/sbin/update-initramfs", LOOK_STAT, 0},
	/* network */
	{"/etc/network/interfaces", LOOK_READ, MIB},
	{"/etc/network/interfaces.d/*", LOOK_READ, MIB},
	{"/etc/resolv.conf", LOOK_READ, MIB},
	{"/etc/systemd/network/*.network", LOOK_READ, MIB},
	{"/etc/sysconfig/network-scripts/ifcfg-*", LOOK_READ, MIB},
	{"/etc/sysconfig/network/ifcfg-*", LOOK_READ, MIB},
	{"/etc/netplan/*.yaml", LOOK_READ, MIB},
	{"/etc/udev/rules.d", LOOK_STAT, 0},
	{"/etc/udev/rules.d/*.rules", LOOK_READ, MIB},
	{"/etc/systemd/network/*.link", LOOK_READ, MIB},
};
const size_t n_guest_files = ARRAY_SIZE(guest_files);

const char *const resume_files[] = {
	"/etc/initramfs-tools/initramfs.conf",
	"/etc/initramfs-tools/conf.d/*",
};
const size_t n_resume_files = ARRAY_SIZE(resume_files);

/* Without a leading usr/, which is tried as well. */
const char *const archive_files[] = {
	"conf/modules",
	"conf/conf.d/resume",
	"conf/conf.d/zz-resume-auto",
	"etc/lvm/lvm.conf",
	"lib/modules/*/modules.dep",
	"lib/modules/*/modules.alias",
	"lib/modules/*/modules.softdep",
};
const size_t n_archive_files = ARRAY_SIZE(archive_files);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whole plans: which rule speaks up for which guest, in which order, and what is refused.
 * What each editor does to the bytes is its own test's; here are the files it is used on. */
#include <errno.h>

#include "plan_fixture.h"

#define MACHINE "vda ext4 aaaa /\nnet 52:54:00:00:00:01\nroot /dev/vda"
#define FSTAB_OF(text)                                                                   \
	{                                                                                \
		"/etc/fstab", text                                                       \
	}
#define SYSTEMD                                                                          \
	{                                                                                \
		"/sbin/init", .link = "/lib/systemd/systemd"                             \
	}
#define DONE                                                                             \
	FSTAB_OF("/dev/vda / ext4 d 0 1\n"), FX_MENU("root=/dev/vda"), FX_DEBIAN,        \
		FX_IMAGE("6.1"), FX_GOOD_INITRD("6.1"),                                  \
	{                                                                                \
		"/sbin/init", .link = "/lib/systemd/systemd"                             \
	}
#define XEN                                                                              \
	FSTAB_OF("/dev/xvda2 / ext4 d 0 1\n/dev/xvda1 none swap sw 0 0\n"),              \
		FX_MENU("root=/dev/xvda2"), FX_DEBIAN, FX_IMAGE("6.1"),                  \
		FX_GOOD_INITRD("6.1"),                                                   \
	{                                                                                \
		"/sbin/init", .link = "/lib/systemd/systemd"                             \
	}
#define LILO_MACHINE "vda ext4 aaaa / boot_code=lilo\nroot /dev/vda"
#define LILO(root)                                                                       \
	{                                                                                \
		"/etc/lilo.conf", "image=/boot/vmlinuz-6.1\nlabel=l\n"                   \
				  "initrd=/boot/initrd.img-6.1\nroot=" root "\n"         \
	}
#define GETTY "/etc/systemd/system/getty.target.wants/"

/* `want`: a line a step, "id path"; '-' before a path that is removed, '@' a link, '+' a
 * graft, '!' a program. `refused`: words of the message. */
static const struct row {
	const char *name;
	struct fx_file files[10];
	const char *want, *refused, *set, *machine, *arch;
	bool offline, payload;
} rows[] = {
	{"nothing to do", {DONE}, ""},
	{"Xen's names", {XEN}, "fstab /etc/fstab\nmenu.lst /boot/grub/menu.lst\n"},
	{"all the lesser files",
		{XEN, {"/boot/grub/device.map", "(hd0) /dev/xvda\n"},
			{"/etc/crypttab", "s /dev/xvda1 /dev/urandom swap\n"},
			{"/etc/smartd.conf", "/dev/xvda2 -a\n"},
			{"/etc/hdparm.conf", "/dev/xvda2 {\n}\n"}},
		"fstab /etc/fstab\nmenu.lst /boot/grub/menu.lst\n"
		"device.map /boot/grub/device.map\nsmartd.conf /etc/smartd.conf\n"
		"hdparm.conf /etc/hdparm.conf\n"},
	/* fstab */
	{"swap=keep",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n/dev/xvds none swap sw 0 0\n"),
			FX_DEBIAN, {"/sbin/init", .link = "/lib/systemd/systemd"}},
		"fstab /etc/fstab\nwarnings 1\n", .set = "swap=keep"},
	{"a data disk that is gone: nofail and a warning",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n/dev/xvdb /srv ext4 d 0 2\n"),
			FX_DEBIAN, {"/sbin/init", .link = "/lib/systemd/systemd"}},
		"fstab /etc/fstab\nwarnings 1\n"},
	{"data by a UUID that nothing has gets nofail",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\nUUID=eeee /srv ext4 d 0 2\n"),
			FX_DEBIAN, {"/sbin/init", .link = "/lib/systemd/systemd"}},
		"fstab /etc/fstab\nwarnings 1\n"},
	/* boot configs */
	{"grub.cfg and what it is made from",
		{DONE,
			{"/boot/grub/grub.cfg", "menuentry 'x' {\n linux "
						"/boot/vmlinuz-6.1 root=/dev/xvda\n}\n"},
			{"/etc/default/grub", "GRUB_CMDLINE_LINUX=\"console=hvc0\"\n"},
			{"/etc/kernel/cmdline", "root=/dev/vda console=hvc0\n"}},
		"grub.cfg /boot/grub/grub.cfg\ndefault-grub /etc/default/grub\n"
		"kernel-cmdline /etc/kernel/cmdline\n"},
	{"console=keep",
		{DONE, {"/etc/default/grub", "GRUB_CMDLINE_LINUX=console=hvc0\n"},
			{"/etc/inittab", "h:2:respawn:/sbin/getty 38400 hvc0\n"}},
		"", .set = "console=keep"},
	{"two names of one file: edited once",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n"), FX_DEBIAN,
			{"/boot/grub/menu.lst", .link = "grub.conf"},
			{"/boot/grub/grub.conf",
				"timeout 5\ntitle t\nroot (hd0,0)\nkernel "
				"/boot/vmlinuz-6.1 root=/dev/vda\n"
				"initrd /boot/initrd.img-6.1\n"},
			FX_IMAGE("6.1"), FX_GOOD_INITRD("6.1"),
			{"/sbin/init", .link = "/lib/systemd/systemd"}},
		"menu.lst /boot/grub/grub.conf\n"},
	{"a menu without an entry",
		{FSTAB_OF("/dev/xvda / ext4 d 0 1\n"), FX_DEBIAN,
			{"/boot/grub/menu.lst", "timeout 5\n"}, FX_IMAGE("6.1"),
			FX_GOOD_INITRD("6.1"), SYSTEMD},
		.refused = "/boot/grub/menu.lst has no entry to start"},
	{"Fedora's menu, and its entries are gone",
		{FSTAB_OF("/dev/xvda1 / ext4 d 0 1\n"),
			{"/etc/os-release", "ID=fedora\nVERSION_ID=39\n"},
			{"/boot/grub2/grub.cfg", "insmod blscfg\nblscfg\n"},
			FX_IMAGE("6.1"), FX_GOOD_INITRD("6.1"), SYSTEMD},
		.refused = "blscfg from /boot/loader/entries, and there are none",
		.machine = "vda table=dos boot_code=grub2\nvda1 ext4 aaaa /\n"
			   "root /dev/vda1"},
	/* consoles */
	{"inittab and securetty",
		{DONE, {"/etc/inittab", "h:2:respawn:/sbin/getty 38400 hvc0\n"},
			{"/etc/securetty", "console\nhvc0\n"}},
		"console /etc/inittab\nconsole /etc/securetty\n"},
	{"securetty without Xen's consoles", {DONE, {"/etc/securetty", "tty1\n"}}, ""},
	{"systemd's getty",
		{DONE, {GETTY "serial-getty@hvc0.service",
			       .link = "/lib/systemd/system/serial-getty@.service"}},
		"console -" GETTY "serial-getty@hvc0.service\n"
		"console @" GETTY "serial-getty@ttyS0.service\n"},
	{"systemd's getty where one is there",
		{DONE,
			{GETTY "getty@hvc0.service",
				.link = "/lib/systemd/system/getty@.service"},
			{GETTY "serial-getty@ttyS0.service",
				.link = "/lib/systemd/system/serial-getty@.service"}},
		"console -" GETTY "getty@hvc0.service\n"},
	{"Upstart's jobs",
		{DONE, {"/etc/init/hvc0.conf", "exec /sbin/getty hvc0\n"},
			{"/etc/event.d/xvc0", "exec /sbin/getty xvc0\n"},
			{"/etc/event.d/ttyS0", "exec /sbin/getty ttyS0\n"}},
		"console /etc/init/ttyS0.conf\nconsole -/etc/init/hvc0.conf\n"
		"console -/etc/event.d/xvc0\n"},
	{"OpenRC's agetty",
		{DONE,
			{"/etc/runlevels/default/agetty.hvc0",
				.link = "/etc/init.d/agetty.hvc0"},
			{"/etc/init.d/agetty.hvc0", .link = "agetty"}},
		"console -/etc/init.d/agetty.hvc0\n"
		"console @/etc/init.d/agetty.ttyS0\n"
		"console -/etc/runlevels/default/agetty.hvc0\n"
		"console @/etc/runlevels/default/agetty.ttyS0\n"},
	/* network */
	{"systemd keeps eth0 by a .link",
		{DONE, {"/etc/network/interfaces", "auto eth0\niface eth0 inet dhcp\n"}},
		"network /etc/systemd/network/10-xvd2vd-eth0.link\n"},
	{"a .link says so already",
		{DONE, {"/etc/network/interfaces", "iface eth0 inet dhcp\n"},
			{"/etc/systemd/network/9.link", "[Match]\nMACAddress=52:54:00:00:"
							"00:01\n[Link]\nName=eth0\n"}},
		""},
	{"older guests by a rule",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n"), FX_DEBIAN, {"/etc/udev/rules.d/"},
			{"/sbin/init", "x"}, {"/etc/inittab", ""},
			{"/usr/sbin/acpid", "x"}, {"/etc/acpi/events/powerbtn", "x"},
			{"/etc/network/interfaces", "iface eth0 inet dhcp\n"}},
		"network /etc/udev/rules.d/70-persistent-net.rules\n"},
	{"two names, one card",
		{DONE, {"/etc/network/interfaces",
			       "iface eth0 inet dhcp\niface eth1 inet dhcp\n"}},
		"warnings 1\n"},
	{"no card", {DONE, {"/etc/network/interfaces", "iface eth0 inet dhcp\n"}}, "",
		.machine = "vda ext4 aaaa /\nroot /dev/vda"},
	/* initramfs-tools */
	{"the guest's next image", {DONE, {"/etc/initramfs-tools/modules", "# x\n"}},
		"initramfs-tools /etc/initramfs-tools/modules\n"},
	{"RESUME", {XEN, {"/etc/initramfs-tools/conf.d/resume", "RESUME=/dev/xvda1\n"}},
		"fstab /etc/fstab\nmenu.lst /boot/grub/menu.lst\n"
		"resume /etc/initramfs-tools/conf.d/resume\n"},
	{"RESUME of a UUID that nothing has, named nowhere else",
		{DONE, {"/etc/initramfs-tools/conf.d/resume", "RESUME=UUID=eeee\n"}},
		"resume /etc/initramfs-tools/conf.d/resume\n"},
	{"resume= of a UUID that nothing has, named nowhere else",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n"), FX_DEBIAN,
			FX_MENU("root=/dev/vda resume=UUID=eeee"), FX_IMAGE("6.1"),
			FX_GOOD_INITRD("6.1"),
			{"/sbin/init", .link = "/lib/systemd/systemd"}},
		"menu.lst /boot/grub/menu.lst\n"},
	/* caches */
	{"caches go with a repair", {XEN, {"/etc/blkid.tab", ""}},
		"fstab /etc/fstab\nmenu.lst /boot/grub/menu.lst\ncaches "
		"-/etc/blkid.tab\n"},
	{"a clean cache stays", {DONE, {"/etc/blkid.tab", "/dev/vda\n"}}, ""},
	{"a stale cache goes", {DONE, {"/etc/lvm/cache/.cache", "\"/dev/xvda\"\n"}},
		"caches -/etc/lvm/cache/.cache\n"},
	/* acpi */
	{"no acpid, but apt-get: it is installed, and the network asked once",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n"), FX_DEBIAN, {"/sbin/init", "x"},
			{"/etc/inittab", "x"}, {"/usr/bin/apt-get", "x"}},
		"packages !/usr/bin/apt-get\nacpid !/usr/bin/apt-get\n"},
	{"packages=off",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n"), FX_DEBIAN, {"/sbin/init", "x"},
			{"/etc/inittab", "x"}, {"/usr/bin/apt-get", "x"}},
		"pending acpid\n", .set = "packages=off"},
	{"packages=offline",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n"), FX_DEBIAN, {"/sbin/init", "x"},
			{"/etc/inittab", "x"}, {"/usr/bin/apt-get", "x"}},
		"pending acpid\nwarnings 1\n", .set = "packages=offline"},
	{"packages=offline, with a payload",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n"), FX_DEBIAN, {"/sbin/init", "x"},
			{"/etc/inittab", "x"}, {"/usr/bin/apt-get", "x"}},
		"packages !/usr/bin/apt-get\nacpid !/usr/bin/apt-get\n",
		.set = "packages=offline", .payload = true},
	{"yum brings it, behind what rpm's locks were",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n"), {"/sbin/init", "x"},
			{"/etc/redhat-release", "CentOS release 6.10 (Final)\n"},
			{"/etc/inittab", "x"}, {"/usr/bin/yum", "x"},
			{"/var/lib/rpm/__db.001", "x"}, {"/var/lib/rpm/__db.002", "x"}},
		"rpm-locks !/var/lib/rpm\nacpid !/usr/bin/yum\n"},
	{"zypper brings it",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n"), {"/sbin/init", "x"},
			{"/etc/SuSE-release", "SUSE Linux Enterprise Server 11 (x86_64)\n"
					      "VERSION = 11\nPATCHLEVEL = 4\n"},
			{"/etc/inittab", "x"}, {"/usr/bin/zypper", "x"}},
		"acpid !/usr/bin/zypper\n"},
	{"apk brings it, and it is put into a runlevel",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n"), {"/etc/alpine-release", "3.18.4\n"},
			{"/etc/inittab", "x"}, {"/sbin/openrc", "x"},
			{"/sbin/openrc-run", "x"}, {"/sbin/apk", "x"}},
		"packages !/sbin/apk\nacpid !/sbin/apk\n"
		"acpid @/etc/runlevels/default/acpid\n"},
	{"apk takes no payload",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n"), {"/etc/alpine-release", "3.18.4\n"},
			{"/etc/inittab", "x"}, {"/sbin/openrc", "x"},
			{"/sbin/openrc-run", "x"}, {"/sbin/apk", "x"}},
		"acpid @/etc/runlevels/default/acpid\n"
		"install /var/lib/xvd2vd/install\n"
		"install /etc/init.d/xvd2vd-install\n"
		"install @/etc/runlevels/default/xvd2vd-install\npending acpid\n",
		.set = "packages=offline", .payload = true},
	{"acpid that OpenRC does not start",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n"), {"/etc/alpine-release", "3.4.6\n"},
			{"/etc/inittab", "x"}, {"/sbin/openrc", "x"},
			{"/sbin/openrc-run", "x"}, {"/sbin/acpid", "x"},
			{"/etc/acpi/PWRF/00000080", "x"}, {"/etc/init.d/acpid", "x"}},
		"acpid @/etc/runlevels/default/acpid\n"},
	{"acpid that OpenRC starts",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n"), {"/etc/alpine-release", "3.4.6\n"},
			{"/etc/inittab", "x"}, {"/sbin/openrc", "x"},
			{"/sbin/openrc-run", "x"}, {"/sbin/acpid", "x"},
			{"/etc/acpi/PWRF/00000080", "x"}, {"/etc/init.d/acpid", "x"},
			{"/etc/runlevels/boot/acpid", .link = "/etc/init.d/acpid"}},
		""},
	{"acpid that Red Hat's runlevels stop",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n"),
			{"/etc/redhat-release", "CentOS release 6.10 (Final)\n"},
			{"/etc/inittab", "x"}, {"/usr/sbin/acpid", "x"},
			{"/etc/acpi/events/power.conf", "x"}, {"/etc/rc.d/init.d/"},
			{"/etc/rc.d/init.d/acpid", "# chkconfig: 35 26 74\n"},
			{"/etc/rc.d/rc3.d/K74acpid", .link = "../init.d/acpid"}},
		"acpid -/etc/rc.d/rc3.d/K74acpid\nacpid @/etc/rc.d/rc3.d/S26acpid\n"
		"acpid @/etc/rc.d/rc5.d/S26acpid\n"},
	{"acpid that one of Red Hat's runlevels starts",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n"),
			{"/etc/redhat-release", "CentOS release 6.10 (Final)\n"},
			{"/etc/inittab", "x"}, {"/usr/sbin/acpid", "x"},
			{"/etc/acpi/events/power.conf", "x"},
			{"/etc/rc.d/init.d/acpid", "# chkconfig: 35 26 74\n"},
			{"/etc/rc.d/rc3.d/S26acpid", .link = "../init.d/acpid"}},
		""},
	{"acpid without a rule of what to do",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n"), FX_DEBIAN, {"/sbin/init", "x"},
			{"/etc/inittab", "x"}, {"/usr/sbin/acpid", "x"}},
		"pending acpid\n"},
	{"no acpid",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n"), FX_DEBIAN, {"/sbin/init", "x"},
			{"/etc/inittab", ""}},
		"pending acpid\n"},
	/* who is refused */
	{"another family",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n"),
			{"/etc/redhat-release", "Red Hat Linux release 9 (Shrike)\n"}},
		.refused = "Shrike know"},
	{"unknown", {FSTAB_OF("/dev/vda / ext4 d 0 1\n")}, .refused = "not know"},
	{"Xen's only kernel", {DONE, {"/boot/config-6.1", "CONFIG_X86_64_XEN=y\n"}},
		.refused = "6.1 Xen alone"},
	{"a menu that needs Fedora's GRUB, which is not there",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n"), FX_DEBIAN, FX_IMAGE("6.1"),
			FX_GOOD_INITRD("6.1"), {"/boot/grub2/grub.cfg", "blscfg\n"},
			{"/boot/loader/entries/m-6.1.conf",
				"title t\nlinux /boot/vmlinuz-6.1\n"
				"options root=/dev/vda\n"}},
		.refused = "grub2/grub.cfg blscfg boot=self grub2-install"},
	{"LILO, nothing to do", {DONE, LILO("/dev/vda")}, "", .machine = LILO_MACHINE},
	{"LILO, another root", {XEN, LILO("/dev/xvda2")}, .machine = LILO_MACHINE,
		.refused =
			"LILO \"l\" map /sbin/lilo command line GRUB menu.lst already"},
	{"LILO, an initramfs without virtio",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n"), FX_DEBIAN, FX_IMAGE("6.1"),
			FX_MODULES("6.1"),
			{"/boot/initrd.img-6.1",
				.members = "scripts/functions conf/modules",
				.inside = {{"conf/modules", ""}}},
			LILO("/dev/vda")},
		.machine = LILO_MACHINE,
		.refused = "LILO map /boot/initrd.img-6.1 GRUB rescue system"},
	{"Xen's kernel by default, another in LILO's menu",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n"), FX_DEBIAN, FX_IMAGE("6.1"),
			FX_IMAGE("5.9"), {"/boot/config-5.9", "CONFIG_X86_XEN=y\n"},
			{"/etc/lilo.conf", "image=/boot/vmlinuz-5.9\nlabel=x\n"
					   "image=/boot/vmlinuz-6.1\nlabel=m\n"}},
		.machine = LILO_MACHINE, .refused = "Xen alone m default /etc/lilo.conf"},
	/* kernels for Xen alone */
	{"another entry of the menu",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n"), FX_DEBIAN, FX_IMAGE("6.1"),
			FX_GOOD_INITRD("6.1"), FX_IMAGE("5.9"),
			{"/boot/config-5.9", "CONFIG_X86_XEN=y\n"},
			{"/boot/grub/menu.lst",
				"timeout 5\ntitle x\nroot (hd0)\nkernel "
				"/boot/vmlinuz-5.9\n"
				"title m\nroot (hd0)\nkernel /boot/vmlinuz-6.1\n"
				"initrd /boot/initrd.img-6.1\n"},
			SYSTEMD},
		"kernel /boot/grub/menu.lst\n"},
	{"an image that the menu does not offer",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n"), FX_DEBIAN, FX_IMAGE("6.1"),
			FX_GOOD_INITRD("6.1"), FX_IMAGE("5.9"),
			{"/boot/config-5.9", "CONFIG_X86_XEN=y\n"},
			{"/boot/grub/menu.lst", "timeout 5\ntitle x\nroot (hd0)\nkernel "
						"/boot/vmlinuz-5.9\n"},
			SYSTEMD},
		"kernel /boot/grub/menu.lst\n"},
	{"CloudLinux's kernel, another of its own in the menu",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n"), FX_DEBIAN, FX_IMAGE("6.1.lve1"),
			FX_GOOD_INITRD("6.1.lve1"), FX_IMAGE("5.9.lve1xen"),
			{"/boot/config-5.9.lve1xen", "CONFIG_X86_XEN=y\n"},
			{"/boot/grub/menu.lst",
				"timeout 5\ntitle x\nroot (hd0)\nkernel "
				"/boot/vmlinuz-5.9.lve1xen\n"
				"title m\nroot (hd0)\nkernel /boot/vmlinuz-6.1.lve1\n"
				"initrd /boot/initrd.img-6.1.lve1\n"},
			SYSTEMD},
		"kernel /boot/grub/menu.lst\n"},
	{"CloudLinux's kernel, one of others in the menu",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n"), FX_DEBIAN, FX_IMAGE("6.1"),
			FX_GOOD_INITRD("6.1"), FX_IMAGE("5.9.lve1xen"),
			{"/boot/config-5.9.lve1xen", "CONFIG_X86_XEN=y\n"},
			{"/boot/grub/menu.lst",
				"timeout 5\ntitle x\nroot (hd0)\nkernel "
				"/boot/vmlinuz-5.9.lve1xen\n"
				"title m\nroot (hd0)\nkernel /boot/vmlinuz-6.1\n"
				"initrd /boot/initrd.img-6.1\n"},
			{"/usr/bin/apt-get", "x"}},
		.refused = "5.9.lve1xen not replaced CloudLinux", .arch = "x86_64"},
	{"the stock kernel's package",
		{DONE, {"/boot/config-6.1", "CONFIG_X86_64_XEN=y\n"},
			{"/usr/bin/apt-get", "x"}},
		"packages !/usr/bin/apt-get\nkernel !/usr/bin/apt-get\n",
		.arch = "x86_64"},
	{"but of a payload, where there is none",
		{DONE, {"/boot/config-6.1", "CONFIG_X86_64_XEN=y\n"},
			{"/usr/bin/apt-get", "x"}},
		.refused = "6.1 Xen alone linux-image-amd64", .arch = "x86_64",
		.set = "packages=offline"},
	{"but not offline",
		{DONE, {"/boot/config-6.1", "CONFIG_X86_64_XEN=y\n"},
			{"/usr/bin/apt-get", "x"}},
		.offline = true, .refused = "6.1 Xen alone linux-image-amd64",
		.arch = "x86_64"},
	/* and no others */
	{"no virtio drivers at all",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n"), FX_DEBIAN, FX_MENU("root=/dev/vda"),
			FX_IMAGE("6.1"),
			{"/boot/initrd.img-6.1", .members = "scripts/functions"}},
		.refused = "6.1 no virtio"},
	{"root= of a gone disk",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n"), FX_DEBIAN, FX_MENU("root=/dev/vda"),
			FX_IMAGE("6.1"), FX_GOOD_INITRD("6.1"),
			{"/etc/default/grub", "GRUB_CMDLINE_LINUX=root=/dev/xvdz9\n"}},
		.machine = "vda table=dos\nvda1 ext4 aaaa /\nroot /dev/vda1",
		.set = "map=xvdz9:none", .refused = "map="},
	/* initramfs of an unknown kind */
	{"rebuilt by the guest's own tool",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n"), FX_DEBIAN, FX_MENU("root=/dev/vda"),
			FX_IMAGE("6.1"), FX_MODULES("6.1"), SYSTEMD,
			{"/boot/initrd.img-6.1", .members = "linuxrc"},
			{"/usr/sbin/update-initramfs", "x"}},
		"initramfs !/boot/initrd.img-6.1\n"},
	{"offline: pending",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n"), FX_DEBIAN, FX_MENU("root=/dev/vda"),
			FX_IMAGE("6.1"), FX_MODULES("6.1"), SYSTEMD,
			{"/boot/initrd.img-6.1", .members = "linuxrc"},
			{"/usr/sbin/update-initramfs", "x"}},
		"initramfs !/boot/initrd.img-6.1 (pending)\npending initramfs\n",
		.offline = true},
	{"an old RESUME that only the image has",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n"), FX_DEBIAN, FX_MENU("root=/dev/vda"),
			FX_IMAGE("6.1"), FX_MODULES("6.1"), SYSTEMD,
			{"/boot/initrd.img-6.1",
				.members = "scripts/functions conf/modules "
					   "conf/conf.d/resume "
					   "lib/modules/6.1/virtio_pci.ko "
					   "lib/modules/6.1/virtio_blk.ko",
				.inside = {{"conf/modules", "virtio_pci\nvirtio_blk\n"},
					{"conf/conf.d/resume", "RESUME=/dev/xvdb1\n"}}}},
		"initramfs +/boot/initrd.img-6.1\n"},
	{"and no tool",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n"), FX_DEBIAN, FX_MENU("root=/dev/vda"),
			FX_IMAGE("6.1"), FX_MODULES("6.1"), SYSTEMD,
			{"/boot/initrd.img-6.1", .members = "linuxrc"}},
		.refused = "6.1 grafted tool"},
	{"initrd=graft",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n"), FX_DEBIAN, FX_MENU("root=/dev/vda"),
			FX_IMAGE("6.1"), FX_MODULES("6.1"), SYSTEMD,
			{"/boot/initrd.img-6.1", .members = "linuxrc"},
			{"/usr/sbin/update-initramfs", "x"}},
		.set = "initrd=graft", .refused = "6.1 grafted"},
	{"grafted",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n"), FX_DEBIAN, FX_MENU("root=/dev/vda"),
			FX_IMAGE("6.1"), FX_MODULES("6.1"), SYSTEMD,
			{"/boot/initrd.img-6.1", .members = "scripts/functions"}},
		"initramfs +/boot/initrd.img-6.1\n"},
	{"initrd=rebuild",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n"), FX_DEBIAN, FX_MENU("root=/dev/vda"),
			FX_IMAGE("6.1"), FX_MODULES("6.1"), SYSTEMD,
			{"/boot/initrd.img-6.1", .members = "scripts/functions"},
			{"/usr/sbin/update-initramfs", "x"}},
		"initramfs !/boot/initrd.img-6.1\n", .set = "initrd=rebuild"},
	{"an archive that is cut short",
		{FSTAB_OF("/dev/vda / ext4 d 0 1\n"), FX_DEBIAN, FX_MENU("root=/dev/vda"),
			FX_IMAGE("6.1"), FX_MODULES("6.1"), SYSTEMD,
			{"/boot/initrd.img-6.1", .members = "scripts/functions",
				.problem = "cut short"}},
		.refused = "6.1 cut short"},
};

START_TEST(planning)
{
	const struct row *row = &rows[_i];
	struct strbuf got = {0};
	struct plan_fx p;
	struct err e = {0};
	int r;

	plan_fx_load(&p, row->machine ? row->machine : MACHINE, row->files,
		ARRAY_SIZE(row->files), row->set);
	p.in.offline = row->offline;
	p.fx.machine.has_payload = row->payload;
	if (row->arch) {
		free(p.fx.guest.arch);
		p.fx.guest.arch = strdup(row->arch);
	}
	r = plan_build(&p.in, &p.plan, &e);
	if (row->refused) {
		struct str rest = str_from(row->refused), word;

		ck_assert_msg(r == -EUSERS, "%s: answer %d (%s)", row->name, r, e.text);
		while (str_word(&rest, &word))
			ck_assert_msg(memmem(e.text, strlen(e.text), word.p, word.n),
				"%s: \"%s\"", row->name, e.text);
		ck_assert(!p.plan.n_steps && !p.plan.n_pending);
	} else {
		ck_assert_msg(r == 0, "%s: %s", row->name, e.text);
		strbuf_adds(&got, "");
		plan_fx_list(&p.plan, &got);
		check_bytes(row->name, strbuf_str(&got), str_from(row->want));
	}
	strbuf_done(&got);
	plan_fx_done(&p);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, planning, 0, ARRAY_SIZE(rows));
}

int main(void)
{
	return check_main("plan", add);
}

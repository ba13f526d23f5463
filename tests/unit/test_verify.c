/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rehearsal: one guest for which all checks hold, and for each check a guest in which
 * that one alone does not. */
#include "plan/verify.h"
#include "plan_fixture.h"

#define MACHINE "vda ext4 aaaa /\nvdb swap bbbb\nroot /dev/vda"
#define MENU_OF(root, kernel, args, initrd)                                              \
	{                                                                                \
		"/boot/grub/menu.lst",                                                   \
			"timeout 5\ntitle t\nroot " root "\nkernel " kernel " " args     \
			"\ninitrd " initrd "\n"                                          \
	}
#define SYSTEMD                                                                          \
	{                                                                                \
		"/sbin/init", .link = "/lib/systemd/systemd"                             \
	}
#define UPSTART                                                                          \
	{"/etc/init/"},                                                                  \
	{                                                                                \
		"/sbin/initctl", "x"                                                     \
	}
#define FSTAB_OF(type) "/dev/vda / ext4 d 0 1\n/dev/vdc /srv " type "\n"
#define MACHINE_OF(type)                                                                 \
	"vda ext4 aaaa /\nvdb swap bbbb\nvdc " type " cccc -\nroot /dev/vda"
#define K "/boot/vmlinuz-6.1"
#define I "/boot/initrd.img-6.1"

#define LILO_MACHINE "vda ext4 aaaa / boot_code=lilo\nvdb swap bbbb\nroot /dev/vda"
#define LILO_CONF                                                                        \
	{                                                                                \
		"/etc/lilo.conf", "image=" K "\nlabel=l\ninitrd=" I "\nroot=/dev/vda\n"  \
	}

static const struct fx_file good[] = {
	FX_DEBIAN,
	{"/etc/fstab", "/dev/vda / ext4 d 0 1\nUUID=bbbb none swap sw 0 0\n"
		       "proc /proc proc d 0 0\n/dev/vdz /x ext4 nofail 0 0\n"
		       "/dev/cdrom /media udf user 0 0\n/dev/sda1 /u vfat noauto 0 0\n"},
	MENU_OF("(hd0)", K, "root=/dev/vda console=ttyS0", I),
	FX_IMAGE("6.1"),
	FX_GOOD_INITRD("6.1"),
	{"/etc/inittab", "1:2345:respawn:/sbin/getty 38400 ttyS0\n#hvc0 getty hvc0\n"},
	{"/etc/initramfs-tools/conf.d/resume", "RESUME=UUID=bbbb\n"},
};

/* `files` stand in place of the good ones of the same path. `fails`: "" all holds. */
static const struct row {
	const char *name, *fails;
	struct fx_file files[3];
	const char *machine, *set;
} rows[] = {
	{"good", ""},
	{"good by UUID", "", {MENU_OF("(hd0)", K, "root=UUID=aaaa", I)}},
	{"boot=self without boot code", "boot-loader", .set = "boot=self"},
	{"boot=self with boot code", "", .set = "boot=self",
		.machine =
			"vda ext4 aaaa / boot_code=grub\nvdb swap bbbb\nroot /dev/vda"},
	{"boot=self with ours", "", .set = "boot=self",
		.machine = "vda ext4 aaaa / boot_code=pvgrub\nvdb swap bbbb\n"
			   "root /dev/vda"},
	{"boot code of a loader that reads another config", "boot-loader",
		.machine = "vda ext4 aaaa / boot_code=grub2\nvdb swap bbbb\n"
			   "root /dev/vda"},
	{"no entry", "boot-entry", {{"/boot/grub/menu.lst", "timeout 5\n"}}},
	{"a chain", "boot-entry",
		{{"/boot/grub/menu.lst", "title w\nroot (hd0)\nchainloader +1\n"}}},
	{"LILO", "",
		{LILO_CONF, {"/boot/map", "m", .mtime = 7},
			{K, .kernel = "6.1", .mtime = 7}},
		.machine = LILO_MACHINE},
	{"LILO, and a kernel that came later", "boot-map",
		{LILO_CONF, {"/boot/map", "m", .mtime = 7},
			{K, .kernel = "6.1", .mtime = 8}},
		.machine = LILO_MACHINE},
	{"LILO, and an initramfs that came later", "boot-map",
		{LILO_CONF, {"/boot/map", "m", .mtime = 7},
			{I,
				.members =
					"conf/modules scripts/functions lib lib/modules "
					"lib/modules/6.1 "
					"lib/modules/6.1/kernel/virtio_pci.ko "
					"lib/modules/6.1/kernel/virtio_blk.ko",
				.inside = {{"conf/modules", "virtio_pci\nvirtio_blk\n"}},
				.mtime = 8}},
		.machine = LILO_MACHINE},
	{"LILO that has never run", "boot-map", {LILO_CONF}, .machine = LILO_MACHINE},
	{"a menu that waits for a key", "boot-entry",
		{{"/boot/grub/menu.lst", "title t\nroot (hd0)\nkernel " K
					 " root=/dev/vda\ninitrd " I "\n"}}},
	{"GRUB looks for the kernel where it is not", "boot-root",
		{MENU_OF("(hd0)", "(hd1)" K, "root=/dev/vda", I)}},
	{"GRUB looks for the kernel on a disk that is not there", "boot-root",
		{MENU_OF("(hd0)", "(hd2)" K, "root=/dev/vda", I)}},
	{"no such kernel", "boot-entry",
		{MENU_OF("(hd0)", "/boot/vmlinuz-7", "root=/dev/vda", I)}},
	{"no such initramfs", "boot-initrd",
		{MENU_OF("(hd0)", K, "root=/dev/vda", "/boot/initrd-7"),
			{"/boot/config-6.1",
				"CONFIG_VIRTIO_PCI=y\nCONFIG_VIRTIO_BLK=y\n"}}},
	{"a partition for GRUB, a disk here", "grub-root",
		{MENU_OF("(hd0,0)", K, "root=/dev/vda", I)}},
	{"another disk for GRUB", "grub-root", {MENU_OF("(hd1)", K, "root=/dev/vda", I)}},
	{"Xen's kernel", "kernel",
		{{"/boot/config-6.1", "CONFIG_X86_64_XEN=y\nCONFIG_EXT4_FS=y\n"}}},
	{"no bzImage", "kernel", {{K, .kernel = "6.1", .problem = "not a bzImage"}}},
	{"an archive cut short", "initramfs",
		{{I,
			.members = "conf/modules scripts/functions lib/virtio_pci.ko "
				   "lib/virtio_blk.ko",
			.inside = {{"conf/modules", "virtio_pci\nvirtio_blk\n"}},
			.problem = "cut short"}}},
	{"an archive cut short says nothing of what it lacks", "initramfs",
		{{I, .members = "scripts/functions", .problem = "cut short"}}},
	{"modules of another kernel", "modules",
		{{I,
			.members = "conf/modules lib/modules/6.2/virtio_pci.ko "
				   "lib/modules/6.2/virtio_blk.ko",
			.inside = {{"conf/modules", "virtio_pci\nvirtio_blk\n"}}}}},
	{"modules of this kernel, too", "",
		{{I,
			.members = "conf/modules lib/modules/6.1/virtio_pci.ko "
				   "lib/modules/6.2/x.ko "
				   "usr/lib/modules/6.1/virtio_blk.ko",
			.inside = {{"conf/modules", "virtio_pci\nvirtio_blk\n"}}}}},
	{"the modules' kernel is not what the file is called", "modules",
		{{K, .kernel = "6.1-other"}, {"/lib/modules/6.1/"}}},
	{"an image without modules", "",
		{{I, .members = "init conf/modules lib/modules lib/modules/6.2"},
			{"/boot/config-6.1", "CONFIG_VIRTIO_PCI=y\nCONFIG_VIRTIO_BLK=y\n"
					     "CONFIG_EXT4_FS=y\n"}}},
	{"no driver for the disk", "virtio",
		{{I, .members = "conf/modules scripts/functions lib/virtio_pci.ko",
			.inside = {{"conf/modules", "virtio_pci\nvirtio_blk\n"}}}}},
	{"no driver for the bus", "virtio",
		{{I, .members = "conf/modules scripts/functions lib/virtio_blk.ko",
			.inside = {{"conf/modules", "virtio_pci\nvirtio_blk\n"}}}}},
	{"nothing loads the driver", "virtio",
		{{I,
			.members = "conf/modules scripts/functions lib/virtio_pci.ko "
				   "lib/virtio_blk.ko",
			.inside = {{"conf/modules", "virtio_pci\n"}}}}},
	{"no root=", "root-resolves", {MENU_OF("(hd0)", K, "ro", I)}},
	{"root= of Xen's", "root-resolves", {MENU_OF("(hd0)", K, "root=/dev/xvda", I)}},
	{"root= of another disk", "root-resolves",
		{MENU_OF("(hd0)", K, "root=/dev/vdb", I)}},
	{"the last root= counts", "root-resolves",
		{MENU_OF("(hd0)", K, "root=/dev/vda root=/dev/vdb", I)}},
	{"fstab's root is another disk", "fstab",
		{{"/etc/fstab", "/dev/vdb / ext4 d 0 1\n"}}},
	{"fstab's root by the kernel's own name", "",
		{{"/etc/fstab", "/dev/root / ext4 d 0 1\n"}}},
	{"fstab waits for /dev/root elsewhere", "fstab",
		{{"/etc/fstab", "/dev/vda / ext4 d 0 1\n/dev/root /x ext4 d 0 1\n"}}},
	{"fstab waits for a name", "fstab",
		{{"/etc/fstab", "/dev/vda / ext4 d 0 1\n/dev/xvdb /x ext4 d 0 1\n"}}},
	{"fstab waits for a UUID", "fstab",
		{{"/etc/fstab", "/dev/vda / ext4 d 0 1\nUUID=eeee /x ext4 d 0 1\n"}}},
	{"fstab waits for swap", "fstab",
		{{"/etc/fstab", "/dev/vda / ext4 d 0 1\n/dev/xvda1 none swap sw 0 0\n"}}},
	{"fstab's swap is a file system", "fstab",
		{{"/etc/fstab", "/dev/vda / ext4 d 0 1\n/dev/vda none swap sw 0 0\n"}}},
	{"fstab's file system is swap", "fstab",
		{{"/etc/fstab", "/dev/vda / ext4 d 0 1\n/dev/vdb /srv ext4 d 0 0\n"}}},
	{"the root is mounted already, whatever its type", "",
		{{"/etc/fstab", "/dev/vda / ext3 d 0 1\n"}}},
	{"what the type is also called", "", {{"/etc/fstab", FSTAB_OF("ext4")}},
		.machine = MACHINE_OF("ext3")},
	{"any type", "", {{"/etc/fstab", FSTAB_OF("auto")}},
		.machine = MACHINE_OF("xfs")},
	{"one of the types", "", {{"/etc/fstab", FSTAB_OF("ext4,xfs")}},
		.machine = MACHINE_OF("xfs")},
	{"a program's type", "", {{"/etc/fstab", FSTAB_OF("fuse.zfs")}},
		.machine = MACHINE_OF("zfs_member")},
	{"a suspended system's swap", "",
		{{"/etc/fstab", "/dev/vda / ext4 d 0 1\n/dev/vdc none swap sw 0 0\n"}},
		.machine = MACHINE_OF("swsuspend")},
	{"a device of no known type", "", {{"/etc/fstab", FSTAB_OF("ext4")}},
		.machine = MACHINE_OF("-")},
	{"an elder's driver", "fstab", {{"/etc/fstab", FSTAB_OF("ext3")}},
		.machine = MACHINE_OF("ext4")},
	{"another type", "fstab", {{"/etc/fstab", FSTAB_OF("ext4")}},
		.machine = MACHINE_OF("xfs")},
	{"another type that nothing waits for", "",
		{{"/etc/fstab", FSTAB_OF("ext4 nofail")}}, .machine = MACHINE_OF("xfs")},
	{"what Upstart does not wait for", "",
		{{"/etc/fstab",
			"/dev/vda / ext4 d 0 1\n/dev/xvdb /x ext4 nobootwait\n"}}},
	{"what systemd mounts when asked", "",
		{{"/etc/fstab", "/dev/vda / ext4 d 0 1\n/dev/xvdb /x ext4 "
				"x-systemd.automount\n"}}},
	{"a volume by its UUID, which came along", "",
		{{"/etc/fstab", "/dev/disk/by-id/dm-uuid-LVM-abc / ext4 d 0 1\n"}}},
	{"a disk by what it was on Xen", "fstab",
		{{"/etc/fstab", "/dev/vda / ext4 d 0 1\n"
				"/dev/disk/by-id/scsi-36 /srv ext4 d 0 1\n"}}},
	{"xenfs", "fstab",
		{{"/etc/fstab", "/dev/vda / ext4 d 0 1\nxenfs /proc/xen xenfs d 0 0\n"}}},
	{"xenfs that nothing waits for", "",
		{{"/etc/fstab",
			"/dev/vda / ext4 d 0 1\nxenfs /proc/xen xenfs nofail 0 0\n"}}},
	{"RESUME in the initramfs", "resume",
		{{I, .members = "conf/modules lib/virtio_pci.ko lib/virtio_blk.ko",
			.inside = {{"conf/modules", "virtio_pci\nvirtio_blk\n"},
				{"conf/conf.d/resume", "RESUME=/dev/xvda1\n"}}}}},
	{"RESUME of a gone swap", "resume",
		{{"/etc/initramfs-tools/conf.d/resume", "RESUME=/dev/xvda1\n"}}},
	{"RESUME of a gone swap in initramfs.conf", "resume",
		{{"/etc/initramfs-tools/initramfs.conf", "RESUME=UUID=eeee\n"}}},
	{"resume= of a swap", "",
		{MENU_OF("(hd0)", K, "root=/dev/vda resume=/dev/disk/by-uuid/bbbb", I)}},
	{"resume= of a gone swap", "resume",
		{MENU_OF("(hd0)", K, "root=/dev/vda resume=/dev/disk/by-uuid/eeee", I)}},
	{"resume= of an offset", "", {MENU_OF("(hd0)", K, "root=/dev/vda resume=1", I)}},
	{"RESUME of none", "", {{"/etc/initramfs-tools/conf.d/resume", "RESUME=none\n"}}},
	{"a getty on hvc0", "console",
		{{"/etc/inittab", "h0:2345:respawn:/sbin/getty 38400 hvc0\n"}}},
	{"a getty on xvc0", "console",
		{{"/etc/inittab", "x0:2345:respawn:/sbin/getty 38400 xvc0\n"}}},
	{"an inittab that systemd does not read", "",
		{{"/etc/inittab", "h0:2345:respawn:/sbin/getty 38400 hvc0\n"}, SYSTEMD}},
	{"an inittab of which Upstart reads the runlevel", "",
		{{"/etc/inittab", "h0:2345:respawn:/sbin/getty 38400 hvc0\n"}, UPSTART}},
	{"an Upstart job", "console",
		{{"/etc/init/hvc0.conf", "exec getty hvc0\n"}, UPSTART}},
	{"an Upstart job that nobody reads", "",
		{{"/etc/init/hvc0.conf", "exec getty hvc0\n"}, SYSTEMD}},
	{"an old Upstart job", "console",
		{{"/etc/event.d/xvc0", "exec getty xvc0\n"}, {"/etc/event.d/"}}},
	{"a unit", "console",
		{{"/etc/systemd/system/getty.target.wants/serial-getty@hvc0.service",
			 .link = "/lib/systemd/system/serial-getty@.service"},
			SYSTEMD}},
	{"a plain getty's unit", "console",
		{{"/etc/systemd/system/getty.target.wants/getty@xvc0.service",
			 .link = "/lib/systemd/system/getty@.service"},
			SYSTEMD}},
	{"OpenRC's agetty", "console",
		{{"/etc/runlevels/default/agetty.hvc0",
			 .link = "/etc/init.d/agetty.hvc0"},
			{"/sbin/openrc", "x"}}},
	{"console=", "console", {MENU_OF("(hd0)", K, "root=/dev/vda console=hvc0", I)}},
	{"console=keep", "", {MENU_OF("(hd0)", K, "root=/dev/vda console=hvc0", I)},
		.set = "console=keep"},
	{"a card that no rule names", "network",
		{{"/etc/network/interfaces", "auto eth0\niface eth0 inet dhcp\n"},
			{"/sbin/init", .link = "/lib/systemd/systemd"}},
		.machine = "vda ext4 aaaa /\nvdb swap bbbb\nnet 52:54:00:00:00:01\n"
			   "root /dev/vda"},
	{"a card by its rule", "",
		{{"/etc/network/interfaces", "auto eth0\niface eth0 inet dhcp\n"},
			{"/sbin/init", .link = "/lib/systemd/systemd"},
			{"/etc/udev/rules.d/70-persistent-net.rules",
				"SUBSYSTEM==\"net\", "
				"ATTR{address}==\"52:54:00:00:00:01\", "
				"NAME=\"eth0\"\n"}},
		.machine = "vda ext4 aaaa /\nvdb swap bbbb\nnet 52:54:00:00:00:01\n"
			   "root /dev/vda"},
	{"no config and no boot code: the host brings all", "",
		{{"/boot/grub/menu.lst", .link = "/nowhere"}}},
	{"boot code that reads another config", "boot-loader",
		.machine =
			"vda ext4 aaaa / boot_code=grub2\nvdb swap bbbb\nroot /dev/vda"},
	{"boot code that we do not know", "",
		.machine = "vda ext4 aaaa / boot_code=unknown\nvdb swap bbbb\nroot "
			   "/dev/vda"},
	{"boot code without a config", "boot-loader",
		{{"/boot/grub/menu.lst", .link = "/nowhere"}},
		.machine =
			"vda ext4 aaaa / boot_code=grub\nvdb swap bbbb\nroot /dev/vda"},
};

static size_t merge(const struct row *row, struct fx_file *to)
{
	size_t n = ARRAY_SIZE(good);

	memcpy(to, good, sizeof(good));
	for (size_t i = 0; i < ARRAY_SIZE(row->files) && row->files[i].path; i++) {
		size_t k = 0;

		while (k < n && strcmp(to[k].path, row->files[i].path) != 0)
			k++;
		to[k] = row->files[i];
		n += k == n;
	}
	return n;
}

START_TEST(rehearsing)
{
	const struct row *row = &rows[_i];
	struct fx_file files[ARRAY_SIZE(good) + 3];
	size_t n = merge(row, files);
	struct strbuf fails = {0};
	struct verdict v = {0};
	struct plan_fx p;

	plan_fx_load(&p, row->machine ? row->machine : MACHINE, files, n, row->set);
	ck_assert_int_eq(verify_guest(&p.fx.snap, &p.fx.machine, &p.fx.guest, &p.options,
				 &v, NULL),
		0);
	strbuf_adds(&fails, "");
	for (size_t i = 0; i < v.n; i++) {
		ck_assert_msg(
			*v.v[i].detail, "%s: %s says nothing", row->name, v.v[i].id);
		if (!v.v[i].ok && !str_contains(strbuf_str(&fails), v.v[i].id))
			strbuf_addf(&fails, "%s%s", fails.n ? " " : "", v.v[i].id);
	}
	check_bytes(row->name, strbuf_str(&fails), str_from(row->fails));
	ck_assert(v.bootable == !*row->fails);
	strbuf_done(&fails);
	verdict_done(&v);
	plan_fx_done(&p);
}
END_TEST

/* On a partition, GRUB counts from 0. */
static const struct {
	const char *machine, *root;
	bool ok;
} grub_rows[] = {
	{"vda table=dos\nvda1 ext4 aaaa /\nroot /dev/vda1", "(hd0,0)", true},
	{"vda table=dos\nvda1 ext4 aaaa /\nroot /dev/vda1", "(hd0)", false},
	{"vda table=dos\nvda1 ext4 aaaa /\nroot /dev/vda1", "(hd0,1)", false},
	{"vda ext4 bbbb -\nvdb table=dos\nvdb2 ext4 aaaa /\nroot /dev/vdb2", "(hd1,1)",
		true},
};

START_TEST(grub_root)
{
	cleanup_(free_charp) char *menu =
		str_printf("timeout 5\ntitle t\nroot %s\nkernel " K
			   " root=UUID=aaaa\ninitrd " I "\n",
			grub_rows[_i].root);
	const struct fx_file files[] = {{"/etc/fstab", "UUID=aaaa / ext4 d 0 1\n"},
		{"/boot/grub/menu.lst", menu}, FX_IMAGE("6.1"), FX_GOOD_INITRD("6.1")};
	struct verdict v = {0};
	struct plan_fx p;

	plan_fx_load(&p, grub_rows[_i].machine, files, ARRAY_SIZE(files), NULL);
	ck_assert_int_eq(verify_guest(&p.fx.snap, &p.fx.machine, &p.fx.guest, &p.options,
				 &v, NULL),
		0);
	ck_assert_msg(v.bootable == grub_rows[_i].ok, "%d", _i);
	verdict_done(&v);
	plan_fx_done(&p);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, rehearsing, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(tc, grub_root, 0, ARRAY_SIZE(grub_rows));
}

int main(void)
{
	return check_main("verify", add);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What this guest is: read from a snapshot of its files and the machine it woke up on. Pure;
 * borrows from both, which must outlive it. */
#pragma once

#include "guest/distro.h"
#include "guest/initramfs.h"
#include "guest/machine.h"
#include "guest/snapshot.h"

enum init_system {
	INIT_UNKNOWN,
	INIT_SYSVINIT,
	INIT_UPSTART,
	INIT_SYSTEMD,
	INIT_OPENRC,
	INIT_BUSYBOX,
};
enum layout {
	LAYOUT_UNKNOWN,
	LAYOUT_PARTITION_AS_DISK,
	LAYOUT_WHOLE_DISK,
	LAYOUT_PARTITIONED
};
enum boot_style { BOOT_NONE, BOOT_PVGRUB, BOOT_MBR, BOOT_EFI };
enum kernel_kind { KERNEL_PROVIDER, KERNEL_XEN_ONLY, KERNEL_MAINLINE };
enum loader {
	LOADER_NONE,
	LOADER_GRUB_LEGACY,
	LOADER_GRUB2,
	LOADER_EXTLINUX,
	LOADER_LILO
};

const char *init_system_name(enum init_system i);
const char *layout_name(enum layout l);
const char *boot_style_name(enum boot_style b);
/* Whether boot code of that name (sys/blk.h) reads a config of this loader; true where it is not
 * known what it reads. */
bool boot_code_reads(const char *boot_code, enum loader l);
const char *kernel_kind_name(enum kernel_kind k);
const char *loader_name(enum loader l);

/* Where a driver of a kernel is, best first. */
enum driver_place {
	DRIVER_BUILTIN,
	DRIVER_LOADED,  /* in the initramfs, and something there loads it */
	DRIVER_IDLE,    /* in the initramfs, but nothing loads it */
	DRIVER_ON_DISK, /* only in /lib/modules */
	DRIVER_ABSENT,
};
const char *driver_place_name(enum driver_place p);
/* Where a kernel has the driver `name` ("ext4"). */
struct kernel;
enum driver_place kernel_driver_place(
	const struct snapshot *snap, const struct kernel *k, const char *name);

/* The drivers without which a virtio root disk is not seen. */
extern const char *const root_drivers[];
#define N_ROOT_DRIVERS 2 /* virtio_pci, virtio_blk */

struct kernel {
	char *release;
	char *image;     /* real path */
	char *initramfs; /* real path, NULL where there is none */
	enum kernel_kind kind;
	enum initramfs_flavour flavour;
	enum driver_place drivers[N_ROOT_DRIVERS]; /* in the order of root_drivers */
	bool in_menu, is_default;
};

/* One entry of the boot menu. Texts as written; of GRUB 2 as its commands get them. */
struct boot_entry {
	struct str title, kernel, args, initrd, root;
	struct str name; /* GRUB 2: how `default` says it, "submenu>entry"; else empty */
	char *image, *initramfs; /* real paths of files that are there; NULL */
	bool chain;              /* starts no Linux kernel of this guest */
	/* The device that the loader reads the kernel from; NULL: not known. */
	const struct device *from;
	char *problem; /* why the loader would not get as far as the kernel; NULL */
};

struct guest {
	char *id, *version, *name; /* "debian", "12", "Debian GNU/Linux 12 (bookworm)" */
	char *arch;                /* "x86_64", "i386"; "" when not known */
	enum family family;
	enum init_system init;
	enum layout layout;
	enum boot_style boot;
	/* kvm-pvgrub reads the menu: the host's image, or our boot code on a disk. */
	bool by_pvgrub;
	enum kernel_kind kernel;   /* of the default entry */
	const struct device *root; /* the device that holds / */
	const struct device
		*bootfs;     /* the device that holds /boot; root where not separate */
	char *bootfs_prefix; /* "" or "/boot": what menu paths lack */

	enum loader loader;
	char *config; /* real path of the config that the loader reads; NULL */
	struct boot_entry *menu;
	size_t n_menu, default_entry;
	bool default_known;    /* false: default_entry is GRUB's fallback to the first */
	struct strv menu_text; /* what of the menu is not in the snapshot as it is here */
	bool menu_waits;    /* until a key is pressed: it has no timeout (GRUB legacy) */
	char *menu_problem; /* why the menu was read without executing it; NULL */

	struct kernel *kernels; /* of the menu; without one, those in /boot */
	size_t n_kernels;
	struct kernel *in_boot; /* all in /boot with an initramfs, newest first */
	size_t n_in_boot;
};

/* -EINVAL with a reason: not a guest we can read (refused). -ENOMEM. */
int guest_read(const struct snapshot *snap, const struct machine *m, struct guest *ret,
	struct err *e) must_check;
/* The same as it will be once the machine has this boot code (its name, see sys/blk.h). */
int guest_read_as(const struct snapshot *snap, const struct machine *m,
	const char *boot_code, struct guest *ret, struct err *e) must_check;
void guest_done(struct guest *g);
/* The kernel of the default entry, else the newest; NULL. */
const struct kernel *guest_default_kernel(const struct guest *g);

/* The parts of guest_read(), each in its own file. */
/* The files that say which distribution it is, in the order in which they are asked; NULL. */
const char *guest_os_file(size_t i);
int guest_read_os(const struct snapshot *snap, struct guest *g, struct err *e) must_check;
void guest_read_init(const struct snapshot *snap, struct guest *g);
int guest_read_storage(const struct snapshot *snap, const struct machine *m,
	struct guest *g, struct err *e) must_check;
/* `boot_code`: what a BIOS starts; NULL: the host starts the guest. */
int guest_read_loader(const struct snapshot *snap, const struct machine *m,
	const char *boot_code, struct guest *g, struct err *e) must_check;
int guest_read_kernels(
	const struct snapshot *snap, struct guest *g, struct err *e) must_check;

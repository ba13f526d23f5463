/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rehearsal up to the kernel: what the firmware starts, and what that loads. */
#include <stdio.h>
#include <string.h>

#include "plan/verify_work.h"

/* What boot code is to be called. */
static const char *const codes[][2] = {
	{"grub", "GRUB legacy"},
	{"grub2", "GRUB 2"},
	{"syslinux", "syslinux"},
	{"lilo", "LILO"},
	{"pvgrub", "kvm-pvgrub's"},
};

static void check_boot_code(struct rehearsal *r)
{
	const struct device *d = machine_boot_disk(r->m);
	const char *name = d ? d->boot_code : "no";
	const bool reads_it = !d || boot_code_reads(d->boot_code, r->g->loader);

	for (size_t i = 0; d && i < ARRAY_SIZE(codes); i++)
		if (strcmp(codes[i][0], d->boot_code) == 0)
			name = codes[i][1];
	verify_check(r, "boot-loader", r->g->config && reads_it,
		"%s boot code on /dev/%s, %s%s", name, d ? d->name : "",
		r->g->config ? r->g->config : "but no config that it reads",
		reads_it ? "" : ", which is another loader's");
}

static const struct device *first_fat(const struct machine *m)
{
	const struct device *d;

	for (size_t i = 0; (d = machine_target(m, i)); i++)
		if (strcmp(d->type, "vfat") == 0)
			return d;
	return NULL;
}

/* EFI runs a program on a FAT file system. The boot entries that named another one than the
 * removable media's (UEFI 3.5.1.1) were the old machine's, and stayed there. */
static void check_efi(struct rehearsal *r)
{
	const struct device *fat = first_fat(r->m);
	const bool seen = snapshot_exists(r->snap, "/boot/efi/EFI");

	if (!fat)
		verify_check(r, "boot-loader", false,
			"this machine's firmware is EFI, and no disk has a FAT file "
			"system that it could start from");
	else if (!seen)
		verify_check(r, "boot-loader", true,
			"EFI starts what is on /dev/%s, which is not on /boot/efi to be "
			"looked at; %s",
			fat->name, r->g->config);
	else if (!snapshot_file(r->snap, "/boot/efi/EFI/BOOT/BOOTX64.EFI"))
		verify_check(r, "boot-loader", false,
			"/boot/efi has no EFI/BOOT/BOOTX64.EFI, which is what EFI starts "
			"on a machine that has no boot entries of this guest's: "
			"grub-install --removable makes it");
	else
		verify_check(r, "boot-loader", true,
			"EFI starts EFI/BOOT/BOOTX64.EFI of /boot/efi, %s", r->g->config);
}

void verify_boot_loader(struct rehearsal *r)
{
	const bool self = r->o->boot == BOOT_SELF;

	switch (r->g->boot) {
	case BOOT_NONE:
		verify_check(r, "boot-loader", !self,
			"no boot loader and no config: the host brings the kernel");
		break;
	case BOOT_PVGRUB:
		verify_check(r, "boot-loader", !self,
			"no boot code on any disk: the host's kvm-pvgrub.img reads %s",
			r->g->config);
		break;
	case BOOT_MBR:
		check_boot_code(r);
		break;
	case BOOT_EFI:
		check_efi(r);
		break;
	}
}

void verify_boot_entry(struct rehearsal *r)
{
	const struct boot_entry *ent = r->entry;
	const struct guest *g = r->g;

	if (!g->config)
		return;
	if (!ent) {
		verify_check(r, "boot-entry", false, "%s has no entry%s%s", g->config,
			g->menu_problem ? ": " : "",
			g->menu_problem ? g->menu_problem : "");
		return;
	}
	if (ent->chain || !ent->image) {
		verify_check(r, "boot-entry", false, "%s: entry %zu, \"" STR_FMT "\": %s",
			g->config, g->default_entry, STR_ARG(ent->title),
			ent->problem ? ent->problem
			: ent->chain ? "starts no kernel of this guest"
				     : "its kernel is not there");
		return;
	}
	verify_check(r, "boot-entry", !g->menu_waits,
		"%s: entry %zu, \"" STR_FMT "\", kernel " STR_FMT "%s", g->config,
		g->default_entry, STR_ARG(ent->title), STR_ARG(ent->kernel),
		g->menu_waits ? ", but only when a key is pressed: no timeout" : "");
	if (ent->initrd.n)
		verify_check(r, "boot-initrd", ent->initramfs != NULL,
			"initramfs " STR_FMT "%s", STR_ARG(ent->initrd),
			ent->initramfs ? "" : ", which is not there");
}

/* GRUB legacy's and pv-grub's root must be written for the disk as it is now: with a
 * partition where there is a table, without one where there is none. */
static bool check_grub_root(struct rehearsal *r)
{
	const struct device *d = r->g->bootfs;
	char want[32];
	bool ok;

	if (r->g->loader != LOADER_GRUB_LEGACY || !r->entry->root.n || d->on.n)
		return true;
	if (d->number)
		snprintf(want, sizeof(want), "(hd%zu,%u)", d->disk, d->number - 1);
	else
		snprintf(want, sizeof(want), "(hd%zu)", d->disk);
	ok = str_is(r->entry->root, want);
	verify_check(r, "grub-root", ok, "root " STR_FMT ", /boot is on %s, /dev/%s",
		STR_ARG(r->entry->root), want, d->name);
	return ok;
}

/* That the guest has the files says nothing of where its loader looks for them. */
void verify_boot_root(struct rehearsal *r)
{
	const struct boot_entry *ent = r->entry;

	if (!ent || ent->chain || !ent->image || !check_grub_root(r))
		return;
	if (ent->problem)
		verify_check(r, "boot-root", false, "%s: %s", r->g->config, ent->problem);
	else if (ent->from)
		verify_check(r, "boot-root", true, "the loader reads %s from /dev/%s",
			ent->image, ent->from->name);
	else if (r->g->menu_problem)
		verify_check(r, "boot-root", true,
			"%s was taken as it is written, not executed: %s", r->g->config,
			r->g->menu_problem);
}

/* LILO starts what stood where its program found it: a kernel or an initramfs that is younger than
 * that list is somewhere else. */
void verify_boot_map(struct rehearsal *r)
{
	const struct snap_entry *map = snapshot_file(r->snap, "/boot/map");
	const char *const files[] = {r->g->config, r->entry ? r->entry->image : NULL,
		r->entry ? r->entry->initramfs : NULL};

	if (r->g->loader != LOADER_LILO || r->g->boot != BOOT_MBR)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		const struct snap_entry *file =
			files[i] ? snapshot_file(r->snap, files[i]) : NULL;

		if (!map || (file && file->mtime > map->mtime)) {
			verify_check(r, "boot-map", false,
				map ? "%s is younger than LILO's /boot/map"
				    : "%s, but there is no /boot/map of LILO's",
				files[i]);
			return;
		}
	}
	verify_check(
		r, "boot-map", true, "LILO's /boot/map is as young as what it lists");
}

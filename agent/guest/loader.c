/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which boot loader starts the guest, and from which config. */
#include <errno.h>
#include <string.h>

#include "guest/menu.h"

const char *loader_name(enum loader l)
{
	static const char *const names[] = {
		[LOADER_NONE] = "none",
		[LOADER_GRUB_LEGACY] = "grub-legacy",
		[LOADER_GRUB2] = "grub2",
		[LOADER_EXTLINUX] = "extlinux",
		[LOADER_LILO] = "lilo",
	};

	return names[l];
}

const char *boot_style_name(enum boot_style b)
{
	static const char *const names[] = {
		[BOOT_NONE] = "none",
		[BOOT_PVGRUB] = "pvgrub",
		[BOOT_MBR] = "mbr",
		[BOOT_EFI] = "efi",
	};

	return names[b];
}

/* Configs in the order in which pv-grub and pygrub come to them: a guest that has several
 * was steered by the first. `boot_code` is what a disk's first sector must hold for firmware
 * to reach the same config. LILO's is read when LILO is installed, and by no loader. */
static const struct config {
	const char *path, *boot_code;
	enum loader loader;
} configs[] = {
	{"/boot/grub/menu.lst", "grub", LOADER_GRUB_LEGACY},
	{"/boot/grub/grub.conf", "grub", LOADER_GRUB_LEGACY},
	{"/boot/grub/grub.cfg", "grub2", LOADER_GRUB2},
	{"/boot/grub2/grub.cfg", "grub2", LOADER_GRUB2},
	{"/boot/isolinux/isolinux.cfg", "syslinux", LOADER_EXTLINUX},
	{"/boot/extlinux/extlinux.conf", "syslinux", LOADER_EXTLINUX},
	{"/boot/extlinux.conf", "syslinux", LOADER_EXTLINUX},
	{"/boot/syslinux/syslinux.cfg", "syslinux", LOADER_EXTLINUX},
	{"/etc/lilo.conf", "lilo", LOADER_LILO},
};

bool boot_code_reads(const char *boot_code, enum loader l)
{
	bool known = false;

	for (size_t i = 0; i < ARRAY_SIZE(configs); i++) {
		if (strcmp(configs[i].boot_code, boot_code) != 0)
			continue;
		if (configs[i].loader == l)
			return true;
		known = true;
	}
	return !known;
}

static const struct config *find_config(
	const struct snapshot *snap, const char *boot_code)
{
	struct str data;

	for (size_t i = 0; i < ARRAY_SIZE(configs); i++)
		if ((boot_code ? strcmp(configs[i].boot_code, boot_code) == 0
			       : configs[i].loader != LOADER_LILO) &&
			snapshot_data(snap, configs[i].path, &data))
			return &configs[i];
	return NULL;
}

/* A config that is there but cannot be read must not count as missing: another would be taken
 * for the guest's own. */
static int check_configs(const struct snapshot *snap, struct err *e)
{
	for (size_t i = 0; i < ARRAY_SIZE(configs); i++) {
		const char *problem = snapshot_problem(snap, configs[i].path);
		struct str data;

		if (problem)
			return err_set(e, -EINVAL, "%s: %s", configs[i].path, problem);
		if (snapshot_data(snap, configs[i].path, &data) && str_has_nul(data))
			return err_set(e, -EINVAL,
				"%s holds NUL bytes: repair it by hand first",
				configs[i].path);
	}
	return 0;
}

static int read_menu(const struct menu_work *w, enum loader loader)
{
	struct str text;

	if (!snapshot_data(w->snap, w->config, &text))
		return 0;
	switch (loader) {
	case LOADER_GRUB_LEGACY:
		return menu_read_legacy(w, text);
	case LOADER_GRUB2:
		return menu_read_grub2(w, text);
	case LOADER_EXTLINUX:
		return menu_read_extlinux(w, text);
	case LOADER_LILO:
		return menu_read_lilo(w, text);
	case LOADER_NONE:
		break;
	}
	return 0;
}

int guest_read_loader(const struct snapshot *snap, const struct machine *m,
	const char *boot_code, struct guest *g, struct err *e)
{
	/* EFI runs no sector. What it does run is GRUB 2, where there is a choice. */
	const bool efi = strcmp(m->firmware, "efi") == 0;
	const char *starts = efi ? "grub2" : boot_code;
	const bool by_pvgrub = !starts || strcmp(starts, "pvgrub") == 0;
	const struct config *c = by_pvgrub ? NULL : find_config(snap, starts);
	struct menu_work w = {.snap = snap, .m = m, .g = g, .e = e};
	int r = check_configs(snap, e);

	if (r < 0)
		return r;
	g->by_pvgrub = by_pvgrub;
	g->boot = efi ? BOOT_EFI : starts ? BOOT_MBR : BOOT_PVGRUB;
	if (!c)
		c = find_config(snap, NULL);
	if (!c) {
		g->boot = boot_code && !efi ? BOOT_MBR : BOOT_NONE;
		return 0;
	}
	g->loader = c->loader;
	g->config = strdup(snapshot_file(snap, c->path)->path);
	if (!g->config)
		return err_oom(e);
	w.config = c->path;
	return read_menu(&w, c->loader);
}

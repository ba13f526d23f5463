/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kernel command lines, wherever a boot loader or the tool that writes its config keeps
 * them: root=, resume= and console= words, and GRUB legacy's own device names. */
#include <stdio.h>
#include <string.h>

#include "plan/draft.h"
#include "plan/rules.h"
#include "text/bls.h"
#include "text/extlinux.h"
#include "text/grub_cfg.h"
#include "text/grubenv.h"
#include "text/menu_lst.h"
#include "text/shell_vars.h"

static int edit_menu_lst(
	struct str in, const void *request, struct strbuf *out, struct err *e)
{
	return menu_lst_edit(in, request, out, e);
}

/* The editors below take a struct cmdline_edit, which a struct menu_lst_edit begins with. */
static int edit_grub_cfg(
	struct str in, const void *request, struct strbuf *out, struct err *e)
{
	return grub_cfg_edit(in, request, out, e);
}

static int edit_grubenv(
	struct str in, const void *request, struct strbuf *out, struct err *e)
{
	/* A block that GRUB itself would not read is none of our business. */
	if (!str_starts(in, "# GRUB Environment Block\n") || in.n != 1024)
		return 0;
	return grubenv_edit(in, request, out, e);
}

static int edit_bls(struct str in, const void *request, struct strbuf *out, struct err *e)
{
	return bls_edit(in, request, out, e);
}

static int edit_extlinux(
	struct str in, const void *request, struct strbuf *out, struct err *e)
{
	return extlinux_edit(in, request, out, e);
}

static int edit_default_grub(
	struct str in, const void *request, struct strbuf *out, struct err *e)
{
	return shell_vars_edit_cmdline(in, "GRUB_CMDLINE_LINUX*", request, out, e);
}

/* What perl-Bootloader, SUSE's, makes new entries of. */
static int edit_bootloader(
	struct str in, const void *request, struct strbuf *out, struct err *e)
{
	return shell_vars_edit_cmdline(in, "*_APPEND", request, out, e);
}

static int edit_update_extlinux(
	struct str in, const void *request, struct strbuf *out, struct err *e)
{
	return shell_vars_edit_cmdline(in, "default_kernel_opts", request, out, e);
}

static int edit_bare(
	struct str in, const void *request, struct strbuf *out, struct err *e)
{
	return cmdline_edit(in, request, out, e);
}

static const struct {
	const char *id, *pattern;
	draft_editor edit;
} files[] = {
	{"menu.lst", "/boot/grub/menu.lst", edit_menu_lst},
	{"menu.lst", "/boot/grub/grub.conf", edit_menu_lst},
	{"grub.cfg", "/boot/grub/grub.cfg", edit_grub_cfg},
	{"grub.cfg", "/boot/grub2/grub.cfg", edit_grub_cfg},
	{"grubenv", "/boot/grub/grubenv", edit_grubenv},
	{"grubenv", "/boot/grub2/grubenv", edit_grubenv},
	{"bls", "/boot/loader/entries/*.conf", edit_bls},
	{"extlinux", "/boot/extlinux.conf", edit_extlinux},
	{"extlinux", "/boot/extlinux/extlinux.conf", edit_extlinux},
	{"extlinux", "/boot/syslinux/syslinux.cfg", edit_extlinux},
	{"default-grub", "/etc/default/grub", edit_default_grub},
	{"default-grub", "/etc/default/grub.d/*.cfg", edit_default_grub},
	{"kernel-cmdline", "/etc/kernel/cmdline", edit_bare},
	{"bootloader", "/etc/sysconfig/bootloader", edit_bootloader},
	{"update-extlinux", "/etc/update-extlinux.conf", edit_update_extlinux},
};

/* "(hd0)" or "(hd0,0)": where GRUB legacy finds the file system that holds /boot. Empty where
 * it lies on a volume, which GRUB legacy cannot read anyway. */
static void find_groot(const struct plan_input *in, char *ret, size_t size)
{
	const struct device *d = in->guest->bootfs;

	*ret = '\0';
	if (d->on.n)
		return;
	if (d->number)
		snprintf(ret, size, "(hd%zu,%u)", d->disk, d->number - 1);
	else
		snprintf(ret, size, "(hd%zu)", d->disk);
}

/* Ubuntu's update-grub-legacy-ec2 lists Xen's kernels in a domU, and all others elsewhere; Xen's are
 * those with CONFIG_XEN=y, which today's kernels have that start anywhere. What # indomU= says
 * decides that the kernel that starts here is listed, and the next of its kind. */
static const char *find_indomu(const struct plan_input *in)
{
	const struct kernel *k = guest_default_kernel(in->guest);
	cleanup_(free_charp) char *path =
		str_printf("/boot/config-%s", k ? k->release : "");
	struct str config;

	if (!path || !snapshot_data(in->snap, path, &config))
		return "true";
	STR_FOREACH_LINE (line, config) {
		if (str_is(str_chomp(line), "CONFIG_XEN=y"))
			return "true";
	}
	return "false";
}

int rule_boot_config(const struct plan_input *in, struct plan *p, struct err *e)
{
	struct dev_map map = plan_dev_map(p);
	struct menu_lst_edit req = {.cmdline = {.map = &map, .drop_xen = true}};
	char groot[32];
	int r = 0;

	if (strcmp(in->options->console, "keep") != 0)
		req.cmdline.console = in->options->console;
	find_groot(in, groot, sizeof(groot));
	if (in->guest->loader == LOADER_GRUB_LEGACY) {
		req.groot = *groot ? groot : NULL;
		req.indomu = find_indomu(in);
	}
	for (size_t i = 0; i < ARRAY_SIZE(files) && r >= 0; i++) {
		const struct snap_entry *ent;
		size_t pos = 0;

		while (r >= 0 && (ent = snapshot_glob(in->snap, files[i].pattern, &pos)))
			if (ent->kind != SNAP_DIR)
				r = draft_edit(in, p, files[i].id, ent->path,
					files[i].edit, &req,
					"root, console and disk names", e);
	}
	return r;
}

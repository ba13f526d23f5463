/* SPDX-License-Identifier: GPL-2.0-or-later */
/* acpid hears the power button by the kernel's button driver, and by evdev where that tells of it
 * as of a key. A start loads modules that have an alias for a device, as both have since Linux
 * 2.6.24; what it does not load is named in the file that it reads for that. */
#include <string.h>

#include "plan/draft.h"
#include "plan/rules.h"
#include "text/initramfs_tools.h"
#include "text/modules_dep.h"
#include "text/word_list.h"

static const char *const button_drivers[] = {"button", "evdev"};

static int edit_lines(
	struct str in, const void *request, struct strbuf *out, struct err *e)
{
	return initramfs_modules_add(
		in, ((const struct word_list_edit *)request)->add, out, e);
}

static int edit_words(
	struct str in, const void *request, struct strbuf *out, struct err *e)
{
	return word_list_edit(in, request, out, e);
}

/* What names modules for a start. The first row whose path is there counts: a file that is edited,
 * or a folder, which gets a script. */
static const struct place {
	const char *path;
	draft_editor edit; /* NULL: a folder */
	const char *variable;
} places[] = {
	{"/etc/sysconfig/modules", NULL, NULL},
	{"/etc/sysconfig/kernel", edit_words, "MODULES_LOADED_ON_BOOT"},
	{"/etc/modules", edit_lines, NULL},
};

/* By udev, or Alpine's service for machines with mdev. */
static bool loads_by_alias(const struct snapshot *snap)
{
	size_t pos = 0;

	return snapshot_exists(snap, "/etc/udev/rules.d") ||
	       snapshot_glob(snap, "/etc/runlevels/*/hwdrivers", &pos);
}

/* EL5's start goes through the folder of ACPI's drivers. */
static bool loads_acpi(const struct snapshot *snap)
{
	struct str script;

	return snapshot_data(snap, "/etc/rc.d/rc.sysinit", &script) &&
	       str_contains(script, "/kernel/drivers/acpi/*");
}

/* It is a module, and nothing loads it. */
static bool is_idle(
	const struct plan_input *in, const struct kernel *k, const char *driver)
{
	const enum driver_place place = kernel_driver_place(in->snap, k, driver);
	cleanup_(free_charp) char *path =
		str_printf("/lib/modules/%s/modules.alias", k->release);
	struct str alias;

	if (place != DRIVER_ON_DISK && place != DRIVER_IDLE)
		return false;
	if (strcmp(driver, "button") == 0 && loads_acpi(in->snap))
		return false;
	return !loads_by_alias(in->snap) || !path ||
	       !snapshot_data(in->snap, path, &alias) ||
	       !modules_alias_has(alias, driver);
}

static int write_script(const struct plan_input *in, const struct strv *drivers,
	struct plan *p, struct err *e)
{
	static const char path[] = "/etc/sysconfig/modules/xvd2vd.modules";
	cleanup_(strbuf_done) struct strbuf text = {0};
	struct str have;

	strbuf_adds(
		&text, "#!/bin/sh\n# xvd2vd: acpid hears the power button by these.\n");
	STRV_FOREACH (driver, drivers)
		strbuf_addf(&text, "modprobe %s\n", *driver);
	if (strbuf_err(&text) < 0)
		return err_oom(e);
	if (draft_read(in, p, path, &have) && str_eq(have, strbuf_str(&text)))
		return 0;
	return draft_write(
		in, p, "acpid", path, &text, 0755, e, "loads the power button's drivers");
}

int rule_acpi_modules(const struct plan_input *in, struct plan *p, struct err *e)
{
	const struct kernel *k = guest_default_kernel(in->guest);
	cleanup_(strv_done) struct strv drivers = {0};

	/* systemd comes with an udev, and with kernels, that need none of this. Another kernel
	 * is asked once it is the default. */
	if (!k || p->again || in->guest->init == INIT_SYSTEMD ||
		in->guest->init == INIT_UNKNOWN)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(button_drivers); i++)
		if (is_idle(in, k, button_drivers[i]) &&
			strv_adds(&drivers, button_drivers[i]) < 0)
			return err_oom(e);
	for (size_t i = 0; i < ARRAY_SIZE(places) && drivers.n; i++) {
		const struct place *at = &places[i];
		const struct word_list_edit request = {at->variable, &drivers, NULL};

		if (!snapshot_exists(in->snap, at->path))
			continue;
		return at->edit ? draft_edit(in, p, "acpid", at->path, at->edit, &request,
					  "the power button's drivers are loaded", e)
				: write_script(in, &drivers, p, e);
	}
	return 0;
}

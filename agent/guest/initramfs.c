/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See initramfs.h. One row a tool. */
#include <errno.h>
#include <string.h>

#include "guest/initramfs.h"
#include "text/initramfs_tools.h"
#include "text/kmod_index.h"
#include "text/modules_dep.h"
#include "text/nash_init.h"
#include "text/shell_vars.h"

#define UDEV "/udevd", "/systemd-udevd", "/udevadm"

/* udev, and Alpine's nlplug-findfs, ask kmod for the modalias of each device. SUSE's mkinitrd
 * chooses among udev's rules: without that of the drivers it loads none. */
static const struct initramfs_kind kinds[] = {
	[FLAVOUR_NONE] = {.name = "none"},
	[FLAVOUR_UNKNOWN] = {.name = "unknown", .hotplug = {UDEV}},
	[FLAVOUR_INITRAMFS_TOOLS] = {.name = "initramfs-tools",
		.marks = {"scripts/functions", "scripts/local", "conf/initramfs.conf",
			"conf/modules"},
		.hotplug = {UDEV, "scripts/init-top/udev"},
		.format = LOAD_LINES,
		.lists = {{"conf/modules", ""}}},
	/* dracut 004 of EL 6 has its library beside its scripts' folders. */
	[FLAVOUR_DRACUT] = {.name = "dracut",
		.marks = {"lib/dracut/", "lib/dracut-lib.sh"},
		.hotplug = {UDEV}},
	[FLAVOUR_MKINITRD] = {.name = "mkinitrd",
		.marks = {"bin/nash"},
		.init_says = "#!/bin/nash",
		.format = LOAD_NASH,
		.lists = {{"init", ""}}},
	[FLAVOUR_SUSE_MKINITRD] = {.name = "mkinitrd (SUSE)",
		.marks = {"run_all.sh", "lib/mkinitrd/"},
		.init_says = "udev_discover_root",
		.hotplug = {"rules.d/80-drivers.rules"}},
	[FLAVOUR_MKINITCPIO] = {.name = "mkinitcpio",
		.marks = {"init_functions", "buildconfig"},
		.hotplug = {UDEV},
		.format = LOAD_VARIABLE,
		.lists = {{"config", "MODULES"}},
		.reader = "init"},
	[FLAVOUR_MKINITFS] = {.name = "mkinitfs",
		.marks = {"sbin/nlplug-findfs"},
		.init_says = "Alpine",
		.hotplug = {"sbin/nlplug-findfs"},
		.format = LOAD_LINES,
		.lists = {{"etc/modules", "/etc/modules"}},
		.reader = "init"},
	/* Its groups of drivers, as its configuration names them; virtio's is of 2010. */
	[FLAVOUR_GENKERNEL] = {.name = "genkernel",
		.marks = {"etc/initrd.scripts", "etc/initrd.defaults"},
		.hotplug = {UDEV},
		.format = LOAD_LINES,
		.lists = {{"etc/modules/virtio", "virtio"}, {"etc/modules/scsi", "scsi"},
			{"etc/modules/sata", "sata"}},
		.reader = "etc/initrd.defaults"},
};

const struct initramfs_kind *initramfs_kind(enum initramfs_flavour f)
{
	return &kinds[f];
}

static bool is_marked(const struct initramfs_kind *k, struct str member)
{
	str_skip(&member, "usr/");
	for (size_t i = 0; i < ARRAY_SIZE(k->marks) && k->marks[i]; i++)
		if (str_is(member, k->marks[i]) ||
			(str_ends(str_from(k->marks[i]), "/") &&
				str_starts(member, k->marks[i])))
			return true;
	return false;
}

static bool has_mark(const struct snap_archive *a, const struct initramfs_kind *k)
{
	struct str init;

	STRV_FOREACH (m, &a->members)
		if (is_marked(k, str_from(*m)))
			return true;
	return k->init_says && snap_archive_data(a, "init", &init) &&
	       str_contains(init, k->init_says);
}

enum initramfs_flavour initramfs_find_flavour(const struct snap_archive *a)
{
	if (!a)
		return FLAVOUR_NONE;
	for (enum initramfs_flavour f = FLAVOUR_UNKNOWN + 1; f < N_FLAVOURS; f++)
		if (has_mark(a, &kinds[f]))
			return f;
	return FLAVOUR_UNKNOWN;
}

struct str kernel_module_release(struct str member)
{
	struct str release, rest;

	str_skip(&member, "usr/");
	if (!str_skip(&member, "lib/modules/") ||
		!str_cut(member, '/', &release, &rest) || !rest.n)
		return (struct str){0};
	return release;
}

bool initramfs_has_module(
	const struct snap_archive *a, const char *release, const char *driver)
{
	STRV_FOREACH (m, &a->members) {
		struct str of;

		if (!module_name_is(str_from(*m), driver))
			continue;
		of = kernel_module_release(str_from(*m));
		if (!of.n || str_is(of, release))
			return true;
	}
	return false;
}

const char *initramfs_load_list(const struct snap_archive *a, enum initramfs_flavour f)
{
	const struct initramfs_kind *k = &kinds[f];
	struct str text;

	if (k->reader && !snap_archive_data(a, k->reader, &text))
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(k->lists) && k->lists[i].path; i++)
		if (!k->reader || str_contains(text, k->lists[i].name))
			return k->lists[i].path;
	return NULL;
}

static bool is_listed(
	const struct snap_archive *a, enum initramfs_flavour f, const char *driver)
{
	cleanup_(strbuf_done) struct strbuf value = {0};
	const char *list = initramfs_load_list(a, f);
	struct str text, rest, word;

	if (!list || !snap_archive_data(a, list, &text))
		return false;
	switch (kinds[f].format) {
	case LOAD_LINES:
		return initramfs_modules_has(text, driver);
	case LOAD_NASH:
		return nash_init_loads(text, driver);
	case LOAD_VARIABLE:
		shell_vars_get(text, "MODULES", &value);
		rest = strbuf_str(&value);
		while (str_word(&rest, &word))
			if (str_is(word, driver))
				return true;
		return false;
	case LOAD_BY_HOTPLUG:
		break;
	}
	return false;
}

bool initramfs_has_hotplug(const struct snap_archive *a, enum initramfs_flavour f)
{
	const char *const *ends = kinds[f].hotplug;

	STRV_FOREACH (m, &a->members)
		for (size_t i = 0; i < ARRAY_SIZE(kinds[f].hotplug) && ends[i]; i++)
			if (str_ends(str_from(*m), ends[i]))
				return true;
	return false;
}

int initramfs_index(const struct snap_archive *a, const char *path, struct strbuf *ret)
{
	const enum kmod_index_kind kind = str_ends(str_from(path), "/modules.dep")
						  ? KMOD_INDEX_DEP
						  : KMOD_INDEX_ALIAS;
	cleanup_(free_charp) char *bin = str_printf("%s.bin", path);
	struct str text;
	int r;

	if (!bin)
		return -ENOMEM;
	if (snap_archive_data(a, path, &text)) {
		strbuf_add(ret, text);
		return strbuf_err(ret) < 0 ? -ENOMEM : 1;
	}
	if (!snap_archive_data(a, bin, &text))
		return 0;
	r = kmod_index_text(text, kind, ret);
	return r == -EINVAL ? 0 : r < 0 ? r : 1;
}

/* A line of modules.alias that leads to the driver. */
static bool text_has_alias(struct str text, const char *driver)
{
	STR_FOREACH_LINE (line, text) {
		struct str rest = str_chomp(line), word, last = {0};

		while (str_word(&rest, &word))
			last = word;
		if (str_is(last, driver))
			return true;
	}
	return false;
}

static bool has_alias(const struct snap_archive *a, const char *driver)
{
	STRV_FOREACH (m, &a->members) {
		cleanup_(strbuf_done) struct strbuf text = {0};
		struct str path = str_from(*m);

		if (str_ends(path, "/modules.alias.bin"))
			path.n -= strlen(".bin");
		else if (!str_ends(path, "/modules.alias"))
			continue;
		cleanup_(free_charp) char *name = str_dup(path);
		if (name && initramfs_index(a, name, &text) > 0 &&
			text_has_alias(strbuf_str(&text), driver))
			return true;
	}
	return false;
}

bool initramfs_loads(
	const struct snap_archive *a, enum initramfs_flavour f, const char *driver)
{
	return is_listed(a, f, driver) ||
	       (initramfs_has_hotplug(a, f) && has_alias(a, driver));
}

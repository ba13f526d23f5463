/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rehearsal of the guest's own system: what it mounts and waits for, where one logs in,
 * what its network is called. */
#include <string.h>

#include "guest/files.h"
#include "plan/network_names.h"
#include "plan/verify_work.h"
#include "text/cmdline.h"
#include "text/fstab.h"
#include "text/inittab.h"
#include "text/shell_vars.h"

/* Lines that a boot does not wait for. The last three are Upstart's and systemd's. */
static bool is_optional(const struct fstab_entry *ent)
{
	static const char *const options[] = {"nofail", "noauto", "nobootwait",
		"x-systemd.automount", "comment=systemd.automount"};
	/* Optical drives and floppies come and go; nothing waits for them. */
	static const char *const drives[] = {
		"/dev/cdrom", "/dev/sr", "/dev/fd", "/dev/scd"};

	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (fstab_has_option(ent->mntops, options[i]))
			return true;
	for (size_t i = 0; i < ARRAY_SIZE(drives); i++)
		if (str_starts(ent->spec, drives[i]))
			return true;
	return false;
}

/* The kernel's own name for what it has mounted; that no such device need be there is nothing
 * to a system that only mounts it again. */
static bool is_whatever_is_root(const struct fstab_entry *ent)
{
	return str_is(ent->file, "/") && str_is(ent->spec, "/dev/root");
}

/* Links that udev makes from what is on the device: they came along with it, and machine.json does
 * not list them. */
static bool is_named_by_content(struct str spec)
{
	static const char *const links[] = {
		"dm-uuid-", "dm-name-", "md-uuid-", "md-name-", "lvm-pv-uuid-"};

	if (!str_skip(&spec, "/dev/disk/by-id/"))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(links); i++)
		if (str_starts(spec, links[i]))
			return true;
	return false;
}

/* What a file system may also be called, beside its own name. */
static const struct {
	const char *type, *called;
} other_names[] = {
	{"ext2", "ext4"},
	{"ext3", "ext2"},
	{"ext3", "ext4"},
	{"vfat", "msdos"},
	{"ntfs", "ntfs-3g"},
	{"ntfs", "ntfs3"},
	{"iso9660", "udf"},
};

static bool mounts_as(const char *type, struct str called)
{
	struct str one;

	while (str_item(&called, ',', &one)) {
		if (str_is(one, type) || str_is(one, "auto"))
			return true;
		for (size_t i = 0; i < ARRAY_SIZE(other_names); i++)
			if (strcmp(other_names[i].type, type) == 0 &&
				str_is(one, other_names[i].called))
				return true;
	}
	return false;
}

/* Why this line is not what a boot needs; NULL. */
static const char *fault_of(
	const struct rehearsal *r, const struct fstab_entry *ent, const struct device *d)
{
	if (!d)
		return "is not on this machine";
	if (str_is(ent->file, "/"))
		/* Mounted already, and by what it is. */
		return d == r->g->root ? NULL : "is not the root file system";
	if (fstab_is_swap(ent))
		/* A swap that holds a suspended system is a swap again once it is resumed. */
		return !*d->type || strcmp(d->type, "swap") == 0 ||
				       strcmp(d->type, "swsuspend") == 0
			       ? NULL
			       : "is not swap";
	/* What a FUSE program makes of a device is its own affair. */
	if (fstab_has_option(ent->mntops, "bind") || !*d->type ||
		str_starts(ent->vfstype, "fuse"))
		return NULL;
	return mounts_as(d->type, ent->vfstype) ? NULL : "holds something else";
}

void verify_system_fstab(struct rehearsal *r)
{
	struct fstab_entry ent;
	struct str rest = {0};
	size_t line = 0;

	snapshot_data(r->snap, "/etc/fstab", &rest);
	while (fstab_next(&rest, &line, &ent)) {
		const struct device *d;
		const char *fault;

		if (str_is(ent.vfstype, "xenfs") && !is_optional(&ent))
			verify_check(r, "fstab", false,
				"line %zu: xenfs on " STR_FMT
				" cannot be mounted outside of Xen",
				ent.line, STR_ARG(ent.file));
		if (!spec_is_device(ent.spec) || is_optional(&ent) ||
			is_named_by_content(ent.spec))
			continue;
		d = is_whatever_is_root(&ent) ? r->g->root
					      : machine_resolve(r->m, ent.spec);
		fault = fault_of(r, &ent, d);
		verify_check(r, "fstab", !fault,
			"line %zu: " STR_FMT " on " STR_FMT " (" STR_FMT ") %s%s%s%s%s%s",
			ent.line, STR_ARG(ent.spec), STR_ARG(ent.file),
			STR_ARG(ent.vfstype), fault ? fault : "is", d && fault ? ":" : "",
			d ? " /dev/" : "", d ? d->name : "", d && *d->type ? ", " : "",
			d ? d->type : "");
	}
}

static void check_resume(struct rehearsal *r, const char *where, const char *path,
	const char *key, struct str value)
{
	const struct device *d;

	if (!spec_is_device(value) || is_named_by_content(value))
		return;
	d = machine_resolve(r->m, value);
	verify_check(r, "resume", d != NULL, "%s%s: %s=" STR_FMT " is %s%s", where, path,
		key, STR_ARG(value), d ? "/dev/" : "not on this machine",
		d ? d->name : "");
}

static void check_resume_line(
	struct rehearsal *r, const char *where, const char *path, struct str text)
{
	cleanup_(strbuf_done) struct strbuf value = {0};

	if (shell_vars_get(text, "RESUME", &value))
		check_resume(r, where, path, "RESUME", strbuf_str(&value));
}

/* dracut's own words, beside those of the loader. */
static void check_baked_cmdline(struct rehearsal *r)
{
	for (size_t i = 0; i < r->image->n_contents; i++) {
		const struct snap_entry *ent = &r->image->contents[i];
		struct str value;

		if (str_glob("etc/cmdline.d/*.conf", str_from(ent->path)) &&
			cmdline_get(strbuf_str(&ent->data), "resume", &value))
			check_resume(r, "in the initramfs, ", ent->path, "resume", value);
	}
}

/* A swap that is gone keeps the initramfs waiting: this one, or the next that is made. */
void verify_system_resume(struct rehearsal *r)
{
	static const char *const baked[] = {
		"conf/conf.d/resume", "conf/conf.d/zz-resume-auto"};
	struct str text, value;

	if (r->entry && cmdline_get(r->entry->args, "resume", &value))
		check_resume(r, "", "the kernel line", "resume", value);
	for (size_t i = 0; i < ARRAY_SIZE(baked) && r->image; i++)
		if (snap_archive_data(r->image, baked[i], &text))
			check_resume_line(r, "in the initramfs, ", baked[i], text);
	if (r->image)
		check_baked_cmdline(r);
	for (size_t i = 0; i < n_resume_files; i++) {
		const struct snap_entry *ent;
		size_t pos = 0;

		while ((ent = snapshot_glob(r->snap, resume_files[i], &pos)))
			if (ent->has_data)
				check_resume_line(
					r, "", ent->path, strbuf_str(&ent->data));
	}
}

/* A path for a console: "/etc/init/%s.conf". */
static bool exists_for(struct rehearsal *r, const char *pattern, const char *console)
{
	cleanup_(strbuf_done) struct strbuf path = {0};
	struct str head, tail;

	str_cut(str_from(pattern), '%', &head, &tail);
	strbuf_add(&path, head);
	strbuf_adds(&path, console);
	strbuf_add(&path, str_from_pos(tail, 1));
	r->oom |= path.oom;
	return path.p && snapshot_exists(r->snap, path.p);
}

/* Gettys on consoles that KVM does not have, and a kernel that speaks to one. */
void verify_system_console(struct rehearsal *r)
{
	static const char *const gone[] = {"hvc0", "xvc0"};
	/* Others than this init's are left of another one: nobody reads them. */
	static const struct {
		enum init_system init;
		const char *path;
	} jobs[] = {
		{INIT_UPSTART, "/etc/init/%s.conf"},
		{INIT_UPSTART, "/etc/event.d/%s"},
		{INIT_SYSTEMD, "/etc/systemd/system/getty.target.wants/"
			       "serial-getty@%s.service"},
		{INIT_SYSTEMD, "/etc/systemd/system/getty.target.wants/getty@%s.service"},
		{INIT_OPENRC, "/etc/runlevels/default/agetty.%s"},
	};
	/* Upstart reads no more of it than the runlevel. */
	const bool reads_inittab =
		r->g->init != INIT_SYSTEMD && r->g->init != INIT_UPSTART;
	struct str text, console;
	bool any = false;

	if (strcmp(r->o->console, "keep") == 0)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(gone); i++) {
		bool found = reads_inittab &&
			     snapshot_data(r->snap, "/etc/inittab", &text) &&
			     inittab_has_getty(text, gone[i]);

		for (size_t j = 0; j < ARRAY_SIZE(jobs); j++)
			found |= jobs[j].init == r->g->init &&
				 exists_for(r, jobs[j].path, gone[i]);
		if (r->entry && cmdline_get(r->entry->args, "console", &console))
			found |= str_starts(console, gone[i]);
		if (found)
			verify_check(r, "console", false,
				"something waits for %s, which KVM does not have",
				gone[i]);
		any |= found;
	}
	if (!any)
		verify_check(r, "console", true, "nothing waits for hvc0 or xvc0");
}

/* What the guest configures are the cards that are here, by address and by name. */
void verify_system_network(struct rehearsal *r)
{
	const bool can_name = network_naming(r->snap, r->g) != NAMING_NONE;
	struct network net = {0};

	if (network_read(r->snap, r->m, &net, NULL) < 0)
		r->oom = true;
	for (size_t i = 0; i < net.n && !net.lost; i++) {
		const struct network_iface *iface = &net.v[i];
		const char *mac = iface->card->mac;
		bool ok;

		if (!*mac)
			continue;
		ok = !*iface->is.mac || mac_eq(str_from(mac), str_from(iface->is.mac));
		if (!ok || !*iface->is.name)
			verify_check(r, "network", ok,
				"%s%sthe card %s is configured%s%s", iface->is.name,
				*iface->is.name ? ": " : "", iface->is.mac,
				ok ? "" : ", here is ", ok ? "" : mac);
		if (!*iface->is.name || !can_name)
			continue;
		ok = network_is_named(r->snap, r->g, iface);
		verify_check(r, "network", ok, "%s is %sthe card %s", iface->is.name,
			ok ? "" : "not pinned to ", mac);
	}
	network_done(&net);
}

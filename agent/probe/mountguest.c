/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mounts a guest's file systems. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guest/mounts.h"
#include "probe/fscheck.h"
#include "probe/mountguest.h"
#include "sys/mount.h"

#define FSTAB_MAX ((size_t)1 << 20)

int (*probe_prepare)(const char *type, struct err *e);

int probe_ask_prepare(const char *type, struct err *e)
{
	return probe_prepare ? probe_prepare(type, e) : 0;
}

static bool has_any(const struct root *r, const char *const *paths)
{
	struct stat st;

	for (; *paths; paths++)
		if (root_lstat(r, *paths, &st) == 0)
			return true;
	return false;
}

/* 1: a guest's root lies at `target`. */
static int is_root(const char *target, struct err *e)
{
	static const char *const fstabs[] = {"/etc/fstab", NULL};
	static const char *const inits[] = {
		"/sbin/init", "/lib/systemd/systemd", "/bin/sh", NULL};
	struct root r = ROOT_CLOSED;
	int q = root_open(target, &r, e);

	if (q < 0)
		return q;
	/* A link counts: on a guest whose /usr is apart, it leads nowhere yet. */
	q = has_any(&r, fstabs) && has_any(&r, inits);
	root_done(&r);
	return q;
}

int probe_allow_writes(const struct device *d, struct err *e)
{
	cleanup_(free_charp) char *path = str_printf("/dev/%s", d->name);

	return path ? mount_set_writable(path, true, e) : err_oom(e);
}

static int mount_device(const struct device *d, const char *target, enum probe_mount how,
	const char *options, struct fs_checks *checks, struct err *e)
{
	cleanup_(free_charp) char *path = str_printf("/dev/%s", d->name);
	int r = path ? probe_ask_prepare(d->type, e) : err_oom(e);

	if (r >= 0 && how != PROBE_LOOK)
		r = mount_set_writable(path, true, e);
	if (r < 0)
		return r;
	switch (how) {
	case PROBE_WRITE:
		return fscheck_mount(d, path, target, options, checks, e);
	case PROBE_LOOK:
		return fscheck_look(d, path, target, options, checks, e);
	case PROBE_REMOUNT:
		return fscheck_remount(d, path, target, e);
	case PROBE_SWITCH:
		break;
	}
	return mount_guest(path, d->type, target, true, options, e);
}

int probe_mount_root(const struct device *d, const char *target, enum probe_mount how,
	struct fs_checks *checks, struct err *e)
{
	/* As made by default; Ubuntu; Debian; Fedora. */
	static const char *const subvolumes[] = {
		NULL, "subvol=@", "subvol=@rootfs", "subvol=root"};
	size_t n = strcmp(d->type, "btrfs") == 0 ? ARRAY_SIZE(subvolumes) : 1;
	int r = 0;

	for (size_t i = 0; i < n; i++) {
		r = mount_device(d, target, how, subvolumes[i], checks, e);
		if (r == -ENOENT && i) /* no such subvolume */
			continue;
		if (r < 0)
			return r;
		r = is_root(target, e);
		if (r > 0 || i + 1 == n)
			return r;
		if (mount_release(target, e) < 0)
			return -EBUSY;
	}
	/* None of the subvolumes is there. */
	r = mount_device(d, target, how, NULL, checks, e);
	return r < 0 ? r : 0;
}

static int mount_rest(const struct machine *m, const struct device *root, const char *map,
	const char *target, enum probe_mount how, struct fs_checks *checks, struct err *e)
{
	cleanup_(guest_mounts_done) struct guest_mounts mounts = {0};
	cleanup_(free_charp) char *fstab = NULL;
	struct root tree = ROOT_CLOSED;
	size_t n;
	int r = root_open(target, &tree, e);

	if (r >= 0)
		r = root_read(&tree, "/etc/fstab", FSTAB_MAX, &fstab, &n, e);
	/* A guest whose fstab cannot be read is refused later, with all that is known. */
	if (r < 0) {
		root_done(&tree);
		return r == -ENOMEM ? r : 0;
	}
	r = guest_mounts_find((struct str){fstab, n}, m, root, map, &mounts, e);
	for (size_t i = 0; i < mounts.n && r >= 0; i++) {
		const struct guest_mount *at = &mounts.v[i];
		cleanup_(free_charp) char *real = NULL, *path = NULL;

		/* The mount point is the guest's: a link must not lead out of its tree. */
		r = root_realpath(&tree, at->target, &real);
		if (r < 0) {
			r = err_errno(
				e, r, "the guest has no mount point %s", at->target);
			break;
		}
		path = str_printf("%s%s", target, real);
		r = path ? mount_device(at->device, path, how,
				   *at->options ? at->options : NULL, checks, e)
			 : err_oom(e);
	}
	root_done(&tree);
	return r;
}

int probe_mount_guest(const struct machine *m, const char *map, const char *target,
	enum probe_mount how, struct fs_checks *checks, struct err *e)
{
	const struct device *root = machine_resolve(m, str_from(m->root));
	int r;

	if (!root)
		return err_set(e, -ENOENT, "the root device %s is not there", m->root);
	r = probe_mount_root(root, target, how, checks, e);
	if (r < 0)
		return r;
	r = mount_rest(m, root, map, target, how, checks, e);
	if (r < 0)
		/* The first error is the one to tell. */
		(void)!mount_release(target, NULL);
	return r < 0 ? r : 0;
}

int probe_mount_writable(const struct machine *m, const char *map, const char *target,
	struct fs_checks *checks, struct err *e)
{
	int r;

	if (!checks->n &&
		probe_mount_guest(m, map, target, PROBE_REMOUNT, checks, NULL) >= 0)
		return 0;
	r = mount_release(target, e);
	fs_checks_done(checks);
	return r < 0 ? r : probe_mount_guest(m, map, target, PROBE_WRITE, checks, e);
}

int probe_release(const struct machine *m, const char *target, struct err *e)
{
	const struct device *d;
	int r = mount_release(target, e);

	for (size_t i = 0; r >= 0 && (d = machine_target(m, i)); i++)
		if (*d->type) /* not roots alone: /boot/efi */
			r = probe_allow_writes(d, e);
	return r;
}

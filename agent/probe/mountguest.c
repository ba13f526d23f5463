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

/* With the option that keeps a read-only mount from writing to the disk (the kernel replays
 * the journal otherwise). Where there is none, the disk is made to refuse it. */
static const struct filesystem {
	const char *type, *no_replay;
} filesystems[] = {
	{"ext4", "noload"},
	{"ext3", "noload"},
	{"ext2", NULL},
	{"ext4dev", "noload"},
	{"xfs", "norecovery"},
	{"btrfs", "rescue=nologreplay"},
	{"reiserfs", NULL},
	{"jfs", NULL},
};

static const struct filesystem *find_type(const char *type)
{
	for (size_t i = 0; i < ARRAY_SIZE(filesystems); i++)
		if (strcmp(filesystems[i].type, type) == 0)
			return &filesystems[i];
	return NULL;
}

bool probe_is_filesystem(const char *type)
{
	return find_type(type) != NULL;
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

/* Looking replays no journal; all else may be written to, sooner or later. */
static int mount_device(const struct device *d, const char *target, enum probe_mount how,
	const char *wanted, struct fs_checks *checks, struct err *e)
{
	const struct filesystem *type = find_type(d->type);
	const struct filesystem *fs = how == PROBE_LOOK ? type : NULL;
	cleanup_(free_charp) char *path = str_printf("/dev/%s", d->name);
	cleanup_(strbuf_done) struct strbuf options = {0};
	int r;

	strbuf_adds(&options, fs ? fs->no_replay : NULL);
	if (options.n && wanted)
		strbuf_addc(&options, ',');
	strbuf_adds(&options, wanted);
	if (!path || strbuf_err(&options) < 0)
		return err_oom(e);
	r = probe_ask_prepare(d->type, e);
	if (!r && type && !type->no_replay)
		r = mount_set_writable(path, how != PROBE_LOOK, e);
	if (r < 0)
		return r;
	if (how == PROBE_WRITE)
		return fscheck_mount(d, path, target, options.p, checks, e);
	r = checks ? fscheck_look(d, path, checks, e) : 0;
	return r < 0 ? r : mount_guest(path, d->type, target, true, options.p, e);
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

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the file system that holds the guest's root. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probe/fscheck.h"
#include "probe/inuse.h"
#include "probe/mountguest.h"
#include "sys/mount.h"
#include "sys/spawn.h"

/* The layers that are put together from members, lowest first. Volumes appear without
 * udevd's help: its rules for them may not be unpacked yet. Arrays get the names that they have
 * in the guest, whatever its host name is: else md0 would be md127, and root=/dev/md0 wrong. */
static const struct layer {
	const char *type;
	char *const *argv;
} layers[] = {
	{"linux_raid_member",
		(char *[]){"mdadm", "--assemble", "--scan", "--config=partitions",
			"--homehost=<ignore>", NULL}},
	{"LVM2_member", (char *[]){"lvm", "vgchange", "--activate", "ay", "--config",
				"activation{udev_sync=0 udev_rules=0} "
				"devices{obtain_device_list_from_udev=0}",
				NULL}},
};

/* Arrays are begun without a write: one that was not stopped is not made equal before something is
 * written to it. */
static void hold_arrays(void)
{
	int fd = open("/sys/module/md_mod/parameters/start_ro", O_WRONLY | O_CLOEXEC);

	if (fd >= 0)
		(void)!write(fd, "1", 1);
	if (fd >= 0)
		close(fd);
}

static bool has_volume_on(const struct machine *m, const char *name)
{
	for (size_t i = 0; i < m->n_volumes; i++)
		if (strv_has(&m->volumes[i].on, str_from(name)))
			return true;
	return false;
}

/* True where a device is a part of volumes that are not there. */
static bool has_idle_member(const struct machine *m, const char *type)
{
	const struct {
		const struct device *v;
		size_t n;
	} lists[] = {{m->disks, m->n_disks}, {m->parts, m->n_parts},
		{m->volumes, m->n_volumes}};

	for (size_t l = 0; l < ARRAY_SIZE(lists); l++)
		for (size_t i = 0; i < lists[l].n; i++)
			if (strcmp(lists[l].v[i].type, type) == 0 &&
				!has_volume_on(m, lists[l].v[i].name))
				return true;
	return false;
}

static int assemble(struct machine *m, struct err *e)
{
	for (size_t i = 0; i < ARRAY_SIZE(layers); i++) {
		const struct spawn s = {.argv = layers[i].argv};
		int r;

		if (!has_idle_member(m, layers[i].type))
			continue;
		r = probe_ask_prepare(layers[i].type, e);
		/* A volume of several that stays away (a disk is missing) is no reason to
		 * stop: the root may be on another. */
		hold_arrays();
		if (r >= 0)
			r = spawn_run(&s, NULL, e);
		if (r >= 0)
			r = probe_volumes(m, e);
		if (r < 0)
			return r;
	}
	return 0;
}

static int set_root(struct machine *m, const struct device *d, struct err *e)
{
	char *path = str_printf("/dev/%s", d->name);

	if (!path)
		return err_oom(e);
	free(m->root);
	m->root = path;
	return 0;
}

/* What lies where, for the message that no root was found. */
static void list_devices(const struct machine *m, char *buf, size_t room)
{
	const struct device *d;
	size_t at = 0;

	buf[0] = '\0';
	for (size_t i = 0; (d = machine_target(m, i)) && at < room; i++)
		at += (size_t)snprintf(buf + at, room - at, "%s%s: %s", i ? ", " : "",
			d->name, *d->type ? d->type : "nothing known");
	if (!buf[0])
		snprintf(buf, room, "no disks");
}

/* 1: this file system holds a root. One that cannot be mounted holds none that we could
 * repair; should it be the only one, *ret_why tells. */
static int try_device(const struct device *d, const char *scratch, struct err *ret_why)
{
	struct err why = {0};
	int r = probe_mount_root(d, scratch, PROBE_LOOK, NULL, &why);

	if (r < 0) {
		*ret_why = why;
		/* mode=boot leaves it to the guest's own fsck. */
		(void)!probe_allow_writes(d, NULL);
		return r == -ENOMEM ? r : 0;
	}
	if (mount_release(scratch, ret_why) < 0 || probe_allow_writes(d, ret_why) < 0)
		return -EBUSY;
	return r;
}

static int search(struct machine *m, const char *scratch, struct err *e)
{
	const struct device *d, *found = NULL;
	struct err why = {0};
	char seen[200];

	for (size_t i = 0; (d = machine_target(m, i)); i++) {
		int r;

		if (!fscheck_knows(d->type))
			continue;
		if (probe_in_use(d)) {
			err_set(&why, -EBUSY, "/dev/%s is mounted already", d->name);
			continue;
		}
		r = try_device(d, scratch, &why);
		if (r < 0)
			return err_set(e, r, "%s", why.text);
		if (!r)
			continue;
		if (found)
			return err_set(e, -EUSERS,
				"two root file systems, /dev/%s and /dev/%s: say which "
				"with root=",
				found->name, d->name);
		found = d;
	}
	if (found)
		return set_root(m, found, e);
	if (why.code == -EUCLEAN || why.code == -EBADMSG)
		return err_set(e, -EUCLEAN,
			"no root file system found: %s; with root= it is checked first",
			why.text);
	if (why.code)
		return err_set(e, -ENOENT, "no root file system found: %s", why.text);
	list_devices(m, seen, sizeof(seen));
	return err_set(e, -ENOENT,
		"no file system with /etc/fstab and an init was found (%s)", seen);
}

static int take(struct machine *m, const char *wanted, struct err *e)
{
	const struct device *d = machine_resolve(m, str_from(wanted));

	if (!d)
		return err_set(
			e, -ENOENT, "root=%s: this machine has no such device", wanted);
	if (!fscheck_knows(d->type))
		return err_set(e, -ENOENT,
			"root=%s: it holds %s, no file system of Linux", wanted,
			*d->type ? d->type : "nothing known");
	if (probe_in_use(d))
		return err_set(e, -ENOENT,
			"root=%s: it is mounted already; unmount it first", wanted);
	return set_root(m, d, e);
}

int probe_find_root(
	struct machine *m, const char *wanted, const char *scratch, struct err *e)
{
	int r = assemble(m, e);

	if (r >= 0)
		r = *wanted ? take(m, wanted, e) : search(m, scratch, e);
	return r < 0 ? r : probe_leave_out_used(m, e);
}

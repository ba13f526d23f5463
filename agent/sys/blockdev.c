/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See blockdev.h. What is read here is sysfs through libudev; it needs no running udevd. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/strv.h"
#include "sys/blockdev_udev.h"

void blockdev_udev_done(struct udev **u)
{
	udev_unref(*u);
}

void blockdev_enumerate_done(struct udev_enumerate **en)
{
	udev_enumerate_unref(*en);
}

void blockdev_device_done(struct udev_device **d)
{
	udev_device_unref(*d);
}

void blockdevs_done(struct blockdevs *b)
{
	for (size_t i = 0; i < b->n; i++) {
		struct blockdev *d = &b->v[i];

		free(d->name);
		free(d->parent);
		free(d->serial);
		for (char **on = d->on; on && *on; on++)
			free(*on);
		free(d->on);
	}
	free(b->v);
	for (size_t i = 0; i < b->n_nets; i++) {
		free(b->nets[i].name);
		free(b->nets[i].mac);
		free(b->nets[i].driver);
	}
	free(b->nets);
	*b = (struct blockdevs){0};
}

int blockdev_enumerate(struct udev *u, const char *const *subsystems,
	struct udev_enumerate **ret, struct err *e)
{
	struct udev_enumerate *en = udev_enumerate_new(u);
	int r = en ? 0 : -ENOMEM;

	for (const char *const *s = subsystems; r >= 0 && *s; s++)
		r = udev_enumerate_add_match_subsystem(en, *s);
	if (r >= 0)
		r = udev_enumerate_scan_devices(en);
	if (r < 0) {
		udev_enumerate_unref(en);
		return err_errno(e, r, "cannot list the devices in /sys");
	}
	*ret = en;
	return 0;
}

static uint64_t attr_u64(struct udev_device *d, const char *name)
{
	uint64_t v;

	return str_u64(str_from(udev_device_get_sysattr_value(d, name)), &v) ? v : 0;
}

bool blockdev_is_wanted(struct udev_device *d)
{
	static const char *const unwanted[] = {
		"loop[0-9]*", "ram[0-9]*", "zram[0-9]*", "fd[0-9]*", "sr[0-9]*", "mtd*"};
	struct str name = str_from(udev_device_get_sysname(d));

	if (!str_is(str_from(udev_device_get_subsystem(d)), "block"))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(unwanted); i++)
		if (str_glob(unwanted[i], name))
			return false;
	/* No medium; a volume that is not set up yet; one path of several to an nvme. */
	return attr_u64(d, "size") && !attr_u64(d, "hidden");
}

static size_t letters_behind(const char *name, const char *prefix)
{
	size_t n = strlen(prefix), letters = 0;

	if (strncmp(name, prefix, n) != 0)
		return 0;
	while (islower((unsigned char)name[n + letters]))
		letters++;
	return letters;
}

int blockdev_name_cmp(const char *a, const char *b)
{
	static const char *const lettered[] = {"vd", "sd", "hd", "xvd"};

	for (size_t i = 0; i < ARRAY_SIZE(lettered); i++) {
		size_t m = letters_behind(a, lettered[i]);
		size_t n = letters_behind(b, lettered[i]);

		if (m && n && m != n)
			return m < n ? -1 : 1;
	}
	return strverscmp(a, b);
}

/* Nobody waits for one: it is no disk. */
static bool is_optical(struct udev_device *d)
{
	return str_is(str_from(udev_device_get_subsystem(d)), "block") &&
	       str_glob("sr[0-9]*", str_from(udev_device_get_sysname(d))) &&
	       attr_u64(d, "size");
}

/* The name below /dev: "mapper/..." for device mapper, '/' where sysfs shows '!'. */
static char *dev_name(struct udev_device *d)
{
	const char *dm = udev_device_get_sysattr_value(d, "dm/name");
	char *name;

	if (dm)
		return str_printf("mapper/%s", dm);
	name = str_dup(str_from(udev_device_get_sysname(d)));
	for (char *p = name ? strchr(name, '!') : NULL; p; p = strchr(p, '!'))
		*p = '/';
	return name;
}

/* Fills d->on from the links in `syspath`/slaves. */
static int add_slaves(
	struct udev *u, const char *syspath, struct blockdev *d, struct err *e)
{
	cleanup_(free_charp) char *path = str_printf("%s/slaves", syspath);
	struct strv on = {0};
	struct dirent *entry;
	int r = 0;
	DIR *dir;

	if (!path)
		return err_oom(e);
	dir = opendir(path);
	if (!dir)
		return 0;
	while (r >= 0 && (entry = readdir(dir))) {
		cleanup_(blockdev_device_done) struct udev_device *slave = NULL;
		cleanup_(free_charp) char *name = NULL;

		if (entry->d_name[0] == '.')
			continue;
		slave = udev_device_new_from_subsystem_sysname(u, "block", entry->d_name);
		if (!slave) /* has just gone */
			continue;
		name = dev_name(slave);
		r = name ? strv_adds(&on, name) : -ENOMEM;
	}
	closedir(dir);
	if (r < 0) {
		strv_done(&on);
		return err_oom(e);
	}
	strv_sort(&on);
	d->on = on.v;
	return 0;
}

static const char *serial_of(struct udev_device *d)
{
	/* virtio_blk; nvme and mmc; the rest by udevd's own probing. */
	const char *s = udev_device_get_sysattr_value(d, "serial");

	if (!s)
		s = udev_device_get_sysattr_value(d, "device/serial");
	if (!s)
		s = udev_device_get_property_value(d, "ID_SERIAL_SHORT");
	return s;
}

static int add_device(
	struct udev *u, struct udev_device *dev, struct blockdevs *b, struct err *e)
{
	struct blockdev *v = realloc(b->v, (b->n + 1) * sizeof(*v)), *d;
	struct udev_device *parent =
		udev_device_get_parent_with_subsystem_devtype(dev, "block", "disk");
	bool partition = str_is(str_from(udev_device_get_devtype(dev)), "partition");

	if (!v)
		return err_oom(e);
	b->v = v;
	d = &v[b->n++];
	*d = (struct blockdev){
		.size = attr_u64(dev, "size") * 512,
		.start = attr_u64(dev, "start") * 512,
		.number = (unsigned)attr_u64(dev, "partition"),
		.removable = attr_u64(dev, "removable"),
		.readonly = attr_u64(dev, "ro"),
		.optical = is_optical(dev),
		.volume = udev_device_get_sysattr_value(dev, "dm/name") ||
			  udev_device_get_sysattr_value(dev, "md/level"),
		.name = dev_name(dev),
		.serial = str_dup(str_trim(str_from(partition ? NULL : serial_of(dev)))),
	};
	if (!d->name || !d->serial)
		return err_oom(e);
	if (partition && parent) {
		d->parent = dev_name(parent);
		if (!d->parent)
			return err_oom(e);
	}
	return d->volume ? add_slaves(u, udev_device_get_syspath(dev), d, e) : 0;
}

static int add_net(struct udev_device *dev, struct blockdevs *b, struct err *e)
{
	struct udev_device *hardware = udev_device_get_parent(dev);
	struct netdev *v;

	if (!hardware) /* lo, bridges, tunnels */
		return 0;
	v = realloc(b->nets, (b->n_nets + 1) * sizeof(*v));
	if (!v)
		return err_oom(e);
	b->nets = v;
	v += b->n_nets++;
	v->name = str_dup(str_from(udev_device_get_sysname(dev)));
	v->mac = str_dup(str_from(udev_device_get_sysattr_value(dev, "address")));
	v->driver = str_dup(str_from(udev_device_get_driver(hardware)));
	return v->name && v->mac && v->driver ? 0 : err_oom(e);
}

/* Disks, each followed by its partitions, then volumes. */
static int order(const void *left, const void *right)
{
	const struct blockdev *a = left, *b = right;
	int r;

	if (a->volume != b->volume)
		return a->volume - b->volume;
	r = blockdev_name_cmp(
		a->parent ? a->parent : a->name, b->parent ? b->parent : b->name);
	if (r)
		return r;
	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	return strcmp(a->name, b->name);
}

static int order_nets(const void *left, const void *right)
{
	const struct netdev *a = left, *b = right;

	return strverscmp(a->name, b->name);
}

/* Partitions of a volume (md0p1) are volumes too. */
static void mark_volumes(struct blockdevs *b)
{
	for (size_t i = 0; i < b->n; i++)
		for (size_t j = 0; b->v[i].parent && j < b->n; j++)
			if (b->v[j].volume && !strcmp(b->v[i].parent, b->v[j].name))
				b->v[i].volume = true;
}

int blockdev_list(struct blockdevs *ret, struct err *e)
{
	static const char *const subsystems[] = {"block", "net", NULL};
	cleanup_(blockdev_udev_done) struct udev *u = udev_new();
	cleanup_(blockdev_enumerate_done) struct udev_enumerate *en = NULL;
	cleanup_(blockdevs_done) struct blockdevs b = {0};
	struct udev_list_entry *entry;
	int r;

	if (!u)
		return err_oom(e);
	r = blockdev_enumerate(u, subsystems, &en, e);
	if (r < 0)
		return r;
	udev_list_entry_foreach(entry, udev_enumerate_get_list_entry(en))
	{
		cleanup_(blockdev_device_done) struct udev_device *dev =
			udev_device_new_from_syspath(u, udev_list_entry_get_name(entry));

		if (!dev) /* has just gone */
			continue;
		if (str_is(str_from(udev_device_get_subsystem(dev)), "net"))
			r = add_net(dev, &b, e);
		else if (blockdev_is_wanted(dev) || is_optical(dev))
			r = add_device(u, dev, &b, e);
		if (r < 0)
			return r;
	}
	mark_volumes(&b);
	if (b.n)
		qsort(b.v, b.n, sizeof(*b.v), order);
	if (b.n_nets)
		qsort(b.nets, b.n_nets, sizeof(*b.nets), order_nets);
	*ret = b;
	b = (struct blockdevs){0};
	return 0;
}

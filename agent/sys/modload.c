/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See modload.h. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libkmod.h>

#include "base/strv.h"
#include "sys/modload.h"

struct modload {
	struct kmod_ctx *ctx;
	struct strv seen; /* modaliases that were looked up */
};

static void list_done(struct kmod_list **l)
{
	kmod_module_unref_list(*l);
}

static void quiet(void *data, int priority, const char *file, int line, const char *fn,
	const char *format, va_list args)
{
	(void)data, (void)priority, (void)file, (void)line, (void)fn, (void)format,
		(void)args;
}

int modload_new(struct modload **ret, struct err *e)
{
	/* The rescue system has no modprobe.d that should matter: none is read. */
	static const char *const no_config[] = {NULL};
	struct modload *m = calloc(1, sizeof(*m));

	if (!m)
		return err_oom(e);
	m->ctx = kmod_new(NULL, no_config);
	if (!m->ctx) {
		free(m);
		return err_errno(e, errno ? -errno : -ENOMEM, "cannot set up libkmod");
	}
	kmod_set_log_fn(m->ctx, quiet, NULL);
	/* Keeps the indexes mapped: without them each look-up opens them again. Where there
	 * are none, there are no modules either, which each look-up will say. */
	(void)kmod_load_resources(m->ctx);
	*ret = m;
	return 0;
}

void modload_free(struct modload *m)
{
	if (!m)
		return;
	kmod_unref(m->ctx);
	strv_done(&m->seen);
	free(m);
}

/* Loads one; *ret_loaded counts those that the kernel did not have before. */
static int insert(struct kmod_module *mod, unsigned *ret_loaded, struct err *e)
{
	const char *name = kmod_module_get_name(mod);
	int state = kmod_module_get_initstate(mod), r;

	if (state == KMOD_MODULE_BUILTIN || state == KMOD_MODULE_LIVE)
		return 0;
	r = kmod_module_probe_insert_module(mod, 0, NULL, NULL, NULL, NULL);
	if (r < 0 && r != -EEXIST)
		return err_errno(e, r, "cannot load the module %s", name);
	(*ret_loaded)++;
	return 0;
}

/* 1: all that it stands for is there now; 0: it stands for nothing. With several modules
 * for an alias one that fails (its device is another's) must not keep the others away. */
static int load(struct modload *m, const char *name, unsigned *ret_loaded, struct err *e)
{
	cleanup_(list_done) struct kmod_list *list = NULL;
	struct kmod_list *it;
	int r = kmod_module_new_from_lookup(m->ctx, name, &list);
	bool any = false;

	if (r == -ENOENT || r == -ENOSYS || (r >= 0 && !list))
		return 0;
	if (r < 0)
		return err_errno(e, r, "cannot look up the module %s", name);
	kmod_list_foreach(it, list)
	{
		struct kmod_module *mod = kmod_module_get_module(it);
		int one = insert(mod, ret_loaded, e);

		kmod_module_unref(mod);
		if (one < 0)
			r = one;
		else
			any = true;
	}
	return any ? 1 : r;
}

int modload_load(struct modload *m, const char *name_or_alias, struct err *e)
{
	unsigned loaded = 0;

	return load(m, name_or_alias, &loaded, e);
}

/* The modalias of a device, without its newline; "" when it has none. */
static void read_modalias(int dir, const char *device, char *buf, size_t room)
{
	char path[512];
	ssize_t n = 0;
	int fd;

	buf[0] = '\0';
	if (snprintf(path, sizeof(path), "%s/modalias", device) >= (int)sizeof(path))
		return;
	fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	n = read(fd, buf, room - 1);
	close(fd);
	buf[n > 0 ? n : 0] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
}

/* Loads what the devices of one bus ask for. Errors of single modules are passed over: the
 * machine may well start without that device, and a disk that is missing is told of later. */
static int coldplug_bus(struct modload *m, const char *bus, unsigned *loaded)
{
	DIR *dir = opendir(bus);
	struct dirent *entry;
	char alias[1024];
	int r = 0;

	if (!dir)
		return 0;
	while (r >= 0 && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		read_modalias(dirfd(dir), entry->d_name, alias, sizeof(alias));
		if (!alias[0])
			continue;
		r = strv_add_new(&m->seen, str_from(alias));
		if (r > 0 && load(m, alias, loaded, NULL) < 0)
			continue;
	}
	closedir(dir);
	return r < 0 ? r : 0;
}

int modload_coldplug(struct modload *m, struct err *e)
{
	/* Where disks and network cards hang. Walking all of /sys/devices instead would find
	 * a few hundred more files and, in a virtual machine, nothing that matters here. */
	static const char *const buses[] = {"/sys/bus/pci/devices",
		"/sys/bus/virtio/devices", "/sys/bus/acpi/devices",
		"/sys/bus/platform/devices", "/sys/bus/usb/devices",
		"/sys/bus/scsi/devices", "/sys/bus/xen/devices",
		"/sys/bus/vmbus/devices"};
	unsigned total = 0;

	for (;;) {
		size_t known = m->seen.n;

		for (size_t i = 0; i < ARRAY_SIZE(buses); i++)
			if (coldplug_bus(m, buses[i], &total) < 0)
				return err_oom(e);
		/* Drivers of a bus bring devices of the next; none came: done. */
		if (m->seen.n == known)
			return (int)total;
	}
}

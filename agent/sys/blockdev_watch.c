/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asking for the devices to be announced, and waiting until udevd is done with them. What
 * counts as done is read from udev's own records, so that no event can be missed: an event
 * only says that it is time to look again. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "sys/blockdev_udev.h"
#include "sys/clock.h"

struct blockdev_watch {
	struct udev *udev;
	struct udev_monitor *monitor;
	struct udev_queue *queue;
	bool udevd; /* it runs; otherwise the kernel's events are listened to */
};

int blockdev_watch_new(struct blockdev_watch **ret, struct err *e)
{
	struct blockdev_watch *w = calloc(1, sizeof(*w));
	int r;

	if (!w)
		return err_oom(e);
	w->udevd = access("/run/udev/control", F_OK) == 0;
	w->udev = udev_new();
	if (w->udev) {
		w->queue = udev_queue_new(w->udev);
		w->monitor = udev_monitor_new_from_netlink(
			w->udev, w->udevd ? "udev" : "kernel");
	}
	if (!w->monitor || !w->queue) {
		r = errno ? -errno : -ENOMEM;
		blockdev_watch_free(w);
		return err_errno(e, r, "cannot listen for device events");
	}
	r = udev_monitor_filter_add_match_subsystem_devtype(w->monitor, "block", NULL);
	if (r >= 0)
		r = udev_monitor_filter_add_match_subsystem_devtype(
			w->monitor, "net", NULL);
	if (r >= 0)
		r = udev_monitor_enable_receiving(w->monitor);
	if (r < 0) {
		blockdev_watch_free(w);
		return err_errno(e, r, "cannot listen for device events");
	}
	*ret = w;
	return 0;
}

void blockdev_watch_free(struct blockdev_watch *w)
{
	if (!w)
		return;
	udev_monitor_unref(w->monitor);
	udev_queue_unref(w->queue);
	udev_unref(w->udev);
	free(w);
}

/* A device that has gone since, or that takes no events, is not our trouble. */
static void announce(const char *syspath)
{
	cleanup_(free_charp) char *path = str_printf("%s/uevent", syspath);
	int fd = path ? open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY) : -1;

	if (fd < 0)
		return;
	(void)!write(fd, "add", 3);
	close(fd);
}

int blockdev_trigger(const char *const *subsystems, struct err *e)
{
	cleanup_(blockdev_udev_done) struct udev *u = udev_new();
	cleanup_(blockdev_enumerate_done) struct udev_enumerate *en = NULL;
	struct udev_list_entry *entry;
	int r;

	if (!u)
		return err_oom(e);
	r = blockdev_enumerate(u, subsystems, &en, e);
	if (r < 0)
		return r;
	udev_list_entry_foreach(entry, udev_enumerate_get_list_entry(en))
		announce(udev_list_entry_get_name(entry));
	return 0;
}

/* 1: at least one disk, and udevd has handled every disk; 0: not yet. Net devices count
 * through udevd's queue alone: those that nobody triggered are never handled. */
static int is_settled(struct blockdev_watch *w, bool *ret_disk, struct err *e)
{
	static const char *const subsystems[] = {"block", NULL};
	cleanup_(blockdev_enumerate_done) struct udev_enumerate *en = NULL;
	struct udev_list_entry *entry;
	bool all = true;
	int r = blockdev_enumerate(w->udev, subsystems, &en, e);

	if (r < 0)
		return r;
	*ret_disk = false;
	udev_list_entry_foreach(entry, udev_enumerate_get_list_entry(en))
	{
		cleanup_(blockdev_device_done) struct udev_device *d =
			udev_device_new_from_syspath(
				w->udev, udev_list_entry_get_name(entry));

		if (!d || !blockdev_is_wanted(d))
			continue;
		*ret_disk = true;
		if (w->udevd && !udev_device_get_is_initialized(d))
			all = false;
	}
	return *ret_disk && all && (!w->udevd || udev_queue_get_queue_is_empty(w->queue));
}

static void drain(struct blockdev_watch *w)
{
	struct udev_device *d;

	while ((d = udev_monitor_receive_device(w->monitor)))
		udev_device_unref(d);
	if (w->udevd)
		udev_queue_flush(w->queue);
}

int blockdev_wait(struct blockdev_watch *w, unsigned timeout_ms, struct err *e)
{
	int64_t end = clock_ms(CLOCK_MONOTONIC) + timeout_ms, left;
	struct pollfd fds[2] = {
		{.fd = udev_monitor_get_fd(w->monitor), .events = POLLIN},
		/* Tells when udevd's queue becomes empty. */
		{.fd = w->udevd ? udev_queue_get_fd(w->queue) : -1, .events = POLLIN},
	};
	bool disk = false;
	int r;

	for (;;) {
		r = is_settled(w, &disk, e);
		if (r != 0)
			return r;
		left = end - clock_ms(CLOCK_MONOTONIC);
		if (left <= 0)
			return disk; /* a device that udevd does not get done with */
		if (poll(fds, ARRAY_SIZE(fds), (int)left) < 0 && errno != EINTR)
			return err_errno(e, -errno, "cannot wait for devices");
		drain(w);
	}
}

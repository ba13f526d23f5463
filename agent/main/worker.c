/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The child that works: devices, options, the run itself. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "main/init.h"
#include "main/tools.h"
#include "sys/blockdev.h"
#include "sys/clock.h"
#include "sys/hostopt.h"

enum { DISKS_MS = 10000 };

/* The first that is wrong is told of; those behind it count all the same: on-fail may be one of
 * them. */
static int read_options(struct options *o, struct err *e)
{
	cleanup_(strv_done) struct strv given = {0};
	int r = hostopt_read("", &given, e);

	STRV_FOREACH (it, &given) {
		int one = options_set(o, str_from(*it), r < 0 ? NULL : e);

		if (one < 0 && r >= 0)
			r = one;
	}
	return r;
}

/* 1: there are disks. udevd is done with those that the drivers brought at once, nearly
 * always all: so the first look mostly ends it. */
static int await_disks(struct err *e)
{
	struct blockdev_watch *w;
	int r = blockdev_watch_new(&w, e);

	if (r < 0)
		return r;
	r = blockdev_wait(w, DISKS_MS, e);
	blockdev_watch_free(w);
	return r;
}

/* Without drivers for it there may be a disk all the same: errors are said, not obeyed. */
static int load_drivers(struct boot *b, struct err *e)
{
	struct modload *m;
	int r = modload_new(&m, e);

	if (r < 0)
		return r;
	tools_init(m); /* which keeps it for as long as we live */
	if (modload_coldplug(m, e) < 0)
		boot_say(b, "%s", e->text);
	return 0;
}

/* mode=boot: what an ordinary initramfs would have mounted stays, read-only, for the guest's
 * init to find. */
static int mount_root(struct boot *b, struct err *e)
{
	static const char *const later[] = {
		"/boot/efi", "/boot", "/var/cache", "/var/lib", "/var"};
	struct session s;
	int r;

	session_init(&s);
	s.options = b->run.options;
	r = run_open(&s, PROBE_SWITCH, e);
	if (r < 0) {
		run_release(&s);
		session_done(&s);
		return r;
	}
	for (size_t i = 0; i < ARRAY_SIZE(later); i++) {
		cleanup_(free_charp) char *path = NULL, *real = NULL;

		if (root_realpath(&s.root, later[i], &real) < 0)
			continue;
		path = str_printf("%s%s", RUN_TARGET, real);
		/* EINVAL: no mount point. */
		if (path && umount2(path, UMOUNT_NOFOLLOW) < 0 && errno != EINVAL)
			boot_say(b, "cannot unmount %s: %s", path, strerror(errno));
	}
	session_done(&s);
	b->done = b->switch_root = true;
	b->run.status = 0;
	return 0;
}

int worker_main(struct boot *b)
{
	struct err e = {0};
	int r = load_drivers(b, &e);

	if (r >= 0)
		/* Not before the drivers: fw_cfg has one too. */
		r = read_options(&b->run.options, &e);
	if (r == -EINVAL) {
		boot_report(b, RESULT_USAGE, e.text);
		return b->run.status;
	}
	if (r >= 0)
		r = tools_udevd(&e);
	if (r >= 0)
		r = await_disks(&e);
	b->run.devices_ms = (unsigned)clock_ms(CLOCK_BOOTTIME) - b->run.kernel_ms;
	if (r == 0 && b->run.options.mode != MODE_SHELL)
		r = err_set(&e, -ENODEV,
			"this machine has no disk, or none that the rescue "
			"system has a driver for");
	if (r < 0) {
		boot_report(b, RESULT_FAILED, e.text);
		return b->run.status;
	}
	switch (b->run.options.mode) {
	case MODE_SHELL:
		b->run.status = 0;
		b->done = true;
		break;
	case MODE_BOOT:
		if (mount_root(b, &e) < 0)
			boot_report(b, RESULT_FAILED, e.text);
		break;
	default:
		(void)run_machine(&b->run, &e);
		b->done = true;
	}
	return b->run.status;
}

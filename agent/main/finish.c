/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The child that ends a run: reboot, power off, start the repaired guest, or the menu. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <time.h>
#include <unistd.h>

#include "main/init.h"
#include "main/menu.h"
#include "main/tools.h"
#include "probe/probe.h"
#include "sys/cdrom.h"
#include "sys/mount.h"
#include "sys/power.h"

/* What still runs holds file systems open. PID 1 and we are spared by the kernel. */
static void stop_others(void)
{
	kill(-1, SIGTERM);
	kill(-1, SIGKILL);
}

/* Whatever a run that was stopped halfway has left mounted. */
static void release(struct boot *b)
{
	struct err e = {0};

	if (mount_release(RUN_TARGET, &e) < 0) {
		boot_say(b, "%s", e.text);
		umount2(RUN_TARGET, MNT_DETACH);
	}
	sync();
}

/* The default entry of the guest's own boot menu, started without the firmware. Returns only
 * where that failed. */
static int start_guest(struct boot *b, struct err *e)
{
	cleanup_(free_charp) char *image = NULL, *initrd = NULL, *args = NULL;
	const struct boot_entry *entry = NULL;
	struct session s;
	int r;

	session_init(&s);
	s.options = b->run.options;
	r = run_open(&s, PROBE_LOOK, e);
	if (r >= 0 && !session_scan(&s))
		r = err_set(e, -EINVAL, "%s", s.err.text);
	if (r >= 0 && s.guest.default_entry < s.guest.n_menu)
		entry = &s.guest.menu[s.guest.default_entry];
	if (r >= 0 && (!entry || !entry->image || entry->chain))
		r = err_set(e, -ENOENT, "its boot menu names no kernel that is there");
	if (r >= 0) {
		image = str_printf(RUN_TARGET "%s", entry->image);
		args = str_dup(entry->args);
		if (entry->initramfs)
			initrd = str_printf(RUN_TARGET "%s", entry->initramfs);
		if (!image || !args || (entry->initramfs && !initrd))
			r = err_oom(e);
	}
	if (r >= 0)
		r = tools_unpack(e); /* kexec-tools, for what the kernel does not load */
	if (r >= 0)
		r = power_kexec(image, initrd, args, e);
	run_release(&s);
	session_done(&s);
	return r;
}

/* finish=eject. A CD that stays in its drive starts us again, where it is first in the order: out
 * with it. But a restart closes the trays of QEMU's drives: so where nothing was left to repair,
 * which is how such a restart comes to us, the guest is started from here. */
static enum finish eject(struct boot *b)
{
	struct err e = {0};
	const int r = cdrom_eject(PROBE_MEDIUM_LABEL, &e);

	if (r < 0)
		boot_say(b, "%s", e.text);
	else if (r > 0)
		boot_say(b, "the CD is out");
	if (b->run.options.mode != MODE_AUTO)
		return FINISH_POWEROFF;
	return b->run.whole ? FINISH_KEXEC : FINISH_REBOOT;
}

static int end(enum finish how, struct err *e)
{
	return power_do(how == FINISH_POWEROFF ? POWER_OFF : POWER_REBOOT, e);
}

int finish_main(struct boot *b, enum finish how)
{
	const bool by_cd = how == FINISH_EJECT;
	struct err e = {0};

	if (how == FINISH_SHELL)
		return (int)menu_run(b);
	stop_others();
	release(b);
	if (by_cd)
		how = eject(b);
	if (how == FINISH_KEXEC && start_guest(b, &e) < 0) {
		boot_say(b, "the guest cannot be started from here: %s%s", e.text,
			by_cd ? "; take the CD out" : "");
		how = by_cd ? FINISH_POWEROFF : FINISH_REBOOT;
	}
	boot_say(b, how == FINISH_POWEROFF ? "powering off" : "rebooting");
	if (end(how, &e) < 0)
		boot_say(b, "%s", e.text);
	return EXIT_FAILURE;
}

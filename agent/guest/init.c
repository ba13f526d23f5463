/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which init system starts the guest, by what /sbin/init is. */
#include "guest/guest.h"

static const char *const names[] = {
	[INIT_UNKNOWN] = "unknown",
	[INIT_SYSVINIT] = "sysvinit",
	[INIT_UPSTART] = "upstart",
	[INIT_SYSTEMD] = "systemd",
	[INIT_OPENRC] = "openrc",
	[INIT_BUSYBOX] = "busybox",
};

const char *init_system_name(enum init_system i)
{
	return names[i];
}

static enum init_system from_link(struct str target)
{
	if (str_ends(target, "systemd"))
		return INIT_SYSTEMD;
	if (str_ends(target, "busybox"))
		return INIT_BUSYBOX;
	if (str_ends(target, "upstart"))
		return INIT_UPSTART;
	if (str_ends(target, "openrc-init"))
		return INIT_OPENRC;
	return INIT_UNKNOWN;
}

void guest_read_init(const struct snapshot *snap, struct guest *g)
{
	const struct snap_entry *init = snapshot_find(snap, "/sbin/init");

	if (init && init->kind == SNAP_LINK)
		g->init = from_link(str_from(init->target));
	if (g->init != INIT_UNKNOWN)
		return;
	/* A program of its own: sysvinit's or Upstart's. Upstart 0.3 keeps its jobs in event.d,
	 * later ones in init; systemd machines may hold both folders. */
	if (snapshot_exists(snap, "/etc/event.d") ||
		(snapshot_exists(snap, "/etc/init") &&
			snapshot_exists(snap, "/sbin/initctl")))
		g->init = INIT_UPSTART;
	else if (snapshot_exists(snap, "/etc/inittab"))
		g->init = snapshot_exists(snap, "/sbin/openrc") ||
					  snapshot_exists(snap, "/sbin/runscript")
				  ? INIT_OPENRC
				  : INIT_SYSVINIT;
	else if (snapshot_exists(snap, "/lib/systemd/systemd") ||
		 snapshot_exists(snap, "/usr/lib/systemd/systemd"))
		g->init = INIT_SYSTEMD;
	else if (snapshot_exists(snap, "/etc/init"))
		g->init = INIT_UPSTART;
}

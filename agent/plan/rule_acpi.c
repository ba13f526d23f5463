/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host asks for a shutdown by pressing the ACPI power button. systemd-logind hears it, but
 * asks systemd for the shutdown over D-Bus, which debootstrap of Debian 12 leaves out; older
 * systems need acpid, and a rule of acpid's that says what to do. */
#include <string.h>

#include "plan/draft.h"
#include "plan/packages.h"
#include "plan/rules.h"
#include "text/chkconfig.h"
#include "text/version.h"

/* Which package brings the rule, and acpid with it. Up to this release of the system, in rising
 * order. Debian's acpid 1.0.10-1 gave it away. */
static const struct row {
	const char *id, *last, *package;
} rows[] = {
	{"debian", "5.99", "acpid"},
	{"debian", NULL, "acpi-support-base"},
};

static const char *package_for(const struct guest *g)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (strcmp(g->id, rows[i].id) == 0 &&
			(!rows[i].last || version_cmp(str_from(g->version),
						  str_from(rows[i].last)) <= 0))
			return rows[i].package;
	return "acpid";
}

/* What acpid does when the button is pressed; busybox' has it by the event's own name. */
static bool has_rule(const struct snapshot *snap)
{
	size_t pos = 0, busybox = 0;

	return snapshot_glob(snap, "/etc/acpi/events/*", &pos) ||
	       snapshot_glob(snap, "/etc/acpi/PWRF/*", &busybox);
}

static bool has_one(const struct snapshot *snap, const char *const paths[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (snapshot_exists(snap, paths[i]))
			return true;
	return false;
}

static bool logind_lacks_bus(const struct snapshot *snap)
{
	static const char *const logind[] = {
		"/lib/systemd/systemd-logind", "/usr/lib/systemd/systemd-logind"};
	static const char *const bus[] = {
		"/usr/bin/dbus-daemon", "/bin/dbus-daemon", "/usr/bin/dbus-broker"};

	return has_one(snap, logind, ARRAY_SIZE(logind)) &&
	       !has_one(snap, bus, ARRAY_SIZE(bus));
}

static bool lacks_acpid(const struct snapshot *snap)
{
	static const char *const acpid[] = {"/usr/sbin/acpid", "/sbin/acpid"};

	return !has_rule(snap) || !has_one(snap, acpid, ARRAY_SIZE(acpid));
}

/* In Red Hat's runlevels as its script asks for, where it is started in none: "chkconfig acpid
 * on". On Xen nobody missed it. */
static int start_by_chkconfig(const struct plan_input *in, struct plan *p, struct err *e)
{
	struct chkconfig want;
	struct str script;
	size_t pos = 0;
	int r = 0;

	if (!snapshot_data(in->snap, "/etc/rc.d/init.d/acpid", &script) ||
		snapshot_glob(in->snap, "/etc/rc.d/rc[0-6].d/S[0-9][0-9]acpid", &pos) ||
		!chkconfig_read(script, &want))
		return 0;
	for (size_t i = 0; i < want.levels.n && r >= 0; i++) {
		const char level = want.levels.p[i];
		cleanup_(free_charp) char *stop =
			str_printf("/etc/rc.d/rc%c.d/K[0-9][0-9]acpid", level);
		cleanup_(free_charp) char *start =
			str_printf("/etc/rc.d/rc%c.d/S%02uacpid", level, want.start);
		const struct snap_entry *ent;

		pos = 0;
		if (!stop || !start)
			return err_oom(e);
		ent = snapshot_glob(in->snap, stop, &pos);
		if (ent)
			r = draft_remove(in, p, "acpid", ent->path, e, "started there");
		if (r >= 0)
			r = draft_link(in, p, "acpid", start, "../init.d/acpid", e);
	}
	return r;
}

static int start_by_openrc(const struct plan_input *in, struct plan *p, struct err *e)
{
	size_t pos = 0;

	if ((!snapshot_exists(in->snap, "/sbin/openrc") &&
		    !snapshot_exists(in->snap, "/sbin/runscript")) ||
		snapshot_glob(in->snap, "/etc/runlevels/*/acpid", &pos))
		return 0;
	return draft_link(
		in, p, "acpid", "/etc/runlevels/default/acpid", "/etc/init.d/acpid", e);
}

/* It is there, with what it should do; is it started, too? */
static int start_acpid(const struct plan_input *in, struct plan *p, struct err *e)
{
	if (in->guest->family == FAMILY_REDHAT)
		return start_by_chkconfig(in, p, e);
	return snapshot_exists(in->snap, "/etc/init.d/acpid") ? start_by_openrc(in, p, e)
							      : 0;
}

/* apk puts nothing into a runlevel; a link to what is not there yet is passed over. */
static int install_acpid(const struct plan_input *in, struct plan *p,
	const struct wanted_package *want, struct err *e)
{
	int r = plan_install(in, p, want, e);

	return r >= 0 && in->guest->family == FAMILY_ALPINE ? start_by_openrc(in, p, e)
							    : r;
}

int rule_acpi(const struct plan_input *in, struct plan *p, struct err *e)
{
	struct wanted_package want = {.why = "so that the host's shutdown button works"};

	if (in->guest->init == INIT_UNKNOWN)
		return 0;
	if (in->guest->init == INIT_SYSTEMD) {
		if (!logind_lacks_bus(in->snap))
			return 0;
		want.id = want.name = "dbus";
		return plan_install(in, p, &want, e);
	}
	if (!lacks_acpid(in->snap))
		return start_acpid(in, p, e);
	want.id = "acpid";
	want.name = package_for(in->guest);
	return install_acpid(in, p, &want, e);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host asks for a shutdown by pressing the ACPI power button. systemd-logind hears it, but
 * asks systemd for the shutdown over D-Bus, which debootstrap of Debian 12 leaves out; older
 * systems need acpid, and a rule of acpid's that says what to do. */
#include <string.h>

#include "plan/packages.h"
#include "plan/rules.h"
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

static bool has_rule(const struct snapshot *snap)
{
	for (size_t i = 0; i < snap->n; i++)
		if (str_starts(str_from(snap->v[i].path), "/etc/acpi/events/"))
			return true;
	return false;
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

int rule_acpi(const struct plan_input *in, struct plan *p, struct err *e)
{
	struct wanted_package want = {.why = "so that the host's shutdown button works"};

	if (in->guest->init == INIT_UNKNOWN)
		return 0;
	if (in->guest->init == INIT_SYSTEMD) {
		if (!logind_lacks_bus(in->snap))
			return 0;
		want.id = want.name = "dbus";
	} else {
		if (!lacks_acpid(in->snap))
			return 0;
		want.id = "acpid";
		want.name = package_for(in->guest);
	}
	return plan_install(in, p, &want, e);
}

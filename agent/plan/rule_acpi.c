/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host asks for a shutdown by pressing the ACPI power button. systemd-logind hears it;
 * older systems need acpid, and a rule of acpid's that says what to do. */
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

int rule_acpi(const struct plan_input *in, struct plan *p, struct err *e)
{
	if (in->guest->init == INIT_SYSTEMD || in->guest->init == INIT_UNKNOWN)
		return 0;
	if (has_rule(in->snap) && (snapshot_exists(in->snap, "/usr/sbin/acpid") ||
					  snapshot_exists(in->snap, "/sbin/acpid")))
		return 0;
	return plan_install(in, p,
		&(struct wanted_package){.id = "acpid",
			.name = package_for(in->guest),
			.why = "so that the host's shutdown button works"},
		e);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host asks for a shutdown by pressing the ACPI power button. systemd-logind hears it;
 * older systems need acpid. */
#include "plan/packages.h"
#include "plan/rules.h"

int rule_acpi(const struct plan_input *in, struct plan *p, struct err *e)
{
	if (in->guest->init == INIT_SYSTEMD || in->guest->init == INIT_UNKNOWN ||
		snapshot_exists(in->snap, "/usr/sbin/acpid") ||
		snapshot_exists(in->snap, "/sbin/acpid"))
		return 0;
	return plan_install(in, p,
		&(struct wanted_package){.id = "acpid",
			.name = "acpid",
			.why = "so that the host's shutdown button works"},
		e);
}

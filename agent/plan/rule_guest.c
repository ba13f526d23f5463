/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Refuses guests that no rule here can make boot, before anything is planned. */
#include <string.h>

#include "plan/rules.h"

/* Options that are not obeyed must not be passed over. */
static int refuse_options(const struct plan_input *in, struct err *e)
{
	if (in->options->boot == BOOT_SELF && in->guest->boot != BOOT_MBR)
		return refuse(e, "boot=self: no disk has boot code, and this version "
				 "does not install any; "
				 "start the guest by kvm-pvgrub.img (boot=host)");
	return 0;
}

int rule_guest(const struct plan_input *in, struct plan *p, struct err *e)
{
	const struct guest *g = in->guest;
	int r = refuse_options(in, e);

	(void)p;
	if (r < 0)
		return r;
	if (g->family != FAMILY_DEBIAN)
		return refuse(e,
			"this guest is \"%s\": only the Debian family is repaired",
			*g->name ? g->name : "not a system we know");
	return 0;
}

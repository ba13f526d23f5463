/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Refuses guests that no rule here can make boot, before anything is planned. */
#include <string.h>

#include "plan/rules.h"

int rule_guest(const struct plan_input *in, struct plan *p, struct err *e)
{
	const struct guest *g = in->guest;

	(void)p;
	if (g->family != FAMILY_DEBIAN)
		return refuse(e,
			"this guest is \"%s\": only the Debian family is repaired",
			*g->name ? g->name : "not a system we know");
	return 0;
}

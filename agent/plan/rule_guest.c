/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Refuses guests that no rule here can make boot, before anything is planned. */
#include <string.h>

#include "plan/rules.h"

int rule_guest(const struct plan_input *in, struct plan *p, struct err *e)
{
	const struct guest *g = in->guest;

	(void)p;
	if (g->family == FAMILY_UNKNOWN || g->family == FAMILY_OTHER)
		return refuse(e, "this guest is \"%s\": not a system we know",
			*g->name ? g->name : g->id);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Refuses guests that no rule here can make boot, before anything is planned. */
#include <string.h>

#include "plan/rules.h"

static bool all_xen_only(const struct guest *g)
{
	for (size_t i = 0; i < g->n_kernels; i++)
		if (g->kernels[i].kind != KERNEL_XEN_ONLY)
			return false;
	return g->n_kernels > 0;
}

/* Options that are not obeyed must not be passed over. */
static int refuse_options(const struct plan_input *in, struct err *e)
{
	if (in->options->ext4 == YES)
		return refuse(e, "ext4=yes: this version does not convert file systems");
	if (in->options->grow == YES)
		return refuse(e, "grow=yes: this version does not grow file systems");
	if (in->options->boot == BOOT_SELF && in->guest->boot != BOOT_MBR)
		return refuse(e, "boot=self: no disk has boot code, and this version "
				 "does not install any; "
				 "start the guest by kvm-pvgrub.img (boot=host)");
	return 0;
}

int rule_guest(const struct plan_input *in, struct plan *p, struct err *e)
{
	const struct guest *g = in->guest;
	const struct kernel *k = guest_default_kernel(g);

	int r = refuse_options(in, e);

	(void)p;
	if (r < 0)
		return r;
	if (g->family != FAMILY_DEBIAN)
		return refuse(e,
			"this guest is \"%s\": only the Debian family is repaired",
			*g->name ? g->name : "not a system we know");
	if (all_xen_only(g))
		return refuse(e,
			"its only kernel %s runs on Xen alone: install the "
			"distribution's stock "
			"kernel in the guest first",
			k->release);
	if (k && k->kind == KERNEL_XEN_ONLY)
		return refuse(e,
			"it starts %s, which runs on Xen alone: make a stock kernel the "
			"default "
			"in %s first",
			k->release, g->config ? g->config : "/boot");
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* LILO reads no file: it starts the blocks, and gives the kernel the root device, that its program
 * wrote down when it last ran. That program writes the first sector of a disk by the name that the
 * disk has for it, past the journal and an undo, so it is not run here; and a guest whose kernel,
 * initramfs or root are another than what LILO knows would not start. */
#include <stdlib.h>

#include "plan/rules.h"
#include "text/cmdline.h"

/* What LILO knows of the entry and would be otherwise; NULL: nothing. */
static const char *stale(const struct plan *p, const struct boot_entry *ent)
{
	const struct dev_map map = plan_dev_map(p);
	struct str root;

	if (cmdline_get(ent->args, "root", &root) &&
		dev_map_find(&map, root, NULL) != DEV_KEPT)
		return "its root device";
	if (ent->image && plan_step_for(p, ent->image))
		return ent->image;
	if (ent->initramfs && plan_step_for(p, ent->initramfs))
		return ent->initramfs;
	return NULL;
}

int rule_lilo(const struct plan_input *in, struct plan *p, struct err *e)
{
	const struct guest *g = in->guest;

	if (g->loader != LOADER_LILO || g->boot != BOOT_MBR)
		return 0;
	for (size_t i = 0; i < g->n_menu; i++) {
		const char *what = g->menu[i].chain ? NULL : stale(p, &g->menu[i]);

		if (what)
			return refuse(e,
				"LILO starts \"" STR_FMT
				"\" from the map that /sbin/lilo "
				"wrote, and %s is to be changed: install GRUB in the "
				"guest "
				"in its place first",
				STR_ARG(g->menu[i].title), what);
	}
	return 0;
}

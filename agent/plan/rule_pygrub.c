/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pygrub read menus on the host, and took much for granted that no boot loader does: it passed over
 * a hypervisor, and never waited for a key. What only it could have started becomes a menu that
 * starts by itself. */
#include <stdlib.h>
#include <string.h>

#include "plan/draft.h"
#include "plan/rules.h"
#include "text/menu_lst.h"
#include "text/menu_lst_kernel.h"

#define TIMEOUT 5

static int edit_timeout(
	struct str in, const void *request, struct strbuf *out, struct err *e)
{
	return menu_lst_add_timeout(in, *(const unsigned *)request, out, e);
}

/* The entry's kernel runs without a hypervisor, too. */
static bool runs_here(const struct guest *g, const struct boot_entry *ent)
{
	for (size_t i = 0; i < g->n_in_boot && ent->image; i++)
		if (strcmp(g->in_boot[i].image, ent->image) == 0)
			return g->in_boot[i].kind != KERNEL_XEN_ONLY;
	return false;
}

/* What these entries start is planned for in the next round, when they stand in the menu. */
static int without_xen(const struct plan_input *in, struct plan *p, struct err *e)
{
	const struct guest *g = in->guest;
	cleanup_(strbuf_done) struct strbuf out = {0};
	bool *places = calloc(g->n_menu, sizeof(*places));
	struct str text;
	int r = 0;

	if (!places)
		return err_oom(e);
	for (size_t i = 0; i < g->n_menu; i++)
		places[i] = g->menu[i].chain && runs_here(g, &g->menu[i]);
	if (draft_read(in, p, g->config, &text))
		r = menu_lst_without_xen(
			text, &(struct menu_lst_places){places, g->n_menu}, &out, e);
	free(places);
	if (r <= 0)
		return r;
	p->again = true;
	return draft_write(in, p, "menu.lst", g->config, &out, 0644, e,
		"kernels that start without a hypervisor");
}

int rule_pygrub(const struct plan_input *in, struct plan *p, struct err *e)
{
	const struct guest *g = in->guest;
	const unsigned timeout = TIMEOUT;
	int r;

	if (!g->n_menu && g->by_pvgrub && g->menu_problem)
		return refuse(e,
			"%s: %s: %s, or set GRUB_ENABLE_BLSCFG=false in "
			"/etc/default/grub and run grub2-mkconfig",
			g->config, g->menu_problem,
			in->options->boot == BOOT_SELF
				? "run grub2-install in the guest"
				: "give boot=self, which has the guest's own "
				  "grub2-install make boot code");
	if (g->loader != LOADER_GRUB_LEGACY || !g->n_menu)
		return 0;
	/* Boot code of the guest's own did start the hypervisor. */
	r = g->by_pvgrub ? without_xen(in, p, e) : 0;
	return r < 0 ? r
		     : draft_edit(in, p, "menu.lst", g->config, edit_timeout, &timeout,
			       "it waited for a key", e);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* boot=self: a guest whose host brought the kernel gets one of its own, its distribution's
 * stock kernel, and then a menu for our boot code to read. Each is a round. */
#include <string.h>

#include "plan/draft.h"
#include "plan/own_menu.h"
#include "plan/packages.h"
#include "plan/rules.h"
#include "plan/stock_kernel.h"

/* The newest in /boot that runs here. */
static const struct kernel *find_kernel(const struct guest *g)
{
	for (size_t i = 0; i < g->n_in_boot; i++)
		if (g->in_boot[i].kind == KERNEL_MAINLINE)
			return &g->in_boot[i];
	return NULL;
}

static int install(const struct plan_input *in, struct plan *p, struct err *e)
{
	const char *package = stock_kernel(in->guest);

	if (!package || !plan_can_install(in))
		return refuse(e,
			"boot=self: the host brings this guest's kernel: let it go on "
			"doing so (boot=host), or install the distribution's stock "
			"kernel in the guest first%s%s",
			package ? ": " : "", package ? package : "");
	p->again = true;
	return plan_install(in, p,
		&(struct wanted_package){.id = "kernel",
			.name = package,
			.why = "since the host brought the kernel until now",
			.needed = true},
		e);
}

static bool links_to(const struct plan_input *in, const char *link, const char *path)
{
	const struct snap_entry *ent = snapshot_find(in->snap, link);

	return ent && ent->kind == SNAP_LINK && ent->real && strcmp(ent->real, path) == 0;
}

/* The links in / that the distribution keeps at its newest kernel: unlike the kernel's own
 * name they stay right when it is updated, for which nobody writes this menu anew. */
static bool has_links(const struct plan_input *in, const struct kernel *k)
{
	return in->guest->bootfs == in->guest->root &&
	       links_to(in, "/vmlinuz", k->image) &&
	       links_to(in, "/initrd.img", k->initramfs);
}

static int menu_text(
	const struct plan_input *in, const struct kernel *k, struct strbuf *ret)
{
	const struct guest *g = in->guest;
	const char *console = in->options->console;
	const bool links = has_links(in, k);
	const size_t prefix = strlen(g->bootfs_prefix);
	cleanup_(strbuf_done) struct strbuf args = {0};

	strbuf_addf(&args, "root=/dev/%s ro", g->root->name);
	if (strcmp(console, "keep") != 0)
		strbuf_addf(&args, " console=tty0 console=%s", console);
	if (strbuf_err(&args) < 0)
		return -ENOMEM;
	own_menu_begin("this guest's host brought its kernel.", 0, 2, ret);
	own_menu_add(g,
		&(struct own_menu_entry){.title = str_from(g->name),
			.kernel = str_from(links ? "/vmlinuz" : k->image + prefix),
			.args = strbuf_str(&args),
			.initrd =
				str_from(links ? "/initrd.img" : k->initramfs + prefix)},
		ret);
	return strbuf_err(ret);
}

static int add_menu(const struct plan_input *in, const struct kernel *k, struct plan *p,
	struct err *e)
{
	cleanup_(strbuf_done) struct strbuf text = {0};

	/* GRUB sees subvolumes as folders, and which of them is / only the guest knows. */
	if (strcmp(in->guest->bootfs->type, "btrfs") == 0)
		return refuse(e, "boot=self: the guest has no boot menu, and none is "
				 "written for btrfs: run update-grub in it first");
	if (menu_text(in, k, &text) < 0)
		return err_oom(e);
	p->again = true;
	return draft_write(in, p, "menu.lst", OWN_MENU, &text, 0644, e,
		"a menu for %s, which had none", k->release);
}

int rule_own_kernel(const struct plan_input *in, struct plan *p, struct err *e)
{
	const struct kernel *k = find_kernel(in->guest);

	if (in->guest->config || !bootcode_wanted(in))
		return 0;
	return k ? add_menu(in, k, p, e) : install(in, p, e);
}

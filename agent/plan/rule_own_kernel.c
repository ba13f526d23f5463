/* SPDX-License-Identifier: GPL-2.0-or-later */
/* boot=self: a guest whose host brought the kernel gets one of its own, its distribution's
 * stock kernel, and then a menu for our boot code to read. Each is a round. */
#include <string.h>

#include "plan/draft.h"
#include "plan/packages.h"
#include "plan/rules.h"
#include "plan/stock_kernel.h"

#define MENU "/boot/grub/menu.lst"

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

static void menu_text(
	const struct plan_input *in, const struct kernel *k, struct strbuf *ret)
{
	const struct guest *g = in->guest;
	const struct device *boot = g->bootfs;
	const char *console = in->options->console;
	const bool links = has_links(in, k);
	/* As the loader sees them. */
	const size_t prefix = strlen(g->bootfs_prefix);

	strbuf_adds(ret, "# Written by xvd2vd: this guest's host brought its kernel.\n"
			 "default\t\t0\ntimeout\t\t2\n\n");
	strbuf_addf(ret, "title\t\t%s\n", g->name);
	/* Without a "root" it is the device that the menu lies on. */
	if (!boot->on.n && boot->number)
		strbuf_addf(ret, "root\t\t(hd%zu,%u)\n", boot->disk, boot->number - 1);
	else if (!boot->on.n)
		strbuf_addf(ret, "root\t\t(hd%zu)\n", boot->disk);
	strbuf_addf(ret, "kernel\t\t%s root=/dev/%s ro",
		links ? "/vmlinuz" : k->image + prefix, g->root->name);
	if (strcmp(console, "keep") != 0)
		strbuf_addf(ret, " console=tty0 console=%s", console);
	strbuf_addf(
		ret, "\ninitrd\t\t%s\n", links ? "/initrd.img" : k->initramfs + prefix);
}

static int add_menu(const struct plan_input *in, const struct kernel *k, struct plan *p,
	struct err *e)
{
	cleanup_(strbuf_done) struct strbuf text = {0};

	/* GRUB sees subvolumes as folders, and which of them is / only the guest knows. */
	if (strcmp(in->guest->bootfs->type, "btrfs") == 0)
		return refuse(e, "boot=self: the guest has no boot menu, and none is "
				 "written for btrfs: run update-grub in it first");
	menu_text(in, k, &text);
	if (strbuf_err(&text) < 0)
		return err_oom(e);
	p->again = true;
	return draft_write(in, p, "menu.lst", MENU, &text, 0644, e,
		"a menu for %s, which had none", k->release);
}

int rule_own_kernel(const struct plan_input *in, struct plan *p, struct err *e)
{
	const struct kernel *k = find_kernel(in->guest);

	if (in->guest->config || !bootcode_wanted(in))
		return 0;
	return k ? add_menu(in, k, p, e) : install(in, p, e);
}

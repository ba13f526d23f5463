/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A menu starts something: where it has no entry the guest is refused, since none is made up. A
 * guest that starts a kernel made for Xen alone gets another one: an entry of its menu that
 * is there already, a kernel in /boot that the menu does not offer yet, or the stock kernel of
 * its distribution. What this brings is planned for in the next round: its initramfs has no
 * virtio yet, and perhaps no entry. */
#include <string.h>

#include "plan/default_entry.h"
#include "plan/draft.h"
#include "plan/packages.h"
#include "plan/rules.h"
#include "plan/stock_kernel.h"
#include "text/grub_cfg_kernel.h"
#include "text/menu_lst_kernel.h"
#include "text/shell_vars.h"

/* The newest in /boot that runs here. */
static const struct kernel *find_image(const struct guest *g, const struct kernel *old)
{
	for (size_t i = 0; i < g->n_in_boot; i++)
		if (kernel_may_follow(&g->in_boot[i], old))
			return &g->in_boot[i];
	return NULL;
}

static int edit_menu_lst(
	struct str in, const void *request, struct strbuf *out, struct err *e)
{
	return menu_lst_add_kernel(in, request, out, e);
}

struct releases {
	struct str from, to;
};

static int edit_grub_cfg(
	struct str in, const void *request, struct strbuf *out, struct err *e)
{
	const struct releases *r = request;

	return grub_cfg_add_kernel(in, r->from, r->to, out, e);
}

#define NOTE "an entry for a kernel that runs here"

/* As the loader sees it. */
static struct str menu_path(const struct guest *g, const char *path)
{
	struct str s = str_from(path);

	(void)str_skip(&s, g->bootfs_prefix);
	return s;
}

/* It is the default at once. */
static int add_to_legacy(const struct plan_input *in, const struct kernel *k,
	const struct kernel *old, struct plan *p, struct err *e)
{
	const struct guest *g = in->guest;
	cleanup_(free_charp) char *title =
		str_printf("%s, kernel %s", g->name, k->release);
	const struct menu_lst_kernel request = {
		.like = (unsigned)g->default_entry,
		.title = str_from(title),
		.path = menu_path(g, k->image),
		.initrd = menu_path(g, k->initramfs),
	};

	(void)old;
	if (!title)
		return err_oom(e);
	return draft_edit(in, p, "kernel", g->config, edit_menu_lst, &request, NOTE, e);
}

static int add_to_grub2(const struct plan_input *in, const struct kernel *k,
	const struct kernel *old, struct plan *p, struct err *e)
{
	const struct releases request = {str_from(old->release), str_from(k->release)};

	return draft_edit(
		in, p, "kernel", in->guest->config, edit_grub_cfg, &request, NOTE, e);
}

static int (*const adders[])(const struct plan_input *in, const struct kernel *k,
	const struct kernel *old, struct plan *p, struct err *e) = {
	[LOADER_GRUB_LEGACY] = add_to_legacy,
	[LOADER_GRUB2] = add_to_grub2,
	[LOADER_LILO] = NULL,
};

#define NOT_OFFERED                                                                      \
	"it starts %s, which runs on Xen alone, and %s does not offer %s: run "          \
	"update-grub in the guest first"

static int add_entry(const struct plan_input *in, const struct kernel *k,
	const struct kernel *old, struct plan *p, struct err *e)
{
	const struct guest *g = in->guest;
	const char *menu = g->config ? g->config : "its menu";
	int r;

	if ((size_t)g->loader >= ARRAY_SIZE(adders) || !adders[g->loader])
		return refuse(e, NOT_OFFERED, old->release, menu, k->image);
	r = adders[g->loader](in, k, old, p, e);
	if (r == -EINVAL)
		return err_wrap(e, -EUSERS, NOT_OFFERED, old->release, menu, k->image);
	p->again = true;
	p->listed = k;
	return r;
}

static int install(const struct plan_input *in, const struct kernel *old, struct plan *p,
	struct err *e)
{
	const char *package = stock_kernel(in->guest), *bond = kernel_bond(old);

	if (bond)
		return refuse(e,
			"its only kernel %s runs on Xen alone, and is not replaced: %s; "
			"install one that runs on KVM in the guest first",
			old->release, bond);
	if (!package || !plan_can_install(in))
		return refuse(e,
			"its only kernel %s runs on Xen alone: install the "
			"distribution's stock kernel in the guest first%s%s",
			old->release, package ? ": " : "", package ? package : "");
	p->again = true;
	return plan_install(in, p,
		&(struct wanted_package){.id = "kernel",
			.name = package,
			.why = "since the guest's own kernel runs on Xen alone",
			.needed = true},
		e);
}

#define SYSCONFIG "/etc/sysconfig/kernel"

static int edit_default_package(
	struct str in, const void *request, struct strbuf *out, struct err *e)
{
	return shell_vars_set(in, "DEFAULTKERNEL", str_from(request), out, e);
}

/* Red Hat's tools make the kernels of one package the default as they are installed: Xen's no
 * longer. */
static int name_package(const struct plan_input *in, const struct kernel *k,
	struct plan *p, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf value = {0};
	struct str text;

	if (!k || in->guest->family != FAMILY_REDHAT ||
		!draft_read(in, p, SYSCONFIG, &text) ||
		!shell_vars_get(text, "DEFAULTKERNEL", &value) ||
		!str_starts(strbuf_str(&value), "kernel-xen"))
		return strbuf_err(&value) < 0 ? err_oom(e) : 0;
	return draft_edit(in, p, "kernel", SYSCONFIG, edit_default_package,
		strstr(k->release, "PAE") ? "kernel-PAE" : "kernel", "DEFAULTKERNEL", e);
}

int rule_kernel(const struct plan_input *in, struct plan *p, struct err *e)
{
	const struct guest *g = in->guest;
	const struct kernel *old = guest_default_kernel(g), *k;
	size_t entry;

	/* Where a menu is still to come, or changed, it is asked again what that starts. */
	if (p->again)
		return 0;
	if (g->config && !g->n_menu)
		return refuse(e,
			"%s has no entry to start%s%s: make it anew in the guest first",
			g->config, g->menu_problem ? ": " : "",
			g->menu_problem ? g->menu_problem : "");
	if (!old || old->kind != KERNEL_XEN_ONLY)
		return name_package(in, old, p, e);
	entry = default_entry_find(g, old);
	if (entry < g->n_menu) {
		p->again = true;
		return default_entry_set(in, entry, p, e);
	}
	k = find_image(g, old);
	return k ? add_entry(in, k, old, p, e) : install(in, old, p, e);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ext4=yes: an ext3 root becomes ext4, where all that reads it does so afterwards. fstab comes
 * first (docs/JOURNAL.md says why): ext4's driver mounts ext3 as well. */
#include <string.h>

#include "plan/draft.h"
#include "plan/rules.h"
#include "text/cmdline.h"
#include "text/fstab.h"

#define FSTAB "/etc/fstab"

/* Built in, or where the initramfs can load it. */
static bool reads_ext4(const struct plan_input *in, const struct kernel *k)
{
	return kernel_driver_place(in->snap, k, "ext4") <= DRIVER_IDLE;
}

static int check_kernels(const struct plan_input *in, struct plan *p, struct err *e)
{
	const struct guest *g = in->guest;
	const struct kernel *first = guest_default_kernel(g);

	if (!first)
		return refuse(e, "ext4=yes: it is not known which kernel starts this "
				 "guest, nor whether that reads ext4");
	if (!reads_ext4(in, first))
		return refuse(e,
			"ext4=yes: kernel %s has no ext4 in it or in its initramfs",
			first->release);
	for (size_t i = 0; i < g->n_kernels; i++)
		if (!reads_ext4(in, &g->kernels[i]) &&
			plan_warn(p, e,
				"kernel %s of the boot menu has no ext4 in it or in its "
				"initramfs: it can no longer start this guest",
				g->kernels[i].release) < 0)
			return -ENOMEM;
	return 0;
}

/* A kernel that comes later lies in ext4's extents. GRUB 2, and so kvm-pvgrub.img, reads
 * these since 2009; which version of another loader stands in the boot sector, nobody knows. */
static int check_loader(const struct plan_input *in, struct err *e)
{
	const struct guest *g = in->guest;

	if (g->bootfs != g->root || g->by_pvgrub || g->loader == LOADER_GRUB2)
		return 0;
	return refuse(e,
		"ext4=yes: /boot is on the root file system, and it is not known whether "
		"the %s in the boot sector reads ext4",
		loader_name(g->loader));
}

static int check_menu(const struct plan_input *in, struct err *e)
{
	struct str type;

	for (size_t i = 0; i < in->guest->n_menu; i++)
		if (cmdline_get(in->guest->menu[i].args, "rootfstype", &type) &&
			!str_is(type, "ext4"))
			return refuse(e,
				"ext4=yes: the boot menu says rootfstype=" STR_FMT
				": take that out first",
				STR_ARG(type));
	return 0;
}

static int retype_root(
	struct str in, const void *request, struct strbuf *out, struct err *e)
{
	return fstab_retype(in, request, out, e);
}

static int add_step(const struct device *root, struct plan *p, struct err *e)
{
	cleanup_(free_charp) char *path = str_printf("/dev/%s", root->name);
	struct step *s = path ? plan_add(p, STEP_DISK, "ext4", path) : NULL;

	if (!s)
		return err_oom(e);
	step_note(s, "ext3 -> ext4: features extents, dir_index");
	return strbuf_err(&s->detail) < 0 ? err_oom(e) : 0;
}

int rule_ext4(const struct plan_input *in, struct plan *p, struct err *e)
{
	static const struct fstab_type to_ext4 = {"/", "ext3", "ext4"};
	const struct device *root = in->guest->root;
	const bool is_ext3 = strcmp(root->type, "ext3") == 0;
	int r;

	if (in->options->ext4 != YES)
		return 0;
	if (!is_ext3 && strcmp(root->type, "ext4") != 0)
		return refuse(e, "ext4=yes: /dev/%s holds %s: only ext3 is converted",
			root->name, *root->type ? root->type : "nothing that is known");
	r = is_ext3 ? check_kernels(in, p, e) : 0;
	if (r >= 0 && is_ext3)
		r = check_loader(in, e);
	if (r >= 0)
		r = check_menu(in, e);
	if (r < 0)
		return r;
	if (is_ext3 && !in->own_disks)
		return plan_pend(p, "ext4", e,
			"ext4=yes: /dev/%s can become ext4: that is done in the rescue "
			"system, not in a tree that is mounted elsewhere",
			root->name);
	r = draft_edit(in, p, "fstab", FSTAB, retype_root, &to_ext4, "/ is ext4", e);
	if (r >= 0 && is_ext3)
		r = add_step(root, p, e);
	return r;
}

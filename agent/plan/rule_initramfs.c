/* SPDX-License-Identifier: GPL-2.0-or-later */
/* virtio in the initramfs of every kernel that the boot menu offers: proven to be there, or
 * grafted, or rebuilt by the guest's own tool. */
#include <string.h>

#include "plan/graft.h"
#include "plan/rebuild.h"
#include "plan/rules.h"

static bool needs_drivers(const struct kernel *k)
{
	for (size_t i = 0; i < N_ROOT_DRIVERS; i++)
		if (k->drivers[i] > DRIVER_LOADED)
			return true;
	return false;
}

static const char *absent_driver(const struct kernel *k)
{
	for (size_t i = 0; i < N_ROOT_DRIVERS; i++)
		if (k->drivers[i] == DRIVER_ABSENT)
			return root_drivers[i];
	return NULL;
}

/* A kernel that cannot be helped stops the run where it is the one that would be started. */
static int give_up(const struct kernel *k, struct plan *p, struct err *e, const char *why)
{
	if (!k->is_default)
		return plan_warn(
			p, e, "kernel %s will not boot here: %s", k->release, why);
	return refuse(e, "kernel %s cannot be made to boot here: %s", k->release, why);
}

/* The image cannot be helped as it is: what is wrong, and what makes it anew. */
static int bad_image(const struct plan_input *in, const struct kernel *k,
	const char *path, const char *problem, struct plan *p, struct err *e)
{
	cleanup_(strv_done) struct strv command = {0};
	cleanup_(strbuf_done) struct strbuf why = {0};
	int r = rebuild_command(in, k, &command, e);

	if (r < 0)
		return r;
	strbuf_addf(&why, "%s: %s", path, problem);
	if (command.n)
		strbuf_adds(&why, "; make it anew in the guest:");
	STRV_FOREACH (word, &command)
		strbuf_addf(&why, " %s", *word);
	return strbuf_err(&why) < 0 ? err_oom(e) : give_up(k, p, e, why.p);
}

/* There is no list of the image: it is not there, no file, or /boot holds too much. */
static int unlisted_image(const struct plan_input *in, const struct kernel *k,
	struct plan *p, struct err *e)
{
	const struct snap_entry *boot = snapshot_find(in->snap, "/boot");
	cleanup_(free_charp) char *usual = str_printf("/boot/initrd.img-%s", k->release);
	const char *path = k->initramfs ? k->initramfs : usual;
	const char *problem = path ? snapshot_problem(in->snap, path) : NULL;

	if (!path)
		return err_oom(e);
	if (boot && boot->problem)
		problem = boot->problem;
	if (problem || in->guest->family == FAMILY_DEBIAN)
		return bad_image(
			in, k, path, problem ? problem : "it is not there", p, e);
	return bad_image(in, k, k->image, "it has no initramfs", p, e);
}

static int rebuild(const struct plan_input *in, const struct kernel *k, struct plan *p,
	struct err *e)
{
	cleanup_(strv_done) struct strv command = {0};
	int r = rebuild_command(in, k, &command, e);

	if (r < 0)
		return r;
	if (r == 0)
		return bad_image(in, k, k->initramfs ? k->initramfs : k->image,
			"it cannot be grafted, and the guest has no tool to make it anew",
			p, e);
	return rebuild_plan(in, k, &command, p, e);
}

static int repair(const struct plan_input *in, const struct kernel *k, struct plan *p,
	struct err *e)
{
	const struct snap_archive *a =
		k->initramfs ? snapshot_archive(in->snap, k->initramfs) : NULL;
	const bool needed = needs_drivers(k);

	if (k->kind == KERNEL_XEN_ONLY && p->again)
		return 0; /* another one takes its place */
	if (k->kind == KERNEL_XEN_ONLY)
		return give_up(k, p, e, "it runs on Xen alone");
	if (needed && absent_driver(k))
		return give_up(k, p, e, "it has no virtio drivers");
	if (needed && a && a->problem)
		return bad_image(in, k, a->path, a->problem, p, e);
	if (needed && !a)
		return unlisted_image(in, k, p, e);
	if (in->options->initrd == INITRD_REBUILD && needed)
		return rebuild(in, k, p, e);
	if (a && !a->problem && graft_can(in, k, a))
		return graft_plan(in, k, a, p, e);
	if (!needed)
		return 0;
	if (in->options->initrd == INITRD_GRAFT)
		return give_up(
			k, p, e, "its initramfs is not of a kind that can be grafted");
	return rebuild(in, k, p, e);
}

int rule_initramfs(const struct plan_input *in, struct plan *p, struct err *e)
{
	int r = 0;

	for (size_t i = 0; i < in->guest->n_kernels && r >= 0; i++)
		r = repair(in, &in->guest->kernels[i], p, e);
	/* As long as the map has the names that its image was made with. */
	return r >= 0 && p->listed ? repair(in, p->listed, p, e) : r;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rehearsal of what the loader has loaded: a kernel that runs here, and an initramfs that
 * is whole, is this kernel's, and brings the disk. */
#include <string.h>

#include "plan/verify_work.h"

void verify_kernel_whole(struct rehearsal *r)
{
	const struct kernel *k = r->kernel;
	const struct snap_kernel *image;

	if (!k)
		return;
	image = snapshot_kernel(r->snap, k->image);
	verify_check(r, "kernel",
		k->kind != KERNEL_XEN_ONLY && !(image && image->problem),
		"%s, %s, is %s%s%s", k->image, k->release, kernel_kind_name(k->kind),
		image && image->problem ? ": " : "",
		image && image->problem ? image->problem : "");
}

void verify_kernel_initramfs(struct rehearsal *r)
{
	const struct snap_archive *a =
		r->kernel && r->kernel->initramfs
			? snapshot_archive(r->snap, r->kernel->initramfs)
			: NULL;

	if (a)
		verify_check(r, "initramfs", !a->problem,
			"%s: %zu members in %zu segment%s%s%s", a->path, a->members.n,
			a->segments.n, a->segments.n == 1 ? "" : "s",
			a->problem ? ": " : ", read to the end",
			a->problem ? a->problem : "");
}

/* An image made for another kernel has modules that this one does not load. What it says of
 * itself counts, since it will look for them under that name. */
void verify_kernel_modules(struct rehearsal *r)
{
	const struct snap_kernel *k;
	struct str own, other = {0};
	size_t modules = 0;

	if (!r->image)
		return;
	k = snapshot_kernel(r->snap, r->kernel->image);
	own = str_from(k && *k->release ? k->release : r->kernel->release);
	STRV_FOREACH (m, &r->image->members) {
		struct str release = kernel_module_release(str_from(*m));

		if (!release.n)
			continue;
		if (str_eq(release, own))
			modules++;
		else
			other = release;
	}
	r->blind |= other.n && !modules;
	if (modules || other.n)
		verify_check(r, "modules", modules,
			"the kernel is " STR_FMT "; %s has modules of " STR_FMT,
			STR_ARG(own), r->image->path, STR_ARG(modules ? own : other));
}

void verify_kernel_virtio(struct rehearsal *r)
{
	const struct kernel *k = r->kernel;

	if (!k || r->blind)
		return;
	for (size_t d = 0; d < N_ROOT_DRIVERS; d++)
		verify_check(r, "virtio", k->drivers[d] <= DRIVER_LOADED, "%s of %s: %s",
			root_drivers[d], k->release, driver_place_name(k->drivers[d]));
}

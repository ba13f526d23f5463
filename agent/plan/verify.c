/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See verify.h. The order of the checks, and what they have in common. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/verify_work.h"

/* As a boot comes to them: the first that does not hold is what stops it. */
static void (*const checks[])(struct rehearsal *r) = {
	verify_boot_loader,
	verify_boot_entry,
	verify_boot_root,
	verify_boot_map,
	verify_kernel_whole,
	verify_kernel_initramfs,
	verify_kernel_modules,
	verify_kernel_virtio,
	verify_root_storage,
	verify_root_fs,
	verify_root_resolves,
	verify_system_resume,
	verify_system_fstab,
	verify_system_console,
	verify_system_network,
};

void verify_check(struct rehearsal *r, const char *id, bool ok, const char *fmt, ...)
{
	struct check *v = reallocarray(r->verdict.v, r->verdict.n + 1, sizeof(*v));
	char text[400];
	va_list ap;

	if (!v) {
		r->oom = true;
		return;
	}
	r->verdict.v = v;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	v[r->verdict.n] = (struct check){id, ok, strdup(text)};
	r->oom |= !v[r->verdict.n++].detail;
	r->verdict.bootable &= ok;
}

static bool same_path(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static void find_entry(struct rehearsal *r)
{
	const struct guest *g = r->g;
	const struct snap_archive *a;

	if (g->default_entry >= g->n_menu)
		return;
	r->entry = &g->menu[g->default_entry];
	for (size_t i = 0; i < g->n_kernels && r->entry->image; i++)
		if (same_path(g->kernels[i].image, r->entry->image) &&
			same_path(g->kernels[i].initramfs, r->entry->initramfs))
			r->kernel = &g->kernels[i];
	r->blind = r->entry->initrd.n;
	if (!r->kernel || !r->kernel->initramfs)
		return;
	a = snapshot_archive(r->snap, r->kernel->initramfs);
	r->image = a && !a->problem ? a : NULL;
	r->blind = !r->image;
}

int verify_guest(const struct snapshot *snap, const struct machine *m,
	const struct guest *g, const struct options *o, struct verdict *ret,
	struct err *e)
{
	struct rehearsal r = {
		.snap = snap, .m = m, .g = g, .o = o, .verdict = {.bootable = true}};

	find_entry(&r);
	for (size_t i = 0; i < ARRAY_SIZE(checks); i++)
		checks[i](&r);
	if (r.oom) {
		verdict_done(&r.verdict);
		return err_oom(e);
	}
	*ret = r.verdict;
	return 0;
}

void verdict_done(struct verdict *v)
{
	for (size_t i = 0; i < v->n; i++)
		free(v->v[i].detail);
	free(v->v);
	*v = (struct verdict){0};
}

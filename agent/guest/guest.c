/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See guest.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guest/guest.h"

static void free_kernels(struct kernel *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(v[i].release);
		free(v[i].image);
		free(v[i].initramfs);
	}
	free(v);
}

void guest_done(struct guest *g)
{
	for (size_t i = 0; i < g->n_menu; i++) {
		free(g->menu[i].image);
		free(g->menu[i].initramfs);
		free(g->menu[i].problem);
	}
	free_kernels(g->kernels, g->n_kernels);
	free_kernels(g->in_boot, g->n_in_boot);
	free(g->menu);
	free(g->id);
	free(g->version);
	free(g->name);
	free(g->arch);
	free(g->bootfs_prefix);
	free(g->config);
	free(g->menu_problem);
	strv_done(&g->menu_text);
	*g = (struct guest){0};
}

/* The one file without which nothing can be decided. */
static int check_fstab(const struct snapshot *snap, struct err *e)
{
	const struct snap_entry *ent = snapshot_find(snap, "/etc/fstab");
	struct str data;

	if (!ent)
		return err_set(e, -EINVAL, "there is no /etc/fstab: not a Linux root");
	if (ent->kind == SNAP_LINK) {
		if (!ent->real)
			return err_set(e, -EINVAL,
				"/etc/fstab is a link to %s, which is not there",
				ent->target);
		ent = snapshot_find(snap, ent->real);
	}
	if (ent && ent->problem)
		return err_set(e, -EINVAL, "/etc/fstab: %s", ent->problem);
	if (!snapshot_data(snap, "/etc/fstab", &data))
		return err_set(e, -EINVAL, "/etc/fstab cannot be read");
	if (str_has_nul(data))
		return err_set(e, -EINVAL,
			"/etc/fstab holds NUL bytes: repair it by hand first");
	return 0;
}

int guest_read(const struct snapshot *snap, const struct machine *m, struct guest *ret,
	struct err *e)
{
	const struct device *start = machine_boot_disk(m);

	return guest_read_as(snap, m, start ? start->boot_code : NULL, ret, e);
}

int guest_read_as(const struct snapshot *snap, const struct machine *m,
	const char *boot_code, struct guest *ret, struct err *e)
{
	struct guest g = {0};
	int r;

	r = check_fstab(snap, e);
	if (r >= 0)
		r = guest_read_os(snap, &g, e);
	if (r >= 0) {
		guest_read_init(snap, &g);
		r = guest_read_storage(snap, m, &g, e);
	}
	if (r >= 0)
		r = guest_read_loader(snap, m, boot_code, &g, e);
	if (r >= 0)
		r = guest_read_kernels(snap, &g, e);
	if (r < 0) {
		guest_done(&g);
		return r;
	}
	*ret = g;
	return 0;
}

const struct kernel *guest_default_kernel(const struct guest *g)
{
	for (size_t i = 0; i < g->n_kernels; i++)
		if (g->kernels[i].is_default)
			return &g->kernels[i];
	return g->n_kernels ? &g->kernels[0] : NULL;
}

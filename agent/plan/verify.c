/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See verify.h. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest/files.h"
#include "plan/network_names.h"
#include "plan/verify.h"
#include "text/cmdline.h"
#include "text/fstab.h"
#include "text/initramfs_tools.h"
#include "text/inittab.h"
#include "text/shell_vars.h"

struct rehearsal {
	const struct snapshot *snap;
	const struct machine *m;
	const struct guest *g;
	const struct options *o;
	struct verdict verdict;
	bool oom;
};

static void check(struct rehearsal *r, const char *id, bool ok, const char *fmt, ...)
	printf_like(4, 5);
static void check(struct rehearsal *r, const char *id, bool ok, const char *fmt, ...)
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

/* The entry the loader starts; NULL where the host brings the kernel, or there is none. */
static const struct boot_entry *default_entry(const struct rehearsal *r)
{
	return r->g->default_entry < r->g->n_menu ? &r->g->menu[r->g->default_entry]
						  : NULL;
}

static void check_loader(struct rehearsal *r)
{
	const struct guest *g = r->g;
	const struct boot_entry *ent = default_entry(r);

	switch (g->boot) {
	case BOOT_NONE:
		check(r, "boot-loader", r->o->boot != BOOT_SELF,
			"no boot loader and no config: the host brings the kernel");
		return;
	case BOOT_PVGRUB:
		check(r, "boot-loader", r->o->boot != BOOT_SELF,
			"no boot code on any disk: the host's kvm-pvgrub.img reads %s",
			g->config);
		break;
	case BOOT_MBR:
		check(r, "boot-loader", g->config != NULL,
			"boot code in the first sector, %s",
			g->config ? g->config : "but no config that it reads");
		break;
	}
	if (!g->config)
		return;
	if (!ent) {
		check(r, "boot-entry", false, "%s has no entry", g->config);
		return;
	}
	if (ent->chain) {
		check(r, "boot-entry", false,
			"the default entry \"" STR_FMT
			"\" starts no kernel of this guest",
			STR_ARG(ent->title));
		return;
	}
	check(r, "boot-entry", ent->image != NULL,
		"entry \"" STR_FMT "\": kernel " STR_FMT "%s", STR_ARG(ent->title),
		STR_ARG(ent->kernel), ent->image ? "" : " is not there");
	if (ent->initrd.n)
		check(r, "boot-initrd", ent->initramfs != NULL, "initramfs " STR_FMT "%s",
			STR_ARG(ent->initrd), ent->initramfs ? "" : " is not there");
}

/* GRUB legacy's and pv-grub's root must be written for the disk as it is now: with a
 * partition where there is a table, without one where there is none. */
static void check_grub_root(struct rehearsal *r)
{
	const struct boot_entry *ent = default_entry(r);
	const struct device *d = r->g->bootfs;
	char want[32];

	if (r->g->loader != LOADER_GRUB_LEGACY || !ent || !ent->root.n || d->on.n)
		return;
	if (d->number)
		snprintf(want, sizeof(want), "(hd%zu,%u)", d->disk, d->number - 1);
	else
		snprintf(want, sizeof(want), "(hd%zu)", d->disk);
	check(r, "grub-root", str_is(ent->root, want), "root " STR_FMT ", /boot is on %s",
		STR_ARG(ent->root), want);
}

static void check_kernel(struct rehearsal *r)
{
	const struct kernel *k = guest_default_kernel(r->g);
	const struct snap_kernel *image;

	if (!k)
		return;
	image = snapshot_kernel(r->snap, k->image);
	check(r, "kernel", k->kind != KERNEL_XEN_ONLY && !(image && image->problem),
		"%s is %s%s%s", k->image, kernel_kind_name(k->kind),
		image && image->problem ? ", " : "",
		image && image->problem ? image->problem : "");
}

static void check_initramfs(struct rehearsal *r)
{
	for (size_t i = 0; i < r->g->n_kernels; i++) {
		const struct kernel *k = &r->g->kernels[i];
		const struct snap_archive *a =
			k->initramfs ? snapshot_archive(r->snap, k->initramfs) : NULL;

		if (!k->is_default && k != guest_default_kernel(r->g))
			continue;
		if (a)
			check(r, "initramfs", !a->problem, "%s: %zu members%s%s", a->path,
				a->members.n, a->problem ? ", " : "",
				a->problem ? a->problem : "");
		for (size_t d = 0; d < N_ROOT_DRIVERS; d++)
			check(r, "virtio", k->drivers[d] <= DRIVER_LOADED, "%s of %s: %s",
				root_drivers[d], k->release,
				driver_place_name(k->drivers[d]));
	}
}

static void check_root(struct rehearsal *r)
{
	const struct boot_entry *ent = default_entry(r);
	const struct device *d;
	struct str root;

	if (!ent)
		return;
	if (!cmdline_get(ent->args, "root", &root)) {
		check(r, "root-resolves", r->g->loader == LOADER_NONE,
			"the kernel line names no root=");
		return;
	}
	d = machine_resolve(r->m, root);
	check(r, "root-resolves", d == r->g->root, "root=" STR_FMT " is %s%s",
		STR_ARG(root),
		!d                ? "not on this machine"
		: d == r->g->root ? *d->type ? d->type : "the root"
				  : "not the root file system, which is on /dev/",
		d && d != r->g->root ? r->g->root->name : "");
}

static void check_fstab(struct rehearsal *r)
{
	struct fstab_entry ent;
	struct str rest = {0};
	size_t line = 0;

	snapshot_data(r->snap, "/etc/fstab", &rest);
	while (fstab_next(&rest, &line, &ent)) {
		const struct device *d;

		if (!spec_is_device(ent.spec) || fstab_has_option(ent.mntops, "nofail") ||
			fstab_has_option(ent.mntops, "noauto"))
			continue;
		/* Optical drives and floppies come and go; nothing waits for them. */
		if (str_starts(ent.spec, "/dev/cdrom") ||
			str_starts(ent.spec, "/dev/sr") ||
			str_starts(ent.spec, "/dev/fd") ||
			str_starts(ent.spec, "/dev/scd"))
			continue;
		d = machine_resolve(r->m, ent.spec);
		check(r, "fstab", d && (!str_is(ent.file, "/") || d == r->g->root),
			"line %zu: " STR_FMT " on " STR_FMT "%s%s", ent.line,
			STR_ARG(ent.spec), STR_ARG(ent.file),
			d ? " is /dev/" : " is not on this machine", d ? d->name : "");
	}
}

/* A swap that is gone keeps the initramfs waiting. */
static void check_resume(struct rehearsal *r)
{
	for (size_t i = 0; i < n_resume_files; i++) {
		const struct snap_entry *ent;
		size_t pos = 0;

		while ((ent = snapshot_glob(r->snap, resume_files[i], &pos))) {
			cleanup_(strbuf_done) struct strbuf value = {0};

			if (!ent->has_data ||
				!shell_vars_get(
					strbuf_str(&ent->data), "RESUME", &value) ||
				!spec_is_device(strbuf_str(&value)))
				continue;
			check(r, "resume",
				machine_resolve(r->m, strbuf_str(&value)) != NULL,
				"%s: RESUME=" STR_FMT, ent->path,
				STR_ARG(strbuf_str(&value)));
		}
	}
}

/* Gettys on consoles that KVM does not have. */
static void check_console(struct rehearsal *r)
{
	static const char *const gone[] = {"hvc0", "xvc0"};
	static const char *const jobs[] = {"/etc/init/%s.conf", "/etc/event.d/%s",
		"/etc/systemd/system/getty.target.wants/serial-getty@%s.service"};
	const struct boot_entry *ent = default_entry(r);
	struct str text, console;

	if (strcmp(r->o->console, "keep") == 0)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(gone); i++) {
		bool found = snapshot_data(r->snap, "/etc/inittab", &text) &&
			     inittab_has_getty(text, gone[i]);

		for (size_t j = 0; j < ARRAY_SIZE(jobs); j++) {
			cleanup_(strbuf_done) struct strbuf path = {0};
			struct str head, tail;

			str_cut(str_from(jobs[j]), '%', &head, &tail);
			strbuf_add(&path, head);
			strbuf_adds(&path, gone[i]);
			strbuf_add(&path, str_from_pos(tail, 1));
			r->oom |= path.oom;
			found |= path.p && snapshot_exists(r->snap, path.p);
		}
		if (ent && cmdline_get(ent->args, "console", &console))
			found |= str_starts(console, gone[i]);
		if (found)
			check(r, "console", false,
				"something waits for %s, which KVM does not have",
				gone[i]);
	}
}

/* The names that the guest configures are those its cards will get. Without a folder for
 * rules its udev names nothing. */
static void check_network(struct rehearsal *r)
{
	cleanup_(strv_done) struct strv names = {0};
	const bool can_rename = r->g->init == INIT_SYSTEMD ||
				snapshot_exists(r->snap, "/etc/udev/rules.d");

	if (network_names(r->snap, &names, NULL) < 0)
		r->oom = true;
	if (names.n != r->m->n_nets || !can_rename)
		return;
	for (size_t i = 0; i < names.n; i++)
		check(r, "network",
			!*r->m->nets[i].mac ||
				network_is_pinned(r->snap, r->m->nets[i].mac, names.v[i]),
			"%s is the card %s", names.v[i], r->m->nets[i].mac);
}

int verify_guest(const struct snapshot *snap, const struct machine *m,
	const struct guest *g, const struct options *o, struct verdict *ret,
	struct err *e)
{
	struct rehearsal r = {snap, m, g, o, {.bootable = true}, false};

	check_loader(&r);
	check_grub_root(&r);
	check_kernel(&r);
	check_initramfs(&r);
	check_root(&r);
	check_fstab(&r);
	check_resume(&r);
	check_console(&r);
	check_network(&r);
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

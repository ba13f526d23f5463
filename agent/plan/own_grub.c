/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See own_grub.h. */
#include <string.h>

#include "plan/bootcode.h"
#include "plan/own_grub.h"

/* Sectors that a core fits into, by far: those with LVM, RAID and btrfs in them have 200. */
#define ROOM 512

#define RUN_ID "grub-install"
#define PUT_ID "bootcode"

static const struct own_grub grubs[] = {
	{"/usr/sbin/grub-install", "/boot/grub/grub.cfg", "/boot/grub/",
		"/boot/grub/i386-pc"},
	{"/usr/sbin/grub2-install", "/boot/grub2/grub.cfg", "/boot/grub2/",
		"/boot/grub2/i386-pc"},
};

/* What it makes a core for this machine's firmware from is a package of its own nearly
 * everywhere. */
static const char *const kernels[] = {
	"/usr/lib/grub/i386-pc/kernel.img",
	"/usr/lib/grub2/i386-pc/kernel.img",
	"/usr/share/grub2/i386-pc/kernel.img",
};

static bool has_kernel(const struct snapshot *snap)
{
	for (size_t i = 0; i < ARRAY_SIZE(kernels); i++)
		if (snapshot_exists(snap, kernels[i]))
			return true;
	return false;
}

/* GRUB legacy's is a shell script, and so is GRUB 2's up to 2.00, which cannot be told to write
 * no sector. */
static bool is_program(const struct snapshot *snap, const char *path)
{
	struct str head;

	return snapshot_data(snap, path, &head) && str_starts(head, "\177ELF");
}

static bool has_room(const struct bootcode_source *s)
{
	if (!s || s->problem)
		return false;
	return strcmp(s->disk.table, "gpt") == 0
		       ? s->disk.bios_boot_size >= ROOM
		       : strcmp(s->disk.table, "dos") == 0 && s->disk.first_part > ROOM;
}

const struct own_grub *own_grub_find(const struct plan_input *in)
{
	const struct guest *g = in->guest;

	if (in->offline || in->own_grub_failed || g->loader != LOADER_GRUB2 ||
		machine_boot_disk(in->machine) || !has_room(in->bootcode) ||
		!has_kernel(in->snap))
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(grubs); i++)
		if (strcmp(g->config, grubs[i].config) == 0 &&
			is_program(in->snap, grubs[i].program))
			return &grubs[i];
	return NULL;
}

static int add_run(
	const struct own_grub *own, const char *disk, struct plan *p, struct err *e)
{
	const char *const argv[] = {
		own->program, "--target=i386-pc", "--no-bootsector", disk};
	struct step *s = plan_add(p, STEP_RUN, RUN_ID, own->images);

	if (!s || strv_adds(&s->guard, own->folder) < 0)
		return err_oom(e);
	s->whole = true;
	for (size_t i = 0; i < ARRAY_SIZE(argv); i++)
		if (strv_adds(&s->argv, argv[i]) < 0)
			return err_oom(e);
	step_note(s, "%s %s %s %s", argv[0], argv[1], argv[2], argv[3]);
	return strbuf_err(&s->detail) < 0 ? err_oom(e) : 0;
}

int own_grub_install(const struct own_grub *own, const struct device *disk,
	struct plan *p, struct err *e)
{
	const bool gpt = strcmp(disk->table, "gpt") == 0;
	cleanup_(free_charp) char *path = str_printf("/dev/%s", disk->name);
	int r = path ? add_run(own, path, p, e) : err_oom(e);
	struct step *s;

	if (r < 0)
		return r;
	s = plan_add(p, STEP_BOOTSECTOR, PUT_ID, path);
	if (!s)
		return err_oom(e);
	strbuf_adds(&s->content, own->images);
	step_note(s, "boot code that starts the guest's own GRUB, its core %s",
		gpt ? "in the BIOS boot partition" : "before the first partition");
	return strbuf_err(&s->content) < 0 || strbuf_err(&s->detail) < 0 ? err_oom(e) : 0;
}

bool own_grub_failed(const struct plan *p, const char *check)
{
	bool asked = false, failed = check && str_starts(str_from(check), "boot-");

	for (size_t i = 0; i < p->n_steps; i++) {
		const struct step *s = &p->steps[i];
		const bool run = strcmp(s->id, RUN_ID) == 0;

		asked |= run;
		failed |= s->status == STEP_FAILED && (run || strcmp(s->id, PUT_ID) == 0);
	}
	return asked && failed;
}

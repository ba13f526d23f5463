/* SPDX-License-Identifier: GPL-2.0-or-later */
/* boot=self: a disk without boot code gets some, by which firmware starts the guest's own menu
 * (docs/BOOTCODE.md): of the guest's own GRUB 2 where it has one, else ours. Boot code that works is
 * left alone. */
#include <string.h>

#include "plan/bootcode.h"
#include "plan/own_grub.h"
#include "plan/rules.h"

/* The disk that holds /boot, or the first of those that it lies on; NULL where the machine was
 * described without it. */
static const struct device *disk_of(const struct plan_input *in)
{
	const struct machine *m = in->machine;
	const size_t disk = in->guest->bootfs->disk;

	return disk < m->n_disks ? &m->disks[disk] : NULL;
}

/* What firmware starts; NULL where no disk has boot code. */
static const char *boot_code(const struct machine *m)
{
	const struct device *d = machine_boot_disk(m);

	return d ? d->boot_code : NULL;
}

bool bootcode_wanted(const struct plan_input *in)
{
	const struct guest *g = in->guest;
	const char *code = boot_code(in->machine);

	if (!in->own_disks || in->options->boot == BOOT_HOST)
		return false;
	/* LILO's place may have to be taken. */
	if (g->loader == LOADER_LILO && g->boot == BOOT_MBR)
		return true;
	return in->options->boot == BOOT_SELF &&
	       (g->by_pvgrub || !code || !boot_code_reads(code, g->loader));
}

/* Nothing is done, but it could be. */
static int tell_of_it(const struct plan_input *in, struct plan *p, struct err *e)
{
	const struct device *disk = disk_of(in);

	if (in->options->boot != BOOT_AUTO || in->guest->boot != BOOT_PVGRUB || !disk ||
		strcmp(disk->table, "none") == 0)
		return 0;
	return plan_warn(p, e,
		"no disk has boot code: the host starts this guest, by kvm-pvgrub.img; "
		"boot=self would put boot code on /dev/%s",
		disk->name);
}

static int check(const struct plan_input *in, struct err *e)
{
	if (strcmp(in->machine->firmware, "efi") == 0)
		return refuse(e, "this machine's firmware is EFI, and does not start a "
				 "boot sector");
	if (!in->own_disks || !in->bootcode)
		return refuse(e, "boot sectors are written in the rescue system, not for "
				 "a tree that is mounted elsewhere");
	if (in->bootcode->problem)
		return refuse(e, "%s", in->bootcode->problem);
	return disk_of(in) ? 0 : refuse(e, "it is not known which disk /boot lies on");
}

static int add_step(
	struct plan *p, const struct device *disk, enum bootcode_way way, struct err *e)
{
	static const char *const where[] = {
		[BOOTCODE_GAP] = "kvm-pvgrub's core before the first partition",
		[BOOTCODE_BIOS_BOOT] = "kvm-pvgrub's core in the BIOS boot partition",
		[BOOTCODE_FILE] = BOOTCODE_FILE_PATH ", which must stay in its place on "
						     "the disk",
	};
	cleanup_(free_charp) char *path = str_printf("/dev/%s", disk->name);
	struct step *s = path ? plan_add(p, STEP_BOOTSECTOR, "bootcode", path) : NULL;

	if (!s)
		return err_oom(e);
	step_note(s, "boot code that starts %s", where[way]);
	return strbuf_err(&s->detail) < 0 ? err_oom(e) : 0;
}

int bootcode_install(const struct plan_input *in, struct plan *p, struct err *e)
{
	const struct bootcode_source *src = in->bootcode;
	const struct device *disk = disk_of(in);
	enum bootcode_way way = BOOTCODE_GAP;
	struct err why;
	int r = check(in, e);

	if (r < 0)
		return r;
	if (in->own_grub)
		return own_grub_install(in->own_grub, disk, p, e);
	r = bootcode_choose(&src->disk, &src->pieces, &way, &why);
	if (r < 0)
		return refuse(e, "/dev/%s: %s", disk->name, why.text);
	return src->in_place || !in->guest->config ? 0 : add_step(p, disk, way, e);
}

int rule_bootcode(const struct plan_input *in, struct plan *p, struct err *e)
{
	const struct guest *g = in->guest;
	const char *code = boot_code(in->machine);
	int r;

	if (in->options->boot != BOOT_SELF)
		return tell_of_it(in, p, e);
	if (code && !g->by_pvgrub && boot_code_reads(code, g->loader))
		return 0;
	/* A kernel and a menu may be on their way. */
	if (!g->config && !p->again)
		return refuse(e,
			"boot=self: the guest has no boot menu that boot code could "
			"read: "
			"start it by kvm-pvgrub.img (boot=host)");
	r = bootcode_install(in, p, e);
	if (r < 0)
		return err_wrap(e, r, "boot=self");
	if (disk_of(in) == in->machine->disks)
		return 0;
	return plan_warn(p, e,
		"boot=self: the guest's boot code is on /dev/%s: the host must start "
		"from that disk, not from the first",
		disk_of(in)->name);
}

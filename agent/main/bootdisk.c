/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See bootdisk.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apply/bootsector.h"
#include "main/bootdisk.h"
#include "main/tools.h"
#include "sys/blk.h"
#include "sys/partition.h"

#define PIECES "/usr/lib/xvd2vd"
#define BIOS_BOOT "21686148-6449-6e6f-744e-656564454649"
#define MAX_PIECE ((size_t)1 << 20)

void bootdisk_done(struct bootdisk *b)
{
	free(b->boot);
	free(b->image);
	*b = (struct bootdisk){0};
}

static int load_pieces(struct bootdisk *b)
{
	struct bootcode_pieces *p = &b->source.pieces;
	cleanup_(root_done) struct root here = ROOT_CLOSED;
	int r = tools_unpack(&b->why);

	if (r >= 0)
		r = root_open(PIECES, &here, &b->why);
	if (r >= 0)
		r = root_read(
			&here, "/boot.img", MAX_PIECE, &b->boot, &p->boot.n, &b->why);
	if (r >= 0)
		r = root_read(&here, "/kvm-pvgrub.img", MAX_PIECE, &b->image, &p->image.n,
			&b->why);
	if (r < 0)
		return err_wrap(
			&b->why, r, "this rescue system has no boot code (" PIECES ")");
	p->boot.p = b->boot;
	p->image.p = b->image;
	return 0;
}

static int find_parts(const struct machine *m, size_t disk, struct bootcode_disk *d)
{
	for (size_t i = 0; i < m->n_parts; i++) {
		const struct device *part = &m->parts[i];
		cleanup_(free_charp) char *path = str_printf("/dev/%s", part->name);
		const uint64_t start = part->start / BOOTCODE_SECTOR;
		struct blk_info info;

		if (!path)
			return -ENOMEM;
		if (part->disk != disk)
			continue;
		if (!d->first_part || start < d->first_part)
			d->first_part = start;
		/* One that cannot be read is not written to either. */
		if (strcmp(d->table, "gpt") == 0 && blk_probe(path, &info, NULL) >= 0 &&
			strcasecmp(info.part_type, BIOS_BOOT) == 0) {
			d->bios_boot = start;
			d->bios_boot_size = part->size / BOOTCODE_SECTOR;
		}
	}
	return 0;
}

/* The disk, and the device of /boot's file system: that has its own cache of its sectors. */
struct fds {
	int disk, fs;
};

static void fds_done(struct fds *fds)
{
	if (fds->disk >= 0)
		close(fds->disk);
	if (fds->fs >= 0)
		close(fds->fs);
}

static int open_device(const struct device *d, int *ret, struct err *e)
{
	cleanup_(free_charp) char *path = str_printf("/dev/%s", d->name);

	if (!path)
		return err_oom(e);
	*ret = partition_look_at_disk(path, e);
	return *ret < 0 ? *ret : 0;
}

/* True where the disk has all of these bytes. */
static int compare(const struct fds *fds, const struct bootcode_source *s,
	enum bootcode_way way, const struct bootcode *code, struct err *e)
{
	for (size_t i = 0; i < code->n_writes; i++) {
		const struct bootcode_write *w = &code->writes[i];
		const bool in_part = bootsector_in_part(s, way, w);
		const uint64_t from = in_part ? s->disk.fs_start : 0;
		cleanup_(free_charp) char *now = malloc(w->data.n);
		int r;

		if (!now)
			return err_oom(e);
		r = partition_read(in_part ? fds->fs : fds->disk,
			(w->sector - from) * BOOTCODE_SECTOR, now, w->data.n, e);
		if (r < 0)
			return r;
		if (memcmp(now, w->data.p, w->data.n) != 0)
			return 0;
	}
	return 1;
}

/* The guest's file has the bytes that it is to have. */
static bool same_file(const struct root *root, struct str want)
{
	cleanup_(free_charp) char *bytes = NULL;
	size_t n;

	return root_read(root, BOOTCODE_FILE_PATH, MAX_PIECE, &bytes, &n, NULL) >= 0 &&
	       n == want.n && memcmp(bytes, want.p, n) == 0;
}

/* Where no way is found, the plan says so. */
static bool is_in_place(
	const struct fds *fds, const struct root *root, const struct bootcode_source *s)
{
	cleanup_(bootcode_done) struct bootcode code = {0};
	enum bootcode_way way;
	struct err why;

	if (bootcode_choose(&s->disk, &s->pieces, &way, &why) < 0 ||
		(way == BOOTCODE_FILE && !same_file(root, s->pieces.image)))
		return false;
	return bootsector_bytes(root, s, way, &code, &why) >= 0 &&
	       compare(fds, s, way, &code, &why) > 0;
}

static int look(const struct machine *m, const struct guest *g, const struct root *root,
	struct bootdisk *b)
{
	const struct device *boot = g->bootfs, *disk = &m->disks[boot->disk];
	struct bootcode_disk *d = &b->source.disk;
	cleanup_(fds_done) struct fds fds = {-1, -1};
	int r = open_device(disk, &fds.disk, &b->why);

	if (r >= 0)
		r = open_device(boot, &fds.fs, &b->why);
	*d = (struct bootcode_disk){
		.table = strcmp(disk->table, "none") == 0 ? "" : disk->table,
		.sector0 = {b->sector0, sizeof(b->sector0)},
		.size = disk->size / BOOTCODE_SECTOR,
		.fs_type = "",
	};
	if (r >= 0)
		r = partition_read(fds.disk, 0, b->sector0, sizeof(b->sector0), &b->why);
	if (r >= 0)
		r = find_parts(m, boot->disk, d) < 0 ? err_oom(&b->why) : 0;
	if (r >= 0 && !boot->on.n) {
		d->fs_type = boot->type;
		d->fs_start = boot->start / BOOTCODE_SECTOR;
		d->fs_head = (struct str){b->fs_head, sizeof(b->fs_head)};
		r = partition_read(fds.fs, 0, b->fs_head, sizeof(b->fs_head), &b->why);
	}
	if (r >= 0)
		r = load_pieces(b);
	if (r >= 0)
		b->source.in_place = is_in_place(&fds, root, &b->source);
	return r;
}

int bootdisk_load(const struct machine *m, const struct guest *g, const struct root *root,
	struct bootdisk *ret, struct err *e)
{
	int r;

	bootdisk_done(ret);
	r = look(m, g, root, ret);
	if (r == -ENOMEM)
		return err_oom(e);
	if (r < 0)
		ret->source.problem = ret->why.text;
	return 0;
}

int bootdisk_look_again(struct machine *m, struct err *e)
{
	for (size_t i = 0; i < m->n_disks; i++) {
		struct device *d = &m->disks[i];
		cleanup_(free_charp) char *path = str_printf("/dev/%s", d->name);
		struct blk_info info = {0};
		char *code;

		if (!path || blk_probe(path, &info, NULL) == -ENOMEM)
			return err_oom(e);
		code = strdup(info.boot_code);
		if (!code)
			return err_oom(e);
		free(d->boot_code);
		d->boot_code = code;
	}
	return 0;
}

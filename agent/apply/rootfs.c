/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See rootfs.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apply/rootfs.h"
#include "sys/partition.h"
#include "sys/spawn.h"
#include "text/gpt.h"
#include "text/mbr.h"

enum { CHECK_MS = 20 * 60 * 1000 };

static void fd_done(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

/* 0; 1: it ended otherwise, as the text says. */
static int run(const char *const *argv, struct err *e)
{
	const struct spawn s = {.argv = (char *const *)argv, .timeout_ms = CHECK_MS};

	return spawn_run(&s, NULL, e);
}

/* It only looks. One that may write (-p) gives each large directory without an index one, in place
 * and without a journal, and the power must not fail while it does. */
static int check(const char *path, struct err *e)
{
	const char *const argv[] = {"e2fsck", "-f", "-n", path, NULL};
	const int r = run(argv, e);

	return r > 0 ? err_wrap(e, -EUCLEAN,
			       "copy the disk and run e2fsck -f %s, then ask again", path)
		     : r;
}

int rootfs_to_ext4(const char *path, struct err *e)
{
	/* No uninit_bg: it takes more than one sector (docs/JOURNAL.md). */
	const char *const argv[] = {"tune2fs", "-O", "extents,dir_index", path, NULL};
	int r = check(path, e);

	if (r >= 0)
		r = run(argv, e);
	return r > 0 ? err_wrap(e, -EIO, "tune2fs") : r;
}

static int grow_dos(int fd, unsigned number, uint64_t start, uint64_t size, struct err *e)
{
	char now[MBR_SECTOR], then[MBR_SECTOR];
	int r = partition_read(fd, 0, now, sizeof(now), e);

	if (r >= 0)
		r = mbr_grow((struct str){now, sizeof(now)}, number, start / MBR_SECTOR,
			size / MBR_SECTOR, then, e);
	if (r > 0)
		r = partition_write(fd, 0, (struct str){then, sizeof(then)}, e);
	return r;
}

static int grow_gpt(int fd, unsigned number, uint64_t start, uint64_t size,
	uint64_t disk_size, struct err *e)
{
	cleanup_(free_charp) char *head = malloc(GPT_HEAD);
	cleanup_(gpt_writes_done) struct gpt_writes writes = {0};
	int r = head ? partition_read(fd, 0, head, GPT_HEAD, e) : err_oom(e);

	if (r >= 0)
		r = gpt_grow((struct str){head, GPT_HEAD}, disk_size / GPT_SECTOR, number,
			start / GPT_SECTOR, (start + size) / GPT_SECTOR - 1, &writes, e);
	for (size_t i = 0; i < writes.n && r >= 0; i++)
		r = partition_write(fd, writes.v[i].sector * GPT_SECTOR,
			strbuf_str(&writes.v[i].data), e);
	return r;
}

int rootfs_grow_partition(
	const struct machine *m, const struct device *d, uint64_t size, struct err *e)
{
	const struct device *disk = &m->disks[d->disk];
	cleanup_(free_charp) char *path = str_printf("/dev/%s", disk->name);
	cleanup_(fd_done) int fd = path ? partition_open_disk(path, e) : err_oom(e);
	int r = fd;

	if (r >= 0)
		r = strcmp(disk->table, "gpt") == 0
			    ? grow_gpt(fd, d->number, d->start, size, disk->size, e)
			    : grow_dos(fd, d->number, d->start, size, e);
	if (r >= 0)
		r = partition_resize(fd, d->number, d->start, size, e);
	return r < 0 ? err_wrap(e, r, "/dev/%s", d->name) : 0;
}

int rootfs_grow(const char *path, struct err *e)
{
	const char *const argv[] = {"resize2fs", path, NULL};
	int r = run(argv, e);

	return r > 0 ? err_wrap(e, -EIO, "resize2fs") : r;
}

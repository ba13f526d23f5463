/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See bootsector.h. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "apply/bootsector.h"
#include "sys/extents.h"

#define OWN_CORE_MAX ((size_t)512 << 10) /* it is loaded below 640 KiB */

static void fd_done(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

/* The file's extents, counted from the disk's first sector. */
static int find_file(const struct root *root, const struct bootcode_source *src,
	struct bootcode_extent ret[EXTENTS_MAX], size_t *ret_n, struct err *e)
{
	cleanup_(fd_done) int fd =
		root_openat(root, BOOTCODE_FILE_PATH, O_RDONLY | O_NONBLOCK, 0);
	struct extent v[EXTENTS_MAX];
	int r;

	if (fd < 0)
		return err_errno(e, fd, "%s", BOOTCODE_FILE_PATH);
	r = extents_get(fd, v, ret_n, e);
	if (r < 0)
		return err_wrap(e, r, "%s", BOOTCODE_FILE_PATH);
	for (size_t i = 0; i < *ret_n; i++)
		ret[i] =
			(struct bootcode_extent){v[i].start + src->disk.fs_start, v[i].n};
	return 0;
}

int bootsector_bytes(const struct root *root, const struct bootcode_source *src,
	enum bootcode_way way, struct bootcode *ret, struct err *e)
{
	struct bootcode_extent extents[EXTENTS_MAX];
	size_t n = 0;
	int r = way == BOOTCODE_FILE ? find_file(root, src, extents, &n, e) : 0;

	if (r < 0)
		return r;
	return bootcode_build(way, &src->disk, &src->pieces, extents, n, ret, e);
}

int bootsector_needs(const struct bootsector *b, struct str images,
	struct txn_need ret[BOOTSECTOR_NEEDS], size_t *ret_n, struct err *e)
{
	const struct bootcode_source *src = b->source;
	const uint64_t image = src->pieces.image.n;
	enum bootcode_way way;
	int r;

	*ret_n = 0;
	if (images.n) {
		ret[(*ret_n)++] = (struct txn_need){NULL, TXN_NEED_SECTORS, OWN_CORE_MAX};
		return 0;
	}
	r = bootcode_choose(&src->disk, &src->pieces, &way, e);
	if (r < 0)
		return r;
	if (way == BOOTCODE_FILE)
		ret[(*ret_n)++] =
			(struct txn_need){BOOTCODE_FILE_PATH, TXN_NEED_WRITE, image};
	ret[(*ret_n)++] = (struct txn_need){NULL, TXN_NEED_SECTORS,
		way == BOOTCODE_FILE ? (uint64_t)2 * BOOTCODE_SECTOR : image};
	return 0;
}

bool bootsector_in_part(const struct bootcode_source *src, enum bootcode_way way,
	const struct bootcode_write *w)
{
	return way == BOOTCODE_FILE && src->disk.fs_start &&
	       w->sector >= src->disk.fs_start;
}

/* A partition table is left out, so that an undo takes nothing of it back that was changed
 * since: a partition that has grown. */
static struct str changed_bytes(
	const struct bootcode_source *src, const struct bootcode_write *w)
{
	struct str all = strbuf_str(&w->data);

	return w->sector == 0 && *src->disk.table ? str_upto(all, BOOTCODE_CODE_END)
						  : all;
}

static int stage(const struct root *root, const struct bootsector *b,
	const struct bootcode_source *src, struct txn *t, struct err *e)
{
	cleanup_(bootcode_done) struct bootcode code = {0};
	enum bootcode_way way;
	int r = bootcode_choose(&src->disk, &src->pieces, &way, e);

	if (r >= 0 && way == BOOTCODE_FILE)
		r = txn_write(t, BOOTCODE_FILE_PATH, src->pieces.image, 0644, e);
	if (r >= 0 && way == BOOTCODE_FILE)
		r = txn_publish(t, e);
	if (r >= 0)
		r = bootsector_bytes(root, src, way, &code, e);
	for (size_t i = 0; i < code.n_writes && r >= 0; i++) {
		const struct bootcode_write *w = &code.writes[i];
		const bool in_part = bootsector_in_part(src, way, w);
		const uint64_t from = in_part ? src->disk.fs_start : 0;

		r = txn_sectors(t, in_part ? &b->part : &b->disk,
			(w->sector - from) * BOOTCODE_SECTOR, changed_bytes(src, w), e);
	}
	return r < 0 ? r : 0;
}

static int read_image(const struct root *root, struct str folder, const char *name,
	size_t max, char **ret, struct str *ret_bytes, struct err *e)
{
	cleanup_(free_charp) char *path =
		str_printf(STR_FMT "/%s", STR_ARG(folder), name);
	int r = path ? root_read(root, path, max, ret, &ret_bytes->n, e) : err_oom(e);

	ret_bytes->p = *ret;
	return r < 0 && r != -ENOMEM ? err_wrap(e, r, "%s", path) : r;
}

int bootsector_stage(const struct root *root, const struct bootsector *b,
	struct str images, struct txn *t, struct err *e)
{
	cleanup_(free_charp) char *boot = NULL, *core = NULL;
	struct bootcode_source own = *b->source;
	int r;

	if (!images.n)
		return stage(root, b, b->source, t, e);
	own.pieces = (struct bootcode_pieces){.own = true};
	r = read_image(
		root, images, "boot.img", BOOTCODE_SECTOR, &boot, &own.pieces.boot, e);
	if (r >= 0)
		r = read_image(root, images, "core.img", OWN_CORE_MAX, &core,
			&own.pieces.image, e);
	return r < 0 ? r : stage(root, b, &own, t, e);
}

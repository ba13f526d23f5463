/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See sectors.h. What is written here is written through the page cache: a mounted file system
 * of the same disk (one without partitions) keeps its first block there, and would write an
 * old boot sector back over one that went past it. */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "txn/crc32c.h"
#include "txn/state.h"

#define SECTOR 512u
#define BYTES_MAX ((size_t)16 << 20)

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

void sectors_done(struct sectors *s)
{
	free(s->disk);
	free(s->id);
}

char *sectors_name(const struct sectors *s)
{
	const uint64_t first = s->offset / SECTOR, last = (s->offset + s->n - 1) / SECTOR;

	if (first == last)
		return str_printf("%s sector %llu", s->disk, (unsigned long long)first);
	return str_printf("%s sectors %llu-%llu", s->disk, (unsigned long long)first,
		(unsigned long long)last);
}

/* 0: neither a disk nor an image of one. */
static uint64_t size_of(int fd)
{
	struct stat st;
	uint64_t n = 0;

	if (fstat(fd, &st) < 0)
		return 0;
	if (S_ISREG(st.st_mode))
		return (uint64_t)st.st_size;
	return S_ISBLK(st.st_mode) && ioctl(fd, BLKGETSIZE64, &n) == 0 ? n : 0;
}

static int open_disk(const char *path, int flags, uint64_t *ret_size)
{
	int fd = open(path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return -errno;
	*ret_size = size_of(fd);
	return fd;
}

static int read_at(int fd, uint64_t offset, char *to, size_t n)
{
	while (n) {
		ssize_t k = pread(fd, to, n, (off_t)offset);

		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			return k < 0 ? -errno : -EIO;
		to += k;
		offset += (uint64_t)k;
		n -= (size_t)k;
	}
	return 0;
}

static int write_at(int fd, uint64_t offset, struct str bytes)
{
	if (lseek(fd, (off_t)offset, SEEK_SET) < 0)
		return -errno;
	return file_write_all(fd, bytes);
}

/* --- staging ---------------------------------------------------------------------------- */

static bool overlaps(const struct txn *t, const char *disk, uint64_t offset, size_t n)
{
	for (size_t i = 0; i < t->n_sectors; i++) {
		const struct sectors *s = &t->sectors[i];

		/* By whole sectors: each is torn on its own, and belongs to one record. */
		if (!strcmp(s->disk, disk) &&
			offset / SECTOR <= (s->offset + s->n - 1) / SECTOR &&
			s->offset / SECTOR <= (offset + n - 1) / SECTOR)
			return true;
	}
	return false;
}

/* Both images in one file of the folder, durable. */
static int keep_copy(struct txn *t, struct sectors *s, const char *before,
	struct str after, struct err *e)
{
	cleanup_(free_charp) char *path = str_printf("%s/%u", t->folder, s->copy);
	const struct str was = {before, after.n};
	cleanup_(close_fd) int fd = -1;
	int q;

	if (!path)
		return err_oom(e);
	s->crc = crc32c(crc32c(0, was), after);
	fd = file_create(t->r, path, 0600, e);
	if (fd < 0)
		return fd;
	q = file_write_all(fd, was);
	if (q >= 0)
		q = file_write_all(fd, after);
	if (q >= 0)
		q = file_fsync(fd);
	if (q < 0)
		return err_errno(e, q, "cannot write %s", path);
	return file_sync_parent(t->r, path, e);
}

static int stage(struct txn *t, struct sectors *s, const char *before, struct str data,
	struct err *e)
{
	int q;

	t->failed = true; /* a copy without its record goes with the folder, by abort */
	s->copy = t->next++;
	q = keep_copy(t, s, before, data, e);
	if (q >= 0)
		q = state_sectors(t, s) < 0 ? err_oom(e) : state_flush(t, e);
	if (q >= 0)
		t->failed = false;
	return q;
}

int txn_sectors(struct txn *t, const struct txn_disk *disk, uint64_t offset,
	struct str data, struct err *e)
{
	cleanup_(sectors_done) struct sectors s = {
		.offset = offset, .n = (uint32_t)data.n};
	cleanup_(free_charp) char *before = NULL;
	cleanup_(close_fd) int fd = -1;
	int q = state_usable(t, e);

	if (q < 0)
		return q;
	s.disk = realpath(disk->path, NULL);
	if (!s.disk)
		return err_errno(e, -errno, "cannot change %s", disk->path);
	fd = open_disk(s.disk, O_RDWR, &s.size);
	if (fd < 0)
		return err_errno(e, fd, "cannot change %s", s.disk);
	if (!data.n || data.n > BYTES_MAX || offset > s.size || data.n > s.size - offset)
		return err_set(e, -EINVAL, "%s has no such bytes", s.disk);
	if (overlaps(t, s.disk, offset, data.n))
		return err_set(e, -EEXIST,
			"%s is changed at this place already in this transaction",
			s.disk);
	s.id = strdup(disk->id ? disk->id : "");
	before = malloc(data.n);
	if (!s.id || !before)
		return err_oom(e);
	q = read_at(fd, offset, before, data.n);
	if (q < 0)
		return err_errno(e, q, "cannot read %s", s.disk);
	return memcmp(before, data.p, data.n) ? stage(t, &s, before, data, e) : 0;
}

/* --- finding a disk again --------------------------------------------------------------- */

/* In the order of what is worse. */
enum fit {
	FIT_BEFORE, /* nothing of ours is there */
	FIT_AFTER,  /* in some sector, at least */
	FIT_CHANGED,
	FIT_OTHER, /* another disk */
};

/* What all of t's disks may be; one that this very process has changed has its name still. */
static struct txn_disks candidates(const struct txn *t, struct txn_disk *self)
{
	if (t->own)
		return (struct txn_disks){self, 1};
	return t->disks ? *t->disks : (struct txn_disks){0};
}

/* The bytes before and behind them those after, from the folder. */
static int load_copy(struct txn *t, const struct sectors *s, char **ret, struct err *e)
{
	cleanup_(free_charp) char *path = str_printf("%s/%u", t->folder, s->copy);
	cleanup_(free_charp) char *bytes = NULL;
	size_t n;
	int q;

	if (!path)
		return err_oom(e);
	q = root_read(t->r, path, 2 * BYTES_MAX, &bytes, &n, e);
	if (q < 0)
		return q;
	if (n != 2 * (size_t)s->n || crc32c(0, (struct str){bytes, n}) != s->crc)
		return err_set(e, -EUCLEAN, "the copy %s is damaged", path);
	*ret = bytes;
	bytes = NULL;
	return 0;
}

/* Each sector by itself: any of them may have been written and any other not. */
static enum fit compare(const struct sectors *s, const char *now, const char *copy)
{
	enum fit fit = FIT_BEFORE;

	for (size_t i = 0; i < s->n;) {
		size_t k = SECTOR - (size_t)((s->offset + i) % SECTOR);

		k = k < s->n - i ? k : s->n - i;
		if (memcmp(now + i, copy + i, k)) {
			if (memcmp(now + i, copy + s->n + i, k))
				return FIT_CHANGED;
			fit = FIT_AFTER;
		}
		i += k;
	}
	return fit;
}

static bool of_disk(const struct txn *t, const struct sectors *s, const char *disk)
{
	return !s->returned && !strcmp(s->disk, disk) &&
	       (t->phase != PHASE_PART || s->chosen);
}

/* A partition's name ends in its number. */
static bool is_partition(const char *path)
{
	const char last = path[strlen(path) - 1];

	return last >= '0' && last <= '9';
}

/* Whether the disk of `first` may have become one of this size: it may have grown where its id
 * tells it from others. A disk may have the id of its first partition. */
static bool size_fits(
	const struct sectors *first, const struct txn_disk *d, uint64_t size, bool grown)
{
	if (!grown)
		return size == first->size;
	return size > first->size && *first->id && d->id &&
	       strcmp(d->id, first->id) == 0 &&
	       is_partition(d->path) == is_partition(first->disk);
}

/* How a disk of this machine fits all that the journal says of the disk of `first`. */
static int fit_of(struct txn *t, const struct sectors *first, const struct txn_disk *d,
	bool grown, enum fit *ret, struct err *e)
{
	cleanup_(close_fd) int fd = -1;
	enum fit worst = FIT_BEFORE;
	uint64_t size = 0;

	*ret = FIT_OTHER;
	if (d->id && *d->id && *first->id && strcmp(d->id, first->id) != 0)
		return 0;
	fd = open_disk(d->path, O_RDONLY, &size);
	if (fd < 0 || !size_fits(first, d, size, grown))
		return 0;
	for (size_t i = 0; i < t->n_sectors; i++) {
		const struct sectors *s = &t->sectors[i];
		cleanup_(free_charp) char *copy = NULL, *now = NULL;
		enum fit fit;
		int q;

		if (!of_disk(t, s, first->disk))
			continue;
		q = load_copy(t, s, &copy, e);
		if (q < 0)
			return q;
		now = malloc(s->n);
		if (!now)
			return err_oom(e);
		fit = read_at(fd, s->offset, now, s->n) < 0 ? FIT_OTHER
							    : compare(s, now, copy);
		worst = fit > worst ? fit : worst;
	}
	*ret = worst;
	return 0;
}

struct found {
	const char *path; /* the one; of several, the last */
	unsigned n[FIT_OTHER + 1];
	bool grown; /* none has the old size */
};

static int find_of_size(
	struct txn *t, const struct sectors *s, struct found *ret, struct err *e)
{
	struct txn_disk self = {s->disk, s->id};
	const struct txn_disks all = candidates(t, &self);
	enum fit best = FIT_OTHER;

	for (size_t i = 0; i < all.n; i++) {
		enum fit fit;
		int q = fit_of(t, s, &all.v[i], ret->grown, &fit, e);

		if (q < 0)
			return q;
		ret->n[fit]++;
		/* One that shows our hand is it, whatever else looks like its past. */
		if (fit == FIT_AFTER || (fit == FIT_BEFORE && best != FIT_AFTER)) {
			ret->path = all.v[i].path;
			best = fit;
		}
	}
	return 0;
}

static int find(struct txn *t, const struct sectors *s, struct found *ret, struct err *e)
{
	int q;

	*ret = (struct found){0};
	q = find_of_size(t, s, ret, e);
	if (q < 0 || ret->path || ret->n[FIT_CHANGED])
		return q;
	*ret = (struct found){.grown = true};
	return find_of_size(t, s, ret, e);
}

/* The first of each disk of which there is something to do. */
static bool leads(const struct txn *t, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (of_disk(t, &t->sectors[k], t->sectors[i].disk))
			return false;
	return of_disk(t, &t->sectors[i], t->sectors[i].disk);
}

static int not_here(const struct sectors *s, const struct found *f, struct err *e)
{
	if (f->n[FIT_AFTER] > 1)
		return err_set(e, -ENODEV,
			"the disk that was %s and %u others hold the same bytes: take "
			"the "
			"copies of it off this machine",
			s->disk, f->n[FIT_AFTER] - 1);
	if (f->n[FIT_CHANGED])
		return err_set(e, -ESTALE, "%s was changed by someone else", s->disk);
	return err_set(e, -ENODEV,
		"the disk that was %s, of %llu bytes, is not among the disks given: do "
		"it "
		"in the rescue system of the machine that has it",
		s->disk, (unsigned long long)s->size);
}

static int add_changed(struct txn *t, const char *disk, struct strv *ret)
{
	for (size_t i = 0; i < t->n_sectors; i++) {
		cleanup_(free_charp) char *name = NULL;

		if (!of_disk(t, &t->sectors[i], disk))
			continue;
		name = sectors_name(&t->sectors[i]);
		if (!name || strv_adds(ret, name) < 0)
			return -ENOMEM;
	}
	return 0;
}

int sectors_check(struct txn *t, struct strv *ret_changed, struct err *e)
{
	int result = 0;

	for (size_t i = 0; i < t->n_sectors; i++) {
		const struct sectors *s = &t->sectors[i];
		struct found f;
		int q;

		if (!leads(t, i))
			continue;
		q = find(t, s, &f, e);
		if (q < 0)
			return q;
		if (f.n[FIT_AFTER] == 1 || (!f.n[FIT_AFTER] && f.n[FIT_BEFORE]))
			continue;
		if (f.n[FIT_AFTER] || !f.n[FIT_CHANGED])
			return not_here(s, &f, e);
		if (add_changed(t, s->disk, ret_changed) < 0)
			return err_oom(e);
		result = err_set(e, -ESTALE,
			"%s: its boot code was changed since, and is never overwritten; "
			"undo the files by their names, without it",
			s->disk);
	}
	return result;
}

/* --- writing ---------------------------------------------------------------------------- */

/* Writes what is there already once more: after a failed sync the kernel takes its pages for
 * clean, so a sync alone would prove nothing. */
static int write_disk(struct txn *t, const struct sectors *first, const char *path,
	bool after, struct err *e)
{
	uint64_t size = 0;
	cleanup_(close_fd) int fd = open_disk(path, O_RDWR, &size);
	int q;

	if (fd < 0)
		return err_errno(e, fd, "cannot write %s", path);
	for (size_t i = 0; i < t->n_sectors; i++) {
		const struct sectors *s = &t->sectors[i];
		cleanup_(free_charp) char *copy = NULL;

		if (!of_disk(t, s, first->disk))
			continue;
		q = load_copy(t, s, &copy, e);
		if (q < 0)
			return q;
		q = write_at(
			fd, s->offset, (struct str){copy + (after ? s->n : 0), s->n});
		if (q < 0)
			return err_errno(e, q, "cannot write %s", path);
	}
	q = file_fsync(fd);
	return q < 0 ? err_errno(e, q, "cannot sync %s", path) : 0;
}

/* Where nothing was written to any, or all of it is back, each that looks so may be the one
 * whose bytes are not synced yet; what is written is what is there. */
static int settle_all(struct txn *t, const struct sectors *s, bool grown, struct err *e)
{
	struct txn_disk self = {s->disk, s->id};
	const struct txn_disks all = candidates(t, &self);

	for (size_t i = 0; i < all.n; i++) {
		enum fit fit;
		int q = fit_of(t, s, &all.v[i], grown, &fit, e);

		if (q >= 0 && fit == FIT_BEFORE)
			q = write_disk(t, s, all.v[i].path, false, e);
		if (q < 0)
			return q;
	}
	return 0;
}

int sectors_publish(struct txn *t, struct err *e)
{
	for (size_t i = 0; i < t->n_sectors; i++) {
		const struct sectors *s = &t->sectors[i];
		struct found f;
		int q;

		if (!leads(t, i))
			continue;
		q = find(t, s, &f, e);
		if (q < 0)
			return q;
		if (!f.n[FIT_AFTER] && f.n[FIT_BEFORE] > 1)
			return err_set(e, -ENOTUNIQ,
				"%u disks of this machine look as %s did before",
				f.n[FIT_BEFORE], s->disk);
		if (f.n[FIT_AFTER] > 1 || !f.path)
			return not_here(s, &f, e);
		q = write_disk(t, s, f.path, true, e);
		if (q < 0)
			return q;
	}
	return 0;
}

int sectors_restore(struct txn *t, struct strv *ret_paths, struct err *e)
{
	for (size_t i = 0; i < t->n_sectors; i++) {
		const struct sectors *s = &t->sectors[i];
		struct found f;
		int q;

		if (!leads(t, i))
			continue;
		q = find(t, s, &f, e);
		if (q < 0)
			return q;
		if (!f.n[FIT_AFTER] && f.n[FIT_BEFORE]) {
			q = settle_all(t, s, f.grown, e);
			if (q < 0)
				return q;
			continue;
		}
		if (f.n[FIT_AFTER] != 1)
			return not_here(s, &f, e);
		if (ret_paths && add_changed(t, s->disk, ret_paths) < 0)
			return err_oom(e);
		q = write_disk(t, s, f.path, false, e);
		if (q < 0)
			return q;
	}
	return 0;
}

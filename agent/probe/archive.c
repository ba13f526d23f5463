/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See archive.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest/files.h"
#include "probe/archive.h"
#include "sys/initramfs_read.h"

/* Of one file in the archive; modules.dep of a full kernel has 600 KiB. */
#define CONTENT_MAX ((size_t)8 << 20)

struct listing {
	struct snap_archive *a;
	size_t *budget;
	bool cut; /* a file was left out, since the budget is used up */
};

static int add_segment(void *ctx, const struct initramfs_segment *s)
{
	struct listing *l = ctx;

	return strv_addf(
		&l->a->segments, "%s@%llu", s->format, (unsigned long long)s->offset);
}

static bool is_wanted(const char *path)
{
	struct str s = str_from(path);

	str_skip(&s, "usr/");
	for (size_t i = 0; i < n_archive_files; i++)
		if (str_glob(archive_files[i], s))
			return true;
	return false;
}

static int add_member(void *ctx, const struct initramfs_member *m, bool *want_content)
{
	struct listing *l = ctx;

	*want_content = is_wanted(m->path);
	return strv_adds(&l->a->members, m->path);
}

/* The kernel lets a later segment's file replace an earlier one's. */
static struct snap_entry *content_of(struct snap_archive *a, const char *path)
{
	for (size_t i = 0; i < a->n_contents; i++)
		if (strcmp(a->contents[i].path, path) == 0)
			return &a->contents[i];
	return snap_archive_add_content(a, path);
}

static int add_content(void *ctx, const struct initramfs_member *m, struct str content)
{
	struct listing *l = ctx;
	struct snap_entry *ent;

	if (content.n > *l->budget) {
		l->cut = true;
		return 0;
	}
	ent = content_of(l->a, m->path);
	if (!ent)
		return -ENOMEM;
	*l->budget -= content.n;
	strbuf_reset(&ent->data);
	strbuf_add(&ent->data, content);
	ent->kind = SNAP_FILE;
	ent->mode = m->mode & 07777;
	ent->size = content.n;
	ent->has_data = true;
	return strbuf_err(&ent->data);
}

/* Sorted, each once: segments may name the same file again. */
static void sort_members(struct strv *l)
{
	size_t kept = 0;

	strv_sort(l);
	for (size_t i = 0; i < l->n; i++) {
		if (kept && strcmp(l->v[kept - 1], l->v[i]) == 0)
			free(l->v[i]);
		else
			l->v[kept++] = l->v[i];
	}
	if (l->v)
		l->v[kept] = NULL;
	l->n = kept;
}

static char *describe(int r, uint64_t size, const struct err *why)
{
	if (r == -ENODATA)
		return str_printf("cut short at byte %llu", (unsigned long long)size);
	return strdup(why->text[0] ? why->text : strerror(-r));
}

int probe_archive(const struct root *r, const char *path, uint64_t size, size_t *budget,
	struct snapshot *snap, struct err *e)
{
	static const struct initramfs_limits limits = {.max_content = CONTENT_MAX};
	struct listing l = {.a = snapshot_add_archive(snap, path), .budget = budget};
	const struct initramfs_sink sink = {.ctx = &l,
		.segment = add_segment,
		.member = add_member,
		.content = add_content};
	struct err why = {0};
	int fd, q;

	if (!l.a)
		return err_oom(e);
	l.a->size = size;
	fd = root_openat(r, path, O_RDONLY, 0);
	if (fd < 0) {
		q = fd;
	} else {
		q = initramfs_read(fd, &limits, &sink, &why);
		close(fd);
	}
	if (q == -ENOMEM)
		return err_oom(e);
	sort_members(&l.a->members);
	if (q < 0)
		l.a->problem = describe(q, size, &why);
	else if (l.cut)
		l.a->problem = strdup("more to be read than the limit for all files");
	return (q < 0 || l.cut) && !l.a->problem ? err_oom(e) : 0;
}

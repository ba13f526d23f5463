/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See snapshot.h. */
#include <stdlib.h>
#include <string.h>

#include "guest/snapshot.h"

static void entry_done(struct snap_entry *ent)
{
	free(ent->path);
	free(ent->target);
	free(ent->real);
	free(ent->problem);
	strbuf_done(&ent->data);
}

static void archive_done(struct snap_archive *a)
{
	for (size_t i = 0; i < a->n_contents; i++)
		entry_done(&a->contents[i]);
	free(a->contents);
	free(a->path);
	free(a->problem);
	strv_done(&a->members);
	strv_done(&a->segments);
}

void snapshot_done(struct snapshot *s)
{
	for (size_t i = 0; i < s->n; i++)
		entry_done(&s->v[i]);
	for (size_t i = 0; i < s->n_archives; i++)
		archive_done(&s->archives[i]);
	for (size_t i = 0; i < s->n_kernels; i++) {
		free(s->kernels[i].path);
		free(s->kernels[i].release);
		free(s->kernels[i].problem);
	}
	free(s->v);
	free(s->archives);
	free(s->kernels);
	*s = (struct snapshot){0};
}

/* One more zeroed element behind the `*n` there are; capacity is kept at powers of two. */
static void *grow(void **v, size_t *n, size_t size)
{
	if ((*n & (*n - 1)) == 0) {
		void *p = reallocarray(*v, *n ? *n * 2 : 1, size);

		if (!p)
			return NULL;
		*v = p;
	}
	return memset((char *)*v + size * (*n)++, 0, size);
}

static struct snap_entry *add_entry(struct snap_entry **v, size_t *n, const char *path)
{
	char *copy = strdup(path);
	struct snap_entry *ent = copy ? grow((void **)v, n, sizeof(*ent)) : NULL;

	if (!ent) {
		free(copy);
		return NULL;
	}
	ent->path = copy;
	return ent;
}

struct snap_entry *snapshot_add(struct snapshot *s, const char *path)
{
	return add_entry(&s->v, &s->n, path);
}

struct snap_entry *snap_archive_add_content(struct snap_archive *a, const char *path)
{
	return add_entry(&a->contents, &a->n_contents, path);
}

struct snap_archive *snapshot_add_archive(struct snapshot *s, const char *path)
{
	char *copy = strdup(path);
	struct snap_archive *a =
		copy ? grow((void **)&s->archives, &s->n_archives, sizeof(*a)) : NULL;

	if (!a) {
		free(copy);
		return NULL;
	}
	a->path = copy;
	return a;
}

struct snap_kernel *snapshot_add_kernel(struct snapshot *s, const char *path)
{
	char *copy = strdup(path);
	struct snap_kernel *k =
		copy ? grow((void **)&s->kernels, &s->n_kernels, sizeof(*k)) : NULL;

	if (!k) {
		free(copy);
		return NULL;
	}
	k->path = copy;
	return k;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct snap_entry *)a)->path,
		((const struct snap_entry *)b)->path);
}

void snapshot_sort(struct snapshot *s)
{
	if (s->n)
		qsort(s->v, s->n, sizeof(*s->v), by_path);
}

const struct snap_entry *snapshot_find(const struct snapshot *s, const char *path)
{
	struct snap_entry key = {.path = (char *)path};

	return s->n ? bsearch(&key, s->v, s->n, sizeof(*s->v), by_path) : NULL;
}

const struct snap_entry *snapshot_file(const struct snapshot *s, const char *path)
{
	const struct snap_entry *ent = snapshot_find(s, path);

	if (ent && ent->kind == SNAP_LINK)
		ent = ent->real ? snapshot_find(s, ent->real) : NULL;
	return ent && ent->kind == SNAP_FILE ? ent : NULL;
}

bool snapshot_data(const struct snapshot *s, const char *path, struct str *ret)
{
	const struct snap_entry *ent = snapshot_file(s, path);

	if (!ent || !ent->has_data)
		return false;
	*ret = strbuf_str(&ent->data);
	return true;
}

const char *snapshot_problem(const struct snapshot *s, const char *path)
{
	const struct snap_entry *ent = snapshot_find(s, path);

	if (!ent)
		return NULL;
	if (ent->kind == SNAP_LINK && !ent->problem)
		ent = ent->real ? snapshot_find(s, ent->real) : NULL;
	if (!ent)
		return NULL;
	if (ent->problem)
		return ent->problem;
	switch (ent->kind) {
	case SNAP_FILE:
		return ent->has_data ? NULL : "not read";
	case SNAP_LINK:
		return NULL;
	case SNAP_DIR:
		return "a folder, not a file";
	case SNAP_OTHER:
		break;
	}
	return "not a regular file";
}

bool snapshot_exists(const struct snapshot *s, const char *path)
{
	return snapshot_find(s, path) != NULL;
}

const struct snap_entry *snapshot_glob(
	const struct snapshot *s, const char *pattern, size_t *pos)
{
	while (*pos < s->n) {
		const struct snap_entry *ent = &s->v[(*pos)++];

		if (str_glob(pattern, str_from(ent->path)))
			return ent;
	}
	return NULL;
}

const struct snap_archive *snapshot_archive(const struct snapshot *s, const char *path)
{
	for (size_t i = 0; i < s->n_archives; i++)
		if (strcmp(s->archives[i].path, path) == 0)
			return &s->archives[i];
	return NULL;
}

const struct snap_kernel *snapshot_kernel(const struct snapshot *s, const char *path)
{
	for (size_t i = 0; i < s->n_kernels; i++)
		if (strcmp(s->kernels[i].path, path) == 0)
			return &s->kernels[i];
	return NULL;
}

bool snap_archive_data(const struct snap_archive *a, const char *path, struct str *ret)
{
	for (size_t i = 0; i < a->n_contents; i++) {
		struct str have = str_from(a->contents[i].path);

		if (!str_is(have, path) &&
			!(str_skip(&have, "usr/") && str_is(have, path)))
			continue;
		*ret = strbuf_str(&a->contents[i].data);
		return true;
	}
	return false;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See archive.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest/files.h"
#include "probe/archive.h"
#include "sys/initramfs_read.h"

/* Of one file in the archive; modules.dep of a full kernel has 600 KiB. */
#define CONTENT_MAX ((size_t)8 << 20)

/* Files wanted of one archive: one of each kind for each kernel in it. */
#define WANTED_MAX 1000
/* What a member costs besides its name. */
#define MEMBER_COST 32
/* Of a member in the archive. */
#define HEADER 112
/* No real archive unpacks to more than this and this many times its size: what grows more
 * need not be followed to the end of the budget. */
#define UNPACKED_ANY ((uint64_t)64 << 20)
#define UNPACKED_RATIO 64

struct listing {
	struct snap_archive *a;
	struct probe_budget *budget;
	uint64_t unpacked; /* of what the members show */
	struct sum64 sum;
	const char *spent; /* which limit was met; NULL */
};

/* Stops the reading. */
static int over(struct listing *l, const char *what)
{
	l->spent = what;
	return -EFBIG;
}

static bool pay(size_t *budget, size_t n)
{
	if (n > *budget)
		return false;
	*budget -= n;
	return true;
}

static int keep(struct listing *l, struct strv *list, const char *text)
{
	if (!pay(&l->budget->names, strlen(text) + MEMBER_COST))
		return over(l, "the lists of all archives are longer than their limit");
	return strv_adds(list, text);
}

static int add_segment(void *ctx, const struct initramfs_segment *s)
{
	char text[64];

	(void)snprintf(
		text, sizeof(text), "%s@%llu", s->format, (unsigned long long)s->offset);
	return keep(ctx, &((struct listing *)ctx)->a->segments, text);
}

/* Asked for every member: most are told apart by the text around the wildcard. */
static bool may_match(const char *pattern, struct str s)
{
	size_t head = strcspn(pattern, "*?[");
	const char *star = strrchr(pattern, '*');

	if (!pattern[head])
		return str_is(s, pattern);
	return s.n >= head && memcmp(s.p, pattern, head) == 0 &&
	       (!star || str_ends(s, star + 1)) && str_glob(pattern, s);
}

static bool is_wanted(const char *path)
{
	struct str s = str_from(path);

	str_skip(&s, "usr/");
	for (size_t i = 0; i < n_archive_files; i++)
		if (may_match(archive_files[i], s))
			return true;
	return false;
}

static int add_member(void *ctx, const struct initramfs_member *m, bool *want_content)
{
	struct listing *l = ctx;

	*want_content = is_wanted(m->path);
	l->unpacked += HEADER + strlen(m->path) + m->target.n + m->size;
	return keep(l, &l->a->members, m->path);
}

/* The kernel lets a later segment's file replace an earlier one's. */
static struct snap_entry *content_of(struct snap_archive *a, const char *path)
{
	for (size_t i = 0; i < a->n_contents; i++)
		if (strcmp(a->contents[i].path, path) == 0)
			return &a->contents[i];
	return snap_archive_add_content(a, path);
}

static int keep_content(
	struct listing *l, const char *path, unsigned mode, struct str content)
{
	struct snap_entry *ent;

	if (l->a->n_contents == WANTED_MAX)
		return over(l, "too many files that would have to be read");
	if (!pay(&l->budget->names, sizeof(*ent) + strlen(path)) ||
		!pay(&l->budget->content, content.n))
		return over(l, "more to be read than the limit for all files");
	ent = content_of(l->a, path);
	if (!ent)
		return -ENOMEM;
	strbuf_reset(&ent->data);
	strbuf_add(&ent->data, content);
	ent->kind = SNAP_FILE;
	ent->mode = mode & 07777;
	ent->size = content.n;
	ent->has_data = true;
	return strbuf_err(&ent->data);
}

static int add_content(void *ctx, const struct initramfs_member *m, struct str content)
{
	return keep_content(ctx, m->path, m->mode, content);
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

/* The budget's share for a file of this size. */
static uint64_t share(const struct probe_budget *b, uint64_t size)
{
	uint64_t most = UNPACKED_ANY + UNPACKED_RATIO * size;

	return most < b->unpacked ? most : b->unpacked;
}

static int read_archive(
	int fd, uint64_t from, uint64_t size, struct listing *l, struct err *why)
{
	const struct initramfs_limits limits = {.max_unpacked = share(l->budget, size),
		.max_content = CONTENT_MAX,
		.from = from};
	const struct initramfs_sink sink = {.ctx = l,
		.sum = &l->sum,
		.segment = add_segment,
		.member = add_member,
		.content = add_content};
	uint64_t cost;
	int r;

	if (!limits.max_unpacked)
		return over(l, "the archives read before it reached the limit for all; "
			       "remove those "
			       "that are not needed");
	r = initramfs_read(fd, &limits, &sink, why);
	sort_members(&l->a->members);
	l->a->sum = r < 0 ? 0 : sum64_value(&l->sum);
	/* What no member shows is not known, but where the limit was met. */
	cost = size + l->unpacked;
	if ((r == -EFBIG && !l->spent) || cost > limits.max_unpacked)
		cost = limits.max_unpacked;
	l->budget->unpacked -= cost;
	return r;
}

/* What was found under the file's other name, or before. */
static int copy_archive(struct listing *l, const struct snap_archive *from)
{
	int r = 0;

	for (size_t i = 0; i < from->segments.n && r >= 0; i++)
		r = keep(l, &l->a->segments, from->segments.v[i]);
	for (size_t i = 0; i < from->members.n && r >= 0; i++)
		r = keep(l, &l->a->members, from->members.v[i]);
	for (size_t i = 0; i < from->n_contents && r >= 0; i++)
		r = keep_content(l, from->contents[i].path, from->contents[i].mode,
			strbuf_str(&from->contents[i].data));
	return r;
}

/* The sum of the first `n` bytes, for reading on behind them. */
static int sum_start(int fd, uint64_t n, struct sum64 *ret)
{
	char buf[32 * 1024];
	uint64_t pos = 0;

	while (pos < n) {
		size_t want = n - pos < sizeof(buf) ? (size_t)(n - pos) : sizeof(buf);
		ssize_t got = pread(fd, buf, want, (off_t)pos);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 ? -errno : -ENODATA;
		sum64_add(ret, (struct str){buf, (size_t)got});
		pos += (uint64_t)got;
	}
	return 0;
}

/* How far the archive is as it was when it was read to its end before; 0: not known, or
 * changed. Right behind lz4 the kernel wants zeros, which only reading shows. */
static uint64_t known_part(int fd, uint64_t size, struct listing *l)
{
	const struct snapshot *known = l->budget->known;
	const struct snap_archive *was =
		known ? snapshot_archive(known, l->a->path) : NULL;
	struct sum64 sum = {0};

	if (!was || was->problem || !was->segments.n || was->size > size ||
		str_starts(str_from(was->segments.v[was->segments.n - 1]), "lz4@") ||
		sum_start(fd, was->size, &sum) < 0 || sum64_value(&sum) != was->sum)
		return 0;
	l->sum = sum;
	return was->size;
}

static int read_archive_once(int fd, uint64_t size, struct listing *l, struct err *why)
{
	const uint64_t from = known_part(fd, size, l);
	int r = 0;

	if (from)
		r = copy_archive(l, snapshot_archive(l->budget->known, l->a->path));
	return r < 0 ? r : read_archive(fd, from, size, l, why);
}

static int read_once(
	int fd, uint64_t size, struct listing *l, struct snapshot *snap, struct err *why)
{
	struct probe_budget *b = l->budget;
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	for (size_t i = 0; i < b->n_seen; i++) {
		const struct snap_archive *from = &snap->archives[b->seen[i].at];

		if (b->seen[i].dev != st.st_dev || b->seen[i].ino != st.st_ino)
			continue;
		if (!from->problem)
			return copy_archive(l, from);
		return err_set(why, -EBADMSG, "%s", from->problem);
	}
	if (b->n_seen == ARCHIVES_MAX)
		return over(
			l, "one of too many archives; remove those that are not needed");
	b->seen[b->n_seen++] = (struct archive_seen){
		.dev = st.st_dev, .ino = st.st_ino, .at = snap->n_archives - 1};
	return read_archive_once(fd, size, l, why);
}

int probe_archive(const struct root *r, const char *path, uint64_t size,
	struct probe_budget *budget, struct snapshot *snap, struct err *e)
{
	struct listing l = {.a = snapshot_add_archive(snap, path), .budget = budget};
	struct err why = {0};
	int fd, q;

	if (!l.a)
		return err_oom(e);
	l.a->size = size;
	fd = root_openat(r, path, O_RDONLY, 0);
	if (fd < 0) {
		q = fd;
	} else {
		q = read_once(fd, size, &l, snap, &why);
		close(fd);
	}
	if (q == -ENOMEM)
		return err_oom(e);
	if (l.spent)
		l.a->problem = strdup(l.spent);
	else if (q < 0)
		l.a->problem = describe(q, size, &why);
	return q < 0 && !l.a->problem ? err_oom(e) : 0;
}

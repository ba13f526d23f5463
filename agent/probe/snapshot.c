/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fills the snapshot: walks the table of guest/files.c through the guest's tree. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guest/files.h"
#include "probe/archive.h"
#include "probe/bzimage.h"
#include "probe/probe.h"

enum {
	TOTAL_MAX = 64 << 20,   /* bytes of content in all */
	NAMES_MAX = 32 << 20,   /* bytes for what all archives list */
	UNPACKED_MAX = 1 << 30, /* bytes that all archives unpack to */
	FOLDER_MAX = 4096,      /* entries of a folder that is searched */
	ENTRIES_MAX = 20000,
};

struct walk {
	const struct root *r;
	struct snapshot *snap;
	const struct file_look *look; /* the row that is being walked */
	struct probe_budget *budget;
	struct err *e;
};

static int note(struct walk *w, char **problem, char *text)
{
	if (!text)
		return err_oom(w->e);
	free(*problem);
	*problem = text;
	return 0;
}

static const char *kind_name(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return "a folder";
	case S_IFIFO:
		return "a fifo";
	case S_IFSOCK:
		return "a socket";
	case S_IFBLK:
		return "a block device";
	case S_IFCHR:
		return "a character device";
	default:
		return "of an unknown type";
	}
}

static char *size_text(size_t max)
{
	if (max >= 1 << 20 && max % (1 << 20) == 0)
		return str_printf("larger than %zu MiB", max >> 20);
	return str_printf("larger than %zu KiB", max >> 10);
}

static char *trouble_text(int r)
{
	switch (r) {
	case -EXDEV:
		return strdup("leads out of the guest");
	case -ELOOP:
		return strdup("links in a circle");
	default:
		return str_printf("cannot be read: %s", strerror(-r));
	}
}

/* The entry at this path; the snapshot is not sorted while it is filled. */
static size_t find(const struct snapshot *s, const char *path)
{
	size_t i = 0;

	while (i < s->n && strcmp(s->v[i].path, path) != 0)
		i++;
	return i;
}

static int read_data(struct walk *w, struct snap_entry *ent)
{
	struct err why = {0};
	char *p;
	size_t n;
	int r;

	if (w->look->look == LOOK_READ && ent->size > w->look->max)
		return note(w, &ent->problem, size_text(w->look->max));
	if (w->look->look == LOOK_READ && ent->size > w->budget->content)
		return note(w, &ent->problem,
			str_printf(
				"past the %d MiB that are read in all", TOTAL_MAX >> 20));
	if (w->look->look == LOOK_HEAD)
		r = root_read_at(w->r, ent->path, 0, w->look->max, &p, &n, &why);
	else
		r = root_read(w->r, ent->path, w->look->max, &p, &n, &why);
	if (r == -ENOMEM)
		return err_oom(w->e);
	if (r == -EFBIG)
		return note(w, &ent->problem, strdup("grows while it is read"));
	if (r < 0)
		return note(w, &ent->problem, trouble_text(r));
	w->budget->content -= n < w->budget->content ? n : w->budget->content;
	ent->data = (struct strbuf){.p = p, .n = n, .cap = n + 1};
	if (w->look->look == LOOK_READ)
		ent->size = n;
	ent->has_data = true;
	return 0;
}

static int read_kernel(struct walk *w, const char *path, uint64_t size)
{
	struct snap_kernel *k = snapshot_add_kernel(w->snap, path);
	cleanup_(free_charp) char *p = NULL;
	struct bzimage image = {0};
	const char *problem;
	size_t n;
	int r;

	if (!k)
		return err_oom(w->e);
	r = root_read_at(w->r, path, 0, BZIMAGE_HEAD, &p, &n, NULL);
	if (r == -ENOMEM)
		return err_oom(w->e);
	if (r >= 0) {
		problem = bzimage_parse((struct str){p, n}, &image);
		if (problem)
			r = note(w, &k->problem, strdup(problem));
		else if (image.length > size)
			r = note(w, &k->problem,
				str_printf("cut short: %llu of at least %llu bytes",
					(unsigned long long)size,
					(unsigned long long)image.length));
	} else {
		r = note(w, &k->problem, trouble_text(r));
	}
	k->release = str_dup(image.release);
	k->relocatable64 = image.relocatable64;
	return k->release ? r : err_oom(w->e);
}

/* What the row asks of a regular file. Rows may meet at one file: nothing is read twice. */
static int look_at_file(struct walk *w, size_t at)
{
	struct snap_entry *ent = &w->snap->v[at];

	switch (w->look->look) {
	case LOOK_STAT:
		return 0;
	case LOOK_READ:
	case LOOK_HEAD:
		return ent->has_data || ent->problem ? 0 : read_data(w, ent);
	case LOOK_KERNEL:
		return snapshot_kernel(w->snap, ent->path)
			       ? 0
			       : read_kernel(w, ent->path, ent->size);
	case LOOK_ARCHIVE:
		return snapshot_archive(w->snap, ent->path)
			       ? 0
			       : probe_archive(w->r, ent->path, ent->size, w->budget,
					 w->snap, w->e);
	}
	return 0;
}

static int look_at(struct walk *w, const char *path);

/* Where a link leads, and then what is there. A link whose target is missing is no trouble of
 * ours to tell of: `real` stays NULL. */
static int look_behind(struct walk *w, size_t at)
{
	struct snap_entry *ent = &w->snap->v[at];
	cleanup_(free_charp) char *copy = NULL;
	int r = 0;

	if (!ent->target) {
		r = root_readlink(w->r, ent->path, &ent->target);
		if (r >= 0)
			r = root_realpath(w->r, ent->path, &ent->real);
		if (r == -ENOMEM)
			return err_oom(w->e);
		if (r < 0 && r != -ENOENT && r != -ENOTDIR)
			return note(w, &ent->problem, trouble_text(r));
	}
	if (!ent->real)
		return 0;
	/* Entries move when more are added. */
	copy = strdup(ent->real);
	return copy ? look_at(w, copy) : err_oom(w->e);
}

static enum snap_kind kind_of(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return SNAP_FILE;
	case S_IFDIR:
		return SNAP_DIR;
	case S_IFLNK:
		return SNAP_LINK;
	default:
		return SNAP_OTHER;
	}
}

/* 1 added, 0: there is nothing at this path. */
static int add(struct walk *w, const char *path)
{
	struct snap_entry *ent;
	struct stat st = {0};
	int r = root_lstat(w->r, path, &st);

	if (r == -ENOENT || r == -ENOTDIR || r == -ELOOP)
		return 0;
	if (r == -ENOMEM)
		return err_oom(w->e);
	if (w->snap->n >= ENTRIES_MAX)
		return err_set(w->e, -E2BIG,
			"the guest has more than %d files of the kinds that are looked "
			"at",
			ENTRIES_MAX);
	ent = snapshot_add(w->snap, path);
	if (!ent)
		return err_oom(w->e);
	ent->kind = r < 0 ? SNAP_OTHER : kind_of(st.st_mode);
	ent->mode = st.st_mode & 07777;
	ent->size = (uint64_t)st.st_size;
	ent->mtime = st.st_mtim.tv_sec;
	if (r < 0)
		r = note(w, &ent->problem, trouble_text(r));
	else if (ent->kind == SNAP_OTHER)
		r = note(w, &ent->problem,
			str_printf("%s, not a file", kind_name(st.st_mode)));
	return r < 0 ? r : 1;
}

static int look_at(struct walk *w, const char *path)
{
	size_t at = find(w->snap, path);
	struct snap_entry *ent;
	int r = 1;

	if (at == w->snap->n)
		r = add(w, path);
	if (r <= 0)
		return r;
	switch (w->snap->v[at].kind) {
	case SNAP_LINK:
		return look_behind(w, at);
	case SNAP_FILE:
		return look_at_file(w, at);
	case SNAP_DIR:
		ent = &w->snap->v[at];
		/* Sub-folders are no trouble where a row asks for whatever is there. */
		if (w->look->look != LOOK_READ || ent->problem ||
			strchr(w->look->pattern, '*'))
			return 0;
		return note(w, &ent->problem, strdup("a folder, not a file"));
	case SNAP_OTHER:
		return 0;
	}
	return 0;
}

/* One wildcard component of a pattern: the folder before it, itself, what follows. */
struct level {
	struct walk *w;
	const char *folder, *pattern;
	struct str rest; /* "/modules.dep", or "" at the end */
};

static int expand(struct walk *w, const char *done, struct str rest);

static int try_name(void *ctx, const char *name)
{
	const struct level *l = ctx;
	cleanup_(free_charp) char *path = NULL;

	/* As the shell does it: hidden files are asked for by name. */
	if ((*name == '.' && *l->pattern != '.') || !str_glob(l->pattern, str_from(name)))
		return 0;
	path = str_printf("%s/%s", l->folder, name);
	return path ? expand(l->w, path, l->rest) : err_oom(l->w->e);
}

/* A folder that could not be searched, or not wholly. */
static int note_folder(struct walk *w, const char *path, int why)
{
	size_t at = find(w->snap, path);
	bool known = at < w->snap->n;
	struct snap_entry *ent = known ? &w->snap->v[at] : snapshot_add(w->snap, path);

	if (why == -ENOMEM || !ent)
		return err_oom(w->e);
	if (!known)
		ent->kind = SNAP_DIR;
	return note(w, &ent->problem,
		why == -E2BIG ? str_printf("more than %d entries", FOLDER_MAX)
			      : trouble_text(why));
}

/* `done` exists or has no wildcards; `rest` is what of the pattern follows it, from its next '/' on. */
static int expand(struct walk *w, const char *done, struct str rest)
{
	cleanup_(strbuf_done) struct strbuf folder = {0};
	cleanup_(free_charp) char *pattern = NULL;
	struct level level = {.w = w};
	struct err why = {0};
	int r;

	strbuf_adds(&folder, done);
	for (;;) {
		size_t n = 1;

		while (n < rest.n && rest.p[n] != '/')
			n++;
		if (rest.n < 2)
			return strbuf_err(&folder) < 0 ? err_oom(w->e)
						       : look_at(w, folder.p);
		if (memchr(rest.p, '*', n)) {
			pattern = str_dup((struct str){rest.p + 1, n - 1});
			level.rest = str_from_pos(rest, n);
			break;
		}
		strbuf_add(&folder, str_upto(rest, n));
		rest = str_from_pos(rest, n);
	}
	if (strbuf_err(&folder) < 0 || !pattern)
		return err_oom(w->e);
	level.folder = folder.p;
	level.pattern = pattern;
	r = root_list(w->r, folder.p, FOLDER_MAX, try_name, &level, &why);
	/* Most of the folders of the table are not there in any one guest. */
	if (r == -ENOENT || r == -ENOTDIR || (r == -ELOOP && why.code))
		return 0;
	return r < 0 && why.code ? note_folder(w, folder.p, r) : r;
}

int probe_snapshot_again(const struct root *r, const struct snapshot *known,
	struct snapshot *ret, struct err *e)
{
	struct snapshot snap = {0};
	struct err why = {0};
	struct probe_budget budget = {.content = TOTAL_MAX,
		.names = NAMES_MAX,
		.unpacked = UNPACKED_MAX,
		.known = known};
	struct walk w = {.r = r, .snap = &snap, .budget = &budget, .e = &why};
	int q = 0;

	for (size_t i = 0; i < n_guest_files && q >= 0; i++) {
		w.look = &guest_files[i];
		q = expand(&w, "", str_from(w.look->pattern));
	}
	if (q < 0) {
		snapshot_done(&snap);
		if (e)
			*e = why;
		return q;
	}
	snapshot_sort(&snap);
	*ret = snap;
	return 0;
}

int probe_snapshot(const struct root *r, struct snapshot *ret, struct err *e)
{
	return probe_snapshot_again(r, NULL, ret, e);
}

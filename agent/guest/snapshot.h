/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A guest's files in memory: all that pure code may know of them. Filled by
 * probe/snapshot.c from the table in guest/files.c, or by a test. Owns everything. */
#pragma once

#include "base/err.h"
#include "base/strbuf.h"
#include "base/strv.h"

enum snap_kind { SNAP_FILE, SNAP_LINK, SNAP_DIR, SNAP_OTHER };

struct snap_entry {
	char *path; /* absolute in the guest, as the table names it */
	enum snap_kind kind;
	unsigned mode; /* permission bits */
	uint64_t size;
	int64_t mtime; /* seconds since 1970 */
	bool has_data;
	struct strbuf data; /* of a file that was read */
	char *target;       /* of a link, as written */
	char *real;         /* of a link: path behind all links; NULL where it dangles */
	char *problem;      /* why it was not read; NULL */
};

/* An initramfs, listed. Paths without leading '/'. */
struct snap_archive {
	char *path; /* real path in the guest */
	uint64_t size;
	uint64_t sum;                /* base/sum64.h of its bytes; 0 with a problem */
	struct strv members;         /* sorted */
	struct strv segments;        /* "gzip@0", "cpio@8912345" */
	struct snap_entry *contents; /* the few small files that decisions need */
	size_t n_contents;
	char *problem; /* not an archive, cut short, past a limit; NULL */
};

/* A kernel image's boot header (Linux, Documentation/arch/x86/boot.rst). */
struct snap_kernel {
	char *path;    /* real path in the guest */
	char *release; /* "6.1.0-18-cloud-amd64"; "" where the header does not say */
	bool relocatable64;
	char *problem; /* not a bzImage; NULL */
};

struct snapshot {
	struct snap_entry *v; /* sorted by path once snapshot_sort() was called */
	size_t n;
	struct snap_archive *archives;
	size_t n_archives;
	struct snap_kernel *kernels;
	size_t n_kernels;
};

void snapshot_done(struct snapshot *s);
/* A fresh zeroed entry at the end (not sorted in yet); NULL when out of memory. Entries move
 * when more are added. */
struct snap_entry *snapshot_add(struct snapshot *s, const char *path);
struct snap_archive *snapshot_add_archive(struct snapshot *s, const char *path);
struct snap_kernel *snapshot_add_kernel(struct snapshot *s, const char *path);
struct snap_entry *snap_archive_add_content(struct snap_archive *a, const char *path);
void snapshot_sort(struct snapshot *s);

/* The entry at exactly this path (a link stays a link); NULL where there is none. */
const struct snap_entry *snapshot_find(const struct snapshot *s, const char *path);
/* The file behind `path`, links followed; NULL where there is none. */
const struct snap_entry *snapshot_file(const struct snapshot *s, const char *path);
/* Its bytes; false where there is no such file or it was not read. */
bool snapshot_data(const struct snapshot *s, const char *path, struct str *ret);
/* Why there is something at `path` whose bytes are not here (a fifo, a folder, a link out of
 * the guest, a file larger than its cap); NULL where it was read, or nothing is there: also
 * behind a link that leads nowhere. */
const char *snapshot_problem(const struct snapshot *s, const char *path);
bool snapshot_exists(const struct snapshot *s, const char *path);
/* Cursor over the paths that match a wildcard pattern, in order. Start with *pos = 0. */
const struct snap_entry *snapshot_glob(
	const struct snapshot *s, const char *pattern, size_t *pos);

const struct snap_archive *snapshot_archive(const struct snapshot *s, const char *path);
const struct snap_kernel *snapshot_kernel(const struct snapshot *s, const char *path);
/* Bytes of a file inside the archive that was kept; "lib/modules/..." finds
 * "usr/lib/modules/..." too. */
bool snap_archive_data(const struct snap_archive *a, const char *path, struct str *ret);

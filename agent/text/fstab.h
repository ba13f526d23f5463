/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fstab(5). Also reads and edits mtab, which has the same columns.
 * Fields are separated by blanks or tabs; \040 and the like are octal escapes. */
#pragma once

#include "base/err.h"
#include "base/strv.h"
#include "text/dev_map.h"

struct fstab_entry {
	struct str spec, file, vfstype, mntops; /* raw, escapes not resolved */
	unsigned freq, passno;                  /* 0 where missing */
	size_t line;                            /* counted from 1 */
};

/* The next entry; comments, empty and malformed lines are passed over. *line counts
 * lines, start with 0. */
bool fstab_next(struct str *rest, size_t *line, struct fstab_entry *ret);
bool fstab_has_option(struct str mntops, const char *option);
/* True for spec `swap`-type lines (vfstype "swap"). */
bool fstab_is_swap(const struct fstab_entry *ent);

/* Renames the spec of active lines, and the devices in the options journal_path=, logdev=,
 * rtdev=, loop= and device=. The width of the spec column is kept by taking or giving
 * blanks after the field where it is padded with blanks (tabs are left alone), at least
 * one separator stays. Spec of a gone device stays as it is (see the two editors below).
 */
int fstab_rename(struct str in, const struct dev_map *map, struct strbuf *ret_out,
	struct err *e) must_check;
/* Removes the active swap lines whose spec is one of `specs` (UUID="x" equals UUID=x). */
int fstab_drop_swap(struct str in, const struct strv *specs, struct strbuf *ret_out,
	struct err *e) must_check;
/* Adds the option nofail to active lines whose spec is one of `specs`. */
int fstab_nofail(struct str in, const struct strv *specs, struct strbuf *ret_out,
	struct err *e) must_check;

/* '#' before the active lines of this type. */
int fstab_comment_out(struct str in, const char *vfstype, struct strbuf *ret_out,
	struct err *e) must_check;

struct fstab_type {
	const char *file, *from, *to;
};
/* Gives the active lines of mount point `file` whose type is `from` the type `to`. */
int fstab_retype(struct str in, const struct fstab_type *what, struct strbuf *ret_out,
	struct err *e) must_check;

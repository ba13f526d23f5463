/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is at a path: a file's bytes (by size and checksum, or as a copy in the transaction's
 * folder), a link's target, nothing. Taken before a change to be able to go back, computed
 * for what a change makes, to know it again. */
#pragma once

#include "sys/file_attr.h"
#include "txn/journal.h"

enum image_kind {
	IMAGE_ABSENT,
	IMAGE_FILE,
	IMAGE_LINK,
	IMAGE_OTHER, /* directory, device: nothing of ours */
};

struct image {
	enum image_kind kind;
	struct file_attr attr; /* only of what was looked at */
	uint64_t size;         /* of a file */
	uint32_t crc;
	char *target;  /* of a link; owned */
	unsigned copy; /* number of the file that holds the bytes; 0: none is kept */
};

void image_done(struct image *im);
void image_put(struct strbuf *b, const struct image *im);
int image_get(struct reader *rd, struct image *ret) must_check;

/* What is at `path` now (a link is not followed). */
int image_look(const struct root *r, const char *path, struct image *ret,
	struct err *e) must_check;
/* The same bytes, target, or absence. */
bool image_same(const struct image *a, const struct image *b);
/* As image_same(), and owner, mode, time and xattrs. */
bool image_equal(const struct image *a, const struct image *b);

/* As image_look(), and a durable copy of a file's bytes as `folder`/`copy`. */
int image_save(const struct root *r, const char *path, const char *folder, unsigned copy,
	struct image *ret, struct err *e) must_check;

/* Whether the file `path` begins with the bytes that were the whole of `im`. */
bool image_begins(
	const struct root *r, const char *path, const struct image *im) must_check;

/* Makes `path` what `im` says, durably; `temp`: name beside it that may be used, and is free
 * afterwards. An image of a file without a copy is one that was appended to: the file is cut
 * at its size. 1 put back, 0 it was so already; -ESTALE: to be cut, but it is another file
 * now, so it was left alone. */
int image_restore(const struct root *r, const char *path, const char *folder,
	const struct image *im, const char *temp, struct err *e) must_check;

/* Copies the whole of one fd to the end of another; *ret_crc and *ret_n of what was copied. */
int image_copy(int from, int to, uint32_t *ret_crc, uint64_t *ret_n) must_check;

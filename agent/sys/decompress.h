/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One streaming interface over the compressions that Linux accepts for an initramfs. The
 * reason for it: the exact end of the compressed data must be known, because plain or
 * compressed archives may follow it. */
#pragma once

#include "base/err.h"
#include "base/str.h"

/* Input bytes that every step must see at once, unless the file ends before. */
enum { DECOMPRESS_LOOKAHEAD = 16 };

/* The name of the compression that starts with these bytes, NULL where it is none known.
 * As in Linux, lib/decompress.c. */
const char *decompress_detect(struct str head) must_check;

struct decompress;
/* `format`: what decompress_detect() said. -EOPNOTSUPP: known, but not read here. */
int decompress_new(const char *format, struct decompress **ret, struct err *e) must_check;
void decompress_free(struct decompress *d);

/* Takes bytes off *in and points *ret_out to some of the result (valid until the next
 * call). 1: the compressed data has ended, *in starts behind its last byte. 0: call again
 * with what is left of *in and more. `last`: the file ends with *in.
 * -EBADMSG: damaged, -ENODATA: cut short, -EFBIG: needs more memory than the kernel would
 * have to give. */
int decompress_step(struct decompress *d, struct str *in, bool last, struct str *ret_out,
	struct err *e) must_check;

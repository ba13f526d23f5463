/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Between decompress.c and the codecs: what each codec gives. */
#pragma once

#include "sys/decompress.h"

/* What a step sees. `out` is the common buffer; a codec that needs a larger one points
 * `result` elsewhere. */
struct codec_io {
	struct str in; /* the codec takes off what it used */
	bool last;     /* nothing follows `in` */
	char *out;
	size_t cap;
	struct str result; /* set by the codec */
};

struct codec {
	const char *name;
	const char *magic;
	size_t magic_n;
	void *(*open)(void); /* NULL: out of memory */
	/* 1 at the exact end, 0 goes on, negative errno as decompress_step(). */
	int (*step)(void *state, struct codec_io *io, const char **ret_why);
	void (*close)(void *state);
};

extern const struct codec codec_gzip, codec_bzip2, codec_xz, codec_lzma, codec_zstd,
	codec_lz4;

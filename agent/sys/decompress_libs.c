/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The compressions whose libraries tell where the data ends: gzip (zlib), bzip2, xz and
 * lzma (liblzma), zstd. Each reads one stream, as the kernel does: a second one behind it
 * is a segment of its own. */
#include <errno.h>
#include <stdlib.h>

#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "sys/decompress_codec.h"

/* xz -9 asks for 64 MiB; mkinitramfs and dracut for 1. */
static const uint64_t lzma_memory_max = 96u << 20;

static void io_done(struct codec_io *io, size_t in_left, size_t out_left)
{
	io->in = str_from_pos(io->in, io->in.n - in_left);
	io->result = (struct str){io->out, io->cap - out_left};
}

static void *gzip_open(void)
{
	z_stream *z = calloc(1, sizeof(*z));

	/* 16: with gzip's header and checksum. */
	if (z && inflateInit2(z, 16 + MAX_WBITS) != Z_OK) {
		free(z);
		return NULL;
	}
	return z;
}

static int gzip_step(void *state, struct codec_io *io, const char **ret_why)
{
	z_stream *z = state;
	int r;

	z->next_in = (Bytef *)io->in.p;
	z->avail_in = io->in.n;
	z->next_out = (Bytef *)io->out;
	z->avail_out = io->cap;
	r = inflate(z, Z_NO_FLUSH);
	io_done(io, z->avail_in, z->avail_out);
	switch (r) {
	case Z_OK:
	case Z_BUF_ERROR: /* no progress was possible: more input */
		return 0;
	case Z_STREAM_END:
		return 1;
	case Z_MEM_ERROR:
		return -ENOMEM;
	default:
		*ret_why = z->msg;
		return -EBADMSG;
	}
}

static void gzip_close(void *state)
{
	inflateEnd(state);
	free(state);
}

const struct codec codec_gzip = {
	.name = "gzip",
	.magic = "\x1f\x8b",
	.magic_n = 2,
	.open = gzip_open,
	.step = gzip_step,
	.close = gzip_close,
};

static void *bzip2_open(void)
{
	bz_stream *bz = calloc(1, sizeof(*bz));

	if (bz && BZ2_bzDecompressInit(bz, 0, 0) != BZ_OK) {
		free(bz);
		return NULL;
	}
	return bz;
}

static int bzip2_step(void *state, struct codec_io *io, const char **ret_why)
{
	bz_stream *bz = state;
	int r;

	(void)ret_why;
	bz->next_in = (char *)io->in.p;
	bz->avail_in = io->in.n;
	bz->next_out = io->out;
	bz->avail_out = io->cap;
	r = BZ2_bzDecompress(bz);
	io_done(io, bz->avail_in, bz->avail_out);
	switch (r) {
	case BZ_OK:
		return 0;
	case BZ_STREAM_END:
		return 1;
	case BZ_MEM_ERROR:
		return -ENOMEM;
	default:
		return -EBADMSG;
	}
}

static void bzip2_close(void *state)
{
	BZ2_bzDecompressEnd(state);
	free(state);
}

const struct codec codec_bzip2 = {
	.name = "bzip2",
	.magic = "BZh",
	.magic_n = 3,
	.open = bzip2_open,
	.step = bzip2_step,
	.close = bzip2_close,
};

static void *xz_open(void)
{
	static const lzma_stream init = LZMA_STREAM_INIT;
	lzma_stream *s = malloc(sizeof(*s));

	if (!s)
		return NULL;
	*s = init;
	if (lzma_stream_decoder(s, lzma_memory_max, LZMA_TELL_ANY_CHECK) != LZMA_OK) {
		free(s);
		return NULL;
	}
	return s;
}

static void *lzma_open(void)
{
	static const lzma_stream init = LZMA_STREAM_INIT;
	lzma_stream *s = malloc(sizeof(*s));

	if (!s)
		return NULL;
	*s = init;
	if (lzma_alone_decoder(s, lzma_memory_max) != LZMA_OK) {
		free(s);
		return NULL;
	}
	return s;
}

static int lzma_step(void *state, struct codec_io *io, const char **ret_why)
{
	lzma_stream *s = state;
	lzma_ret r;

	s->next_in = (const uint8_t *)io->in.p;
	s->avail_in = io->in.n;
	s->next_out = (uint8_t *)io->out;
	s->avail_out = io->cap;
	r = lzma_code(s, LZMA_RUN);
	io_done(io, s->avail_in, s->avail_out);
	switch (r) {
	case LZMA_GET_CHECK:
		/* All that the kernel's decoder is built with. */
		if (lzma_get_check(s) == LZMA_CHECK_NONE ||
			lzma_get_check(s) == LZMA_CHECK_CRC32)
			return 0;
		*ret_why = "its checksum is not CRC32, the kernel would refuse it";
		return -EBADMSG;
	case LZMA_OK:
	case LZMA_BUF_ERROR: /* no progress was possible: more input */
		return 0;
	case LZMA_STREAM_END:
		return 1;
	case LZMA_MEM_ERROR:
		return -ENOMEM;
	case LZMA_MEMLIMIT_ERROR:
		return -EFBIG;
	default:
		return -EBADMSG;
	}
}

static void lzma_close(void *state)
{
	lzma_end(state);
	free(state);
}

const struct codec codec_xz = {
	.name = "xz",
	.magic = "\xfd\x37zXZ",
	.magic_n = 5,
	.open = xz_open,
	.step = lzma_step,
	.close = lzma_close,
};

const struct codec codec_lzma = {
	.name = "lzma",
	.magic = "\x5d\0\0",
	.magic_n = 3,
	.open = lzma_open,
	.step = lzma_step,
	.close = lzma_close,
};

static void *zstd_open(void)
{
	return ZSTD_createDStream();
}

static int zstd_step(void *state, struct codec_io *io, const char **ret_why)
{
	ZSTD_inBuffer in = {io->in.p, io->in.n, 0};
	ZSTD_outBuffer out = {io->out, io->cap, 0};
	size_t r = ZSTD_decompressStream(state, &out, &in);

	if (ZSTD_isError(r)) {
		*ret_why = ZSTD_getErrorName(r);
		/* The library's own limit of 128 MiB is the kernel's. */
		return ZSTD_getErrorCode(r) == ZSTD_error_frameParameter_windowTooLarge
			       ? -EFBIG
		       : ZSTD_getErrorCode(r) == ZSTD_error_memory_allocation ? -ENOMEM
									      : -EBADMSG;
	}
	io_done(io, in.size - in.pos, out.size - out.pos);
	return r == 0;
}

static void zstd_close(void *state)
{
	ZSTD_freeDStream(state);
}

const struct codec codec_zstd = {
	.name = "zstd",
	.magic = "\x28\xb5\x2f\xfd",
	.magic_n = 4,
	.open = zstd_open,
	.step = zstd_step,
	.close = zstd_close,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes initramfs images in memory for tests, with the compressions that Linux reads. */
#pragma once

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <bzlib.h>
#include <lz4.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include "base/strbuf.h"

/* One member; positions are taken from the start of `out`, as long as that is aligned. */
static inline void build_member(struct strbuf *out, const char *path, unsigned mode,
	unsigned ino, unsigned nlink, struct str content)
{
	strbuf_addf(out, "070701%08X%08X%08X%08X%08X%08X%08zX%08X%08X%08X%08X%08zX%08X",
		ino, mode, 0, 0, nlink, 0, content.n, 8, 1, 0, 0, strlen(path) + 1, 0);
	strbuf_adds(out, path);
	strbuf_addc(out, '\0');
	strbuf_pad(out, '\0', (out->n + 3) & ~(size_t)3);
	strbuf_add(out, content);
	strbuf_pad(out, '\0', (out->n + 3) & ~(size_t)3);
}

static inline void build_trailer(struct strbuf *out)
{
	build_member(out, "TRAILER!!!", 0, 0, 1, (struct str){"", 0});
}

static inline void build_gzip(struct str in, struct strbuf *out)
{
	z_stream z = {0};
	size_t room = compressBound(in.n) + 64;
	char *p = malloc(room);

	if (deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) !=
		Z_OK)
		abort();
	z.next_in = (Bytef *)in.p;
	z.avail_in = in.n;
	z.next_out = (Bytef *)p;
	z.avail_out = room;
	if (deflate(&z, Z_FINISH) != Z_STREAM_END)
		abort();
	strbuf_add(out, (struct str){p, room - z.avail_out});
	deflateEnd(&z);
	free(p);
}

static inline void build_bzip2(struct str in, struct strbuf *out)
{
	unsigned n = in.n + in.n / 50 + 700;
	char *p = malloc(n);

	if (BZ2_bzBuffToBuffCompress(p, &n, (char *)in.p, in.n, 1, 0, 0) != BZ_OK)
		abort();
	strbuf_add(out, (struct str){p, n});
	free(p);
}

static inline void build_xz_check(struct str in, struct strbuf *out, lzma_check check)
{
	size_t room = lzma_stream_buffer_bound(in.n), n = 0;
	char *p = malloc(room);

	if (lzma_easy_buffer_encode(1, check, NULL, (const uint8_t *)in.p, in.n,
		    (uint8_t *)p, &n, room) != LZMA_OK)
		abort();
	strbuf_add(out, (struct str){p, n});
	free(p);
}

static inline void build_xz(struct str in, struct strbuf *out)
{
	build_xz_check(in, out, LZMA_CHECK_CRC32);
}

static inline void build_lzma(struct str in, struct strbuf *out)
{
	lzma_stream s = LZMA_STREAM_INIT;
	size_t room = in.n + in.n / 2 + 4096;
	char *p = malloc(room);
	lzma_options_lzma opt;

	if (lzma_lzma_preset(&opt, 1) || lzma_alone_encoder(&s, &opt) != LZMA_OK)
		abort();
	s.next_in = (const uint8_t *)in.p;
	s.avail_in = in.n;
	s.next_out = (uint8_t *)p;
	s.avail_out = room;
	if (lzma_code(&s, LZMA_FINISH) != LZMA_STREAM_END)
		abort();
	strbuf_add(out, (struct str){p, room - s.avail_out});
	lzma_end(&s);
	free(p);
}

static inline void build_zstd(struct str in, struct strbuf *out)
{
	size_t room = ZSTD_compressBound(in.n);
	char *p = malloc(room);
	size_t n = ZSTD_compress(p, room, in.p, in.n, 3);

	if (ZSTD_isError(n))
		abort();
	strbuf_add(out, (struct str){p, n});
	free(p);
}

static inline void build_le32(struct strbuf *out, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		strbuf_addc(out, (char)(v >> (8 * i)));
}

/* As lz4 -l, in chunks of `chunk` bytes (the tool: 8 MiB). */
static inline void build_lz4_chunks(struct str in, struct strbuf *out, size_t chunk)
{
	char *p = malloc(LZ4_COMPRESSBOUND(chunk));

	build_le32(out, 0x184c2102);
	while (in.n) {
		struct str part = str_upto(in, chunk);
		int n = LZ4_compress_default(
			part.p, p, (int)part.n, (int)LZ4_COMPRESSBOUND(chunk));

		build_le32(out, (uint32_t)n);
		strbuf_add(out, (struct str){p, (size_t)n});
		in = str_from_pos(in, part.n);
	}
	free(p);
}

static inline void build_lz4(struct str in, struct strbuf *out)
{
	build_lz4_chunks(in, out, 1 << 20);
}

static inline void build_plain(struct str in, struct strbuf *out)
{
	strbuf_add(out, in);
}

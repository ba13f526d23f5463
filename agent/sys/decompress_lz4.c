/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The old lz4 container ("lz4 -l"), the only one that Linux reads: magic, then chunks of
 * at most 8 MiB, each behind its length. It has no end mark. As lib/decompress_unlz4.c, the
 * data ends at the end of the file or at a length of zero, that is at padding; anything else
 * put behind it would be taken for a chunk. */
#include <errno.h>
#include <stdlib.h>

#include <lz4.h>

#include "base/strbuf.h"
#include "sys/decompress_codec.h"

enum { CHUNK_MAX = 8 << 20 };
static const uint32_t legacy_magic = 0x184c2102;

struct lz4 {
	char *out;       /* CHUNK_MAX bytes; pages that are not used cost nothing */
	size_t want;     /* bytes of the chunk that is being collected, 0 between two */
	struct strbuf c; /* what is there of it */
	bool begun;
};

static void *lz4_open(void)
{
	struct lz4 *z = calloc(1, sizeof(*z));

	if (!z)
		return NULL;
	z->out = malloc(CHUNK_MAX);
	if (!z->out) {
		free(z);
		return NULL;
	}
	return z;
}

static uint32_t le32(const char *p)
{
	const uint8_t *b = (const uint8_t *)p;

	return b[0] | b[1] << 8 | b[2] << 16 | (uint32_t)b[3] << 24;
}

/* Reads lengths up to the next chunk: 1 at the end of the data. */
static int next_chunk(struct lz4 *z, struct codec_io *io, const char **ret_why)
{
	while (io->in.n >= 4) {
		uint32_t n = le32(io->in.p);

		if (!z->begun && n != legacy_magic) {
			*ret_why = "not the container that the kernel reads";
			return -EBADMSG;
		}
		z->begun = true;
		if (n == 0)
			return 1;
		io->in = str_from_pos(io->in, 4);
		if (n == legacy_magic)
			continue;
		if (n > LZ4_COMPRESSBOUND(CHUNK_MAX)) {
			*ret_why =
				"a chunk is too long, or something was put right behind "
				"the data, without zeros between";
			return -EBADMSG;
		}
		z->want = n;
		strbuf_reset(&z->c);
		return 0;
	}
	return io->last && z->begun ? 1 : 0;
}

static int lz4_step(void *state, struct codec_io *io, const char **ret_why)
{
	struct lz4 *z = state;
	struct str part;
	int r;

	if (!z->want) {
		r = next_chunk(z, io, ret_why);
		if (r != 0 || !z->want)
			return r;
	}
	part = str_upto(io->in, z->want - z->c.n);
	strbuf_add(&z->c, part);
	if (strbuf_err(&z->c) < 0)
		return -ENOMEM;
	io->in = str_from_pos(io->in, part.n);
	if (z->c.n < z->want)
		return io->last && !io->in.n ? -ENODATA : 0;
	r = LZ4_decompress_safe(z->c.p, z->out, (int)z->want, CHUNK_MAX);
	if (r < 0)
		return -EBADMSG;
	z->want = 0;
	io->result = (struct str){z->out, (size_t)r};
	return 0;
}

static void lz4_close(void *state)
{
	struct lz4 *z = state;

	strbuf_done(&z->c);
	free(z->out);
	free(z);
}

const struct codec codec_lz4 = {
	.name = "lz4",
	.magic = "\x02\x21\x4c\x18",
	.magic_n = 4,
	.open = lz4_open,
	.step = lz4_step,
	.close = lz4_close,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See journal.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "txn/crc32c.h"
#include "txn/journal.h"

#define MAGIC "XVJ1"
#define HEAD 20u
#define RESERVED (64 << 10)
#define CRC_AT 16u
#define JOURNAL_MAX ((size_t)64 << 20)
/* How often a file's bytes are summed up in the search for frames behind a bad one. */
#define SUMMED_MAX 4u

static void put_le(struct strbuf *b, uint64_t v, unsigned bytes)
{
	for (; bytes; bytes--, v >>= 8)
		strbuf_addc(b, (char)(v & 0xff));
}

void put_u8(struct strbuf *b, uint8_t v)
{
	put_le(b, v, 1);
}

void put_u32(struct strbuf *b, uint32_t v)
{
	put_le(b, v, 4);
}

void put_u64(struct strbuf *b, uint64_t v)
{
	put_le(b, v, 8);
}

void put_str(struct strbuf *b, struct str s)
{
	put_u32(b, (uint32_t)s.n);
	strbuf_add(b, s);
}

static uint64_t get_le(struct reader *r, unsigned bytes)
{
	uint64_t v = 0;

	if (r->in.n < bytes) {
		r->bad = true;
		r->in.n = 0;
		return 0;
	}
	for (unsigned i = bytes; i; i--)
		v = v << 8 | (unsigned char)r->in.p[i - 1];
	r->in = str_from_pos(r->in, bytes);
	return v;
}

uint8_t get_u8(struct reader *r)
{
	return (uint8_t)get_le(r, 1);
}

uint32_t get_u32(struct reader *r)
{
	return (uint32_t)get_le(r, 4);
}

uint64_t get_u64(struct reader *r)
{
	return get_le(r, 8);
}

struct str get_str(struct reader *r)
{
	size_t n = get_u32(r);
	struct str s;

	if (n > r->in.n) {
		r->bad = true;
		n = r->in.n;
	}
	s = str_upto(r->in, n);
	r->in = str_from_pos(r->in, n);
	return s;
}

void journal_done(struct journal *j)
{
	if (j->fd >= 0)
		close(j->fd);
	strbuf_done(&j->payload);
	*j = (struct journal)JOURNAL_CLOSED;
}

int journal_create(
	const struct root *r, const char *path, struct journal *ret, struct err *e)
{
	int fd = file_create(r, path, 0600, e);

	if (fd < 0)
		return fd;
	/* So that the record of the way back finds room on a disk that has become full; where
	 * the file system cannot reserve, there is none. */
	(void)!fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, RESERVED);
	*ret = (struct journal){.fd = fd};
	return 0;
}

struct frame {
	uint32_t seq, prev, crc;
	struct str payload;
	size_t size;
};

/* Whether `in` begins with the head of a frame that is there in its full length. */
static bool frame_head(struct str in, struct frame *ret)
{
	struct reader rd = {.in = in};
	uint32_t n;

	if (in.n < HEAD || !str_starts(in, MAGIC))
		return false;
	rd.in = str_from_pos(in, 4);
	n = get_u32(&rd);
	ret->seq = get_u32(&rd);
	ret->prev = get_u32(&rd);
	ret->crc = get_u32(&rd);
	if (rd.in.n < n)
		return false;
	ret->payload = str_upto(rd.in, n);
	ret->size = HEAD + n;
	return true;
}

static bool frame_whole(struct str in, const struct frame *f)
{
	return f->crc == crc32c(crc32c(0, str_upto(in, CRC_AT)), f->payload);
}

/* A frame written after the bad one: then the bad one had been durable once. What a crash
 * leaves has hardly a frame's head in it; a file made of heads, each before a long payload,
 * would be summed up without end, so one with too much to sum counts as damaged. */
static bool good_behind(struct str in, uint32_t seq)
{
	uint64_t budget = SUMMED_MAX * (uint64_t)in.n;
	struct frame f;

	while (in.n > 1) {
		const char *p;

		in = str_from_pos(in, 1);
		p = memmem(in.p, in.n, MAGIC, strlen(MAGIC));
		if (!p)
			return false;
		in = str_range(p, in.p + in.n);
		if (!frame_head(in, &f) || f.seq <= seq)
			continue;
		if (f.size > budget || frame_whole(in, &f))
			return true;
		budget -= f.size;
	}
	return false;
}

int journal_read(const struct root *r, const char *path, struct journal *ret,
	struct strbuf *ret_records, struct err *e)
{
	struct journal j = JOURNAL_CLOSED;
	cleanup_(free_charp) char *bytes = NULL;
	struct frame f;
	struct str in;
	size_t n;
	int q;

	q = root_read(r, path, JOURNAL_MAX, &bytes, &n, e);
	if (q < 0)
		return q;
	in = (struct str){bytes, n};
	while (frame_head(in, &f) && f.seq == j.seq + 1 && f.prev == j.crc &&
		frame_whole(in, &f)) {
		j.seq = f.seq;
		j.crc = f.crc;
		j.end += f.size;
		strbuf_add(ret_records, f.payload);
		in = str_from_pos(in, f.size);
	}
	if (strbuf_err(ret_records))
		return err_oom(e);
	if (good_behind(in, j.seq + 1))
		return err_set(e, -EUCLEAN, "%s is damaged behind byte %llu", path,
			(unsigned long long)j.end);
	*ret = j;
	return 0;
}

int journal_reopen(
	const struct root *r, const char *path, struct journal *j, struct err *e)
{
	struct stat st;
	int q;

	j->fd = file_open_rw(r, path, e);
	if (j->fd < 0)
		return j->fd;
	q = fstat(j->fd, &st) < 0 ? -errno : 0;
	/* Cutting would give up what is reserved behind the end. */
	if (q >= 0 && (uint64_t)st.st_size != j->end)
		q = file_truncate(j->fd, j->end);
	if (q >= 0)
		q = file_fsync(j->fd);
	return q < 0 ? err_errno(e, q, "cannot write %s", path) : 0;
}

static int write_frame(struct journal *j, struct str frame)
{
	int q;

	if (lseek(j->fd, (off_t)j->end, SEEK_SET) < 0)
		return -errno;
	q = file_write_all(j->fd, frame);
	return q < 0 ? q : file_fsync(j->fd);
}

int journal_flush(struct journal *j, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf frame = {0};
	struct str payload = strbuf_str(&j->payload);
	uint32_t crc;
	int q;

	q = strbuf_err(&j->payload);
	strbuf_adds(&frame, MAGIC);
	put_u32(&frame, (uint32_t)payload.n);
	put_u32(&frame, j->seq + 1);
	put_u32(&frame, j->crc);
	crc = crc32c(crc32c(0, strbuf_str(&frame)), payload);
	put_u32(&frame, crc);
	strbuf_add(&frame, payload);
	strbuf_reset(&j->payload);
	if (q < 0 || strbuf_err(&frame))
		return err_oom(e);
	q = write_frame(j, strbuf_str(&frame));
	if (q < 0) {
		/* The kernel forgets pages that it failed to write, so a later fsync would
		 * not speak for these: they go, and whatever comes next is written anew. If
		 * even this fails, the next frame overwrites the place. */
		(void)!file_truncate(j->fd, j->end);
		return err_errno(e, q, "cannot write the journal");
	}
	j->seq++;
	j->crc = crc;
	j->end += frame.n;
	return 0;
}

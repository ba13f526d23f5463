/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See initramfs_read.h. The outer loop of Linux, init/initramfs.c, unpack_to_rootfs(): at
 * the border of an archive zeros are passed over, '0' starts a plain archive, anything else
 * must be the magic of a compression. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sys/decompress.h"
#include "sys/newc.h"

struct input {
	int fd;
	struct sum64 *sum; /* of all that was passed; NULL */
	uint64_t pos;      /* in the file, of the first byte that is left */
	struct str left;
	bool last; /* the file ends with `left` */
	char buf[128 * 1024];
};

struct reader {
	struct input in;
	struct initramfs_limits lim;
	const struct initramfs_sink *sink;
	struct newc *archive;
	unsigned segments;
};

/* After it at least DECOMPRESS_LOOKAHEAD bytes are there, or the file ends with them. */
static int fill(struct input *in, struct err *e)
{
	size_t n = in->left.n;

	if (in->last || n >= DECOMPRESS_LOOKAHEAD)
		return 0;
	if (n)
		memmove(in->buf, in->left.p, n);
	while (n < sizeof(in->buf)) {
		ssize_t got = pread(
			in->fd, in->buf + n, sizeof(in->buf) - n, (off_t)(in->pos + n));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_errno(e, -errno, "cannot read the archive");
		if (!got) {
			in->last = true;
			break;
		}
		n += (size_t)got;
	}
	in->left = (struct str){in->buf, n};
	return 0;
}

static void took(struct input *in, struct str rest)
{
	const size_t n = in->left.n - rest.n;

	if (in->sum)
		sum64_add(in->sum, str_upto(in->left, n));
	in->pos += n;
	in->left = rest;
}

static int start_segment(struct reader *r, const char *format)
{
	struct initramfs_segment s = {.offset = r->in.pos, .format = format};

	r->segments++;
	return r->sink->segment ? r->sink->segment(r->sink->ctx, &s) : 0;
}

static int decompressed(struct reader *r, struct str out, struct err *e)
{
	enum newc_stop stop;
	int ret;

	while (out.n) {
		ret = newc_feed(r->archive, &out, &stop, e);
		if (ret)
			return ret;
		if (stop == NEWC_OTHER)
			return err_set(e, -EBADMSG,
				"what the compressed data holds is no cpio archive");
	}
	return 0;
}

static int compressed_data(struct reader *r, struct decompress *d, struct err *e)
{
	for (int ended = 0; !ended;) {
		struct str rest, out = {0};
		int ret = fill(&r->in, e);

		if (ret < 0)
			return ret;
		rest = r->in.left;
		ended = decompress_step(d, &rest, r->in.last, &out, e);
		if (ended < 0)
			return ended;
		took(&r->in, rest);
		ret = decompressed(r, out, e);
		if (ret)
			return ret;
	}
	if (!newc_between(r->archive, false))
		return err_set(e, -EBADMSG, "the compressed data ends within a member");
	return 0;
}

static int compressed_segment(struct reader *r, struct err *e)
{
	const char *format = decompress_detect(r->in.left);
	uint64_t pos = r->in.pos;
	struct decompress *d;
	int ret;

	if (!format)
		return err_set(e, -EBADMSG,
			"neither cpio nor compressed data at byte %llu",
			(unsigned long long)pos);
	ret = start_segment(r, format);
	if (ret)
		return ret;
	ret = decompress_new(format, &d, e);
	if (ret < 0)
		return ret;
	newc_restart(r->archive, 0);
	ret = compressed_data(r, d, e);
	decompress_free(d);
	if (ret < 0)
		return err_wrap(e, ret, "segment at byte %llu", (unsigned long long)pos);
	newc_restart(r->archive, r->in.pos);
	return ret;
}

static size_t zeros(struct str s)
{
	size_t n = 0;

	while (n < s.n && !s.p[n])
		n++;
	return n;
}

static int segments(struct reader *r, struct err *e)
{
	bool border = true; /* the next member opens a segment */
	enum newc_stop stop;
	struct str rest;
	int ret;

	for (;;) {
		ret = fill(&r->in, e);
		if (ret < 0)
			return ret;
		if (newc_between(r->archive, false)) {
			took(&r->in, str_from_pos(r->in.left, zeros(r->in.left)));
			if (!r->in.left.n && !r->in.last)
				continue;
			newc_restart(r->archive, r->in.pos);
		}
		if (!r->in.left.n)
			return 0;
		if (newc_between(r->archive, false)) {
			/* The magic may lie across the end of the buffer. */
			ret = fill(&r->in, e);
			if (ret < 0)
				return ret;
			if (r->in.left.p[0] != '0' || r->in.pos & 3) {
				ret = compressed_segment(r, e);
				if (ret)
					return ret;
				border = true;
				continue;
			}
			if (border) {
				ret = start_segment(r, "cpio");
				if (ret)
					return ret;
			}
			border = false;
		}
		rest = r->in.left;
		ret = newc_feed(r->archive, &rest, &stop, e);
		took(&r->in, rest);
		if (ret)
			return ret;
		if (stop == NEWC_TRAILER)
			border = true;
	}
}

static int read_all(struct reader *r, struct err *e)
{
	int ret = segments(r, e);

	if (ret)
		return ret;
	if (!newc_between(r->archive, true))
		return err_set(e, -ENODATA, "the archive is cut short");
	if (!r->segments && !r->lim.from)
		return err_set(e, -EBADMSG, "the file holds no archive");
	return newc_finish(r->archive, e);
}

int initramfs_read(int fd, const struct initramfs_limits *lim,
	const struct initramfs_sink *sink, struct err *e)
{
	struct reader *r = calloc(1, sizeof(*r));
	int ret;

	if (!r)
		return err_oom(e);
	r->in.fd = fd;
	r->in.sum = sink->sum;
	r->sink = sink;
	if (lim)
		r->lim = *lim;
	r->in.pos = r->lim.from;
	if (!r->lim.max_unpacked)
		r->lim.max_unpacked = 1u << 30;
	if (!r->lim.max_members)
		r->lim.max_members = 100000;
	if (!r->lim.max_content)
		r->lim.max_content = 16 << 20;
	ret = newc_new(&r->lim, sink, &r->archive, e);
	if (ret == 0)
		ret = read_all(r, e);
	newc_free(r->archive);
	free(r);
	return ret;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The journal's file: a row of frames, each written in one go and made durable before the
 * next is begun. A frame holds the records of one step, so that they count together or not
 * at all.
 *
 *   frame: "XVJ1", length of the payload, sequence number (from 1), checksum of the frame
 *          before (0), checksum of all this and the payload: 4 bytes each, then the payload
 *   payload: records, each a type byte and its fields; numbers are little endian, strings
 *          have their length (4 bytes) before them
 *
 * A bad frame at the end is one that was being written when the power failed: it never
 * counted. A bad frame with a good one behind it is damage. */
#pragma once

#include "base/strbuf.h"
#include "sys/file.h"

struct journal {
	int fd;                /* -1: not open for writing */
	uint64_t end;          /* of the last good frame */
	uint32_t seq, crc;     /* of the last good frame; 0: none yet */
	struct strbuf payload; /* of the frame being built */
};

#define JOURNAL_CLOSED                                                                   \
	{                                                                                \
		.fd = -1                                                                 \
	}

void journal_done(struct journal *j);
/* A new empty one; -EEXIST. */
int journal_create(const struct root *r, const char *path, struct journal *ret,
	struct err *e) must_check;
/* Reads all good frames; their payloads, joined, go to *ret_records. Nothing is written.
 * -EUCLEAN: damaged. */
int journal_read(const struct root *r, const char *path, struct journal *ret,
	struct strbuf *ret_records, struct err *e) must_check;
/* Makes one that was read writable: cuts what a power failure has left behind its end. */
int journal_reopen(const struct root *r, const char *path, struct journal *j,
	struct err *e) must_check;
/* Makes the records put so far durable as one frame. After a failure none of them counts,
 * and the next frame takes the place of this one. */
int journal_flush(struct journal *j, struct err *e) must_check;

/* The fields of a record. */
void put_u8(struct strbuf *b, uint8_t v);
void put_u32(struct strbuf *b, uint32_t v);
void put_u64(struct strbuf *b, uint64_t v);
void put_str(struct strbuf *b, struct str s);

/* Reading past the end gives zeros and marks the reader bad: ask once, at the end. */
struct reader {
	struct str in;
	bool bad;
};

uint8_t get_u8(struct reader *r);
uint32_t get_u32(struct reader *r);
uint64_t get_u64(struct reader *r);
struct str get_str(struct reader *r);

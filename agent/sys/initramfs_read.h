/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a guest's initramfs as the kernel would unpack it: any number of cpio archives, plain
 * or compressed (gzip, xz, zstd, lz4, bzip2, lzma), with zeros between them
 * (Linux, init/initramfs.c). Memory is bounded; a decompression bomb or a cut file is an
 * error that says so. What the kernel would not unpack is refused too: data put right behind
 * lz4 without zeros between, xz with other checksums than CRC32, members off a multiple of 4
 * bytes. Needs zlib, libbz2, liblzma, libzstd, liblz4; libarchive for initramfs_unpack(). */
#pragma once

#include "base/err.h"
#include "base/strbuf.h"
#include "base/sum64.h"

struct initramfs_member {
	const char *path;  /* as in the archive, without leading "./" or "/" */
	unsigned mode;     /* type and permissions */
	struct str target; /* of a symbolic link */
	uint64_t size;     /* hard links: 0 for all names but the last */
};
struct initramfs_segment {
	uint64_t offset;    /* of its first byte in the file */
	const char *format; /* "cpio", "gzip", "xz", "zstd", "lz4", "bzip2", "lzma" */
};
/* What each is given is valid during the call. Any of them may be NULL. Non-zero stops the
 * reading, and is what initramfs_read() then answers (without a text in err). */
struct initramfs_sink {
	void *ctx;
	/* A new segment starts. */
	int (*segment)(void *ctx, const struct initramfs_segment *s);
	/* A member. True in *want_content asks for content(); only regular files have one. */
	int (*member)(void *ctx, const struct initramfs_member *m, bool *want_content);
	/* Right behind its member(); for hard links when the last name has come. */
	int (*content)(void *ctx, const struct initramfs_member *m, struct str content);
	struct sum64 *sum; /* takes up all bytes of the file that were passed */
};
struct initramfs_limits {
	uint64_t max_unpacked; /* bytes, all segments; 0: 1 GiB */
	uint64_t max_members;  /* 0: 100000 */
	size_t max_content;    /* per wanted file; larger: -EFBIG; 0: 16 MiB */
	uint64_t from;         /* begin there, behind what was read to its end before */
};

/* `fd`: a regular file. 0; -EBADMSG: not an archive or damaged;
 * -ENODATA: cut short; -EFBIG: past a limit; -EOPNOTSUPP: compressed with lzo. */
int initramfs_read(int fd, const struct initramfs_limits *lim,
	const struct initramfs_sink *sink, struct err *e) must_check;
/* Unpacks an archive of our own (the rescue system's tools) below `dir`, from where `fd`
 * stands. Files that are there are replaced. */
int initramfs_unpack(int fd, const char *dir, struct err *e) must_check;

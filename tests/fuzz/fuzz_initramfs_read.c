/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The initramfs reader: bounded whatever the image says, an error text with every error,
 * and never more given to the sink than the limits allow. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz_laws.h"
#include "sys/initramfs_read.h"

static const struct initramfs_limits limits = {
	.max_unpacked = 4 << 20, .max_members = 500, .max_content = 1 << 20};

struct seen {
	uint64_t segments, members, contents;
};

static int on_segment(void *ctx, const struct initramfs_segment *s)
{
	struct seen *seen = ctx;

	LAW(s->format && *s->format);
	seen->segments++;
	return 0;
}

static int on_member(void *ctx, const struct initramfs_member *m, bool *want)
{
	struct seen *seen = ctx;

	LAW(seen->segments);
	LAW(*m->path && *m->path != '/');
	LAW(m->target.n <= 4096);
	LAW(++seen->members <= limits.max_members);
	*want = seen->members % 3;
	return 0;
}

static int on_content(void *ctx, const struct initramfs_member *m, struct str content)
{
	struct seen *seen = ctx;

	LAW(content.n <= limits.max_content);
	LAW(content.n == m->size);
	LAW(++seen->contents <= seen->members);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seen seen = {0};
	const struct initramfs_sink sink = {.ctx = &seen,
		.segment = on_segment,
		.member = on_member,
		.content = on_content};
	struct err e = {0};
	int fd = memfd_create("image", MFD_CLOEXEC), r;

	LAW(fd >= 0);
	LAW(write(fd, data, size) == (ssize_t)size);
	r = initramfs_read(fd, &limits, &sink, &e);
	LAW(r <= 0);
	LAW((r < 0) == (e.text[0] != '\0'));
	close(fd);
	return 0;
}

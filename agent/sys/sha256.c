/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See sha256.h. */
#include <errno.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <unistd.h>

#include "sys/sha256.h"

int sha256_fd(int fd, char ret[SHA256_HEX], struct err *e)
{
	static uint8_t block[65536];
	uint8_t digest[SHA256_DIGEST_SIZE];
	struct sha256_ctx ctx;
	ssize_t n;

	sha256_init(&ctx);
	while ((n = read(fd, block, sizeof(block))) != 0) {
		if (n < 0 && errno != EINTR)
			return err_errno(e, -errno, "cannot read it");
		if (n > 0)
			sha256_update(&ctx, (size_t)n, block);
	}
	sha256_digest(&ctx, sizeof(digest), digest);
	for (size_t i = 0; i < sizeof(digest); i++)
		snprintf(ret + 2 * i, 3, "%02x", digest[i]);
	return 0;
}

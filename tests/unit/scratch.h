/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A scratch folder for tests that need real files. */
#pragma once

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <check.h>

static char scratch[64];

static inline void scratch_make(void)
{
	snprintf(scratch, sizeof(scratch), "/tmp/xvd2vd-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(scratch));
}

static inline int scratch_remove_one(
	const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

static inline void scratch_remove(void)
{
	ck_assert_int_eq(nftw(scratch, scratch_remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

/* Writes a file below the folder, with the folders it lies in. */
static inline void scratch_write(const char *path, const void *data, size_t n)
{
	char full[512];
	FILE *f;

	snprintf(full, sizeof(full), "%s/%s", scratch, path);
	for (char *p = full + sizeof("/tmp/"); (p = strchr(p, '/')); *p++ = '/') {
		*p = '\0';
		mkdir(full, 0755);
	}
	f = fopen(full, "we");
	ck_assert_msg(f != NULL, "cannot write %s", full);
	ck_assert_uint_eq(fwrite(data, 1, n, f), n);
	ck_assert_int_eq(fclose(f), 0);
}

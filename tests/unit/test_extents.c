/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where files lie. The kernel's own answer for each block (FIBMAP) is the measure, for who may
 * ask it; without a file system that says it, nothing can be tested. */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "check_main.h"
#include "sys/extents.h"

/* The working folder: /tmp is memory in many places, and says nothing. */
static int new_file(void)
{
	char path[] = "./extents.XXXXXX";
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	unlink(path);
	return fd;
}

static void put(int fd, off_t at, size_t n)
{
	static const char bytes[4096] = {'x'};

	for (size_t i = 0; i < n; i += sizeof(bytes))
		ck_assert_int_eq(
			pwrite(fd, bytes, sizeof(bytes), at + (off_t)i), sizeof(bytes));
}

static const struct {
	const char *name;
	struct {
		off_t at;
		size_t n;
	} parts[3];
	off_t size;
	int want;
	const char *words;
} rows[] = {
	{"dense", {{0, 400000}}},
	{"empty", {{0, 0}}},
	{"written backwards", {{65536, 65536}, {0, 65536}}},
	{"a hole in it", {{0, 65536}, {1 << 20, 65536}}, 0, -ENOTSUP, "a hole at 65536"},
	{"a hole before", {{1 << 20, 65536}}, 0, -ENOTSUP, "a hole at 0"},
	{"a hole behind", {{0, 65536}}, 1 << 20, -ENOTSUP, "a hole at 65536"},
};

START_TEST(extents)
{
	struct extent v[EXTENTS_MAX];
	struct err e = {0};
	int fd = new_file(), unit, r;
	uint64_t at = 0;
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(rows[_i].parts); i++)
		put(fd, rows[_i].parts[i].at, rows[_i].parts[i].n);
	if (rows[_i].size)
		ck_assert_int_eq(ftruncate(fd, rows[_i].size), 0);
	r = extents_get(fd, v, &n, &e);
	ck_assert_msg(r == rows[_i].want, "%s: %d %s", rows[_i].name, r, e.text);
	if (r < 0) {
		ck_assert_msg(strstr(e.text, rows[_i].words) != NULL, "%s: %s",
			rows[_i].name, e.text);
		close(fd);
		return;
	}
	ck_assert_int_eq(ioctl(fd, FIGETBSZ, &unit), 0);
	for (size_t i = 0; i < n; i++)
		for (uint64_t j = 0; j < v[i].n; j += (uint64_t)unit / 512, at += unit) {
			int block = (int)(at / unit);

			if (ioctl(fd, FIBMAP, &block) < 0)
				continue;
			ck_assert_msg((uint64_t)block * unit / 512 == v[i].start + j,
				"%s: block %llu is at %d", rows[_i].name,
				(unsigned long long)at / unit, block);
		}
	ck_assert_uint_ge(at, (uint64_t)lseek(fd, 0, SEEK_END));
	close(fd);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, extents, 0, ARRAY_SIZE(rows));
}

int main(void)
{
	char path[] = "./extents.XXXXXX";
	struct extent v[EXTENTS_MAX];
	struct err e = {0};
	size_t n;
	int fd = mkstemp(path);
	bool can = fd >= 0 && write(fd, path, sizeof(path)) > 0 &&
		   extents_get(fd, v, &n, &e) >= 0;

	unlink(path);
	close(fd);
	if (!can) {
		printf("extents: %s: skipped\n", e.text);
		return 77;
	}
	return check_main("extents", add);
}

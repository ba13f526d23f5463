/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The examples of FIPS 180-2. */
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check_main.h"
#include "sys/sha256.h"

static const struct {
	const char *text;
	int times;
	const char *sum;
} rows[] = {
	{"", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
	{"abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
		"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
	{"aaaaaaaaaa", 100000,
		"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
};

START_TEST(sums)
{
	const size_t n = strlen(rows[_i].text);
	char sum[SHA256_HEX];
	int fd = memfd_create("sha256", 0);

	for (int i = 0; i < rows[_i].times; i++)
		ck_assert_int_eq(write(fd, rows[_i].text, n), (ssize_t)n);
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	ck_assert_int_eq(sha256_fd(fd, sum, NULL), 0);
	ck_assert_str_eq(sum, rows[_i].sum);
	close(fd);
}
END_TEST

START_TEST(unreadable)
{
	char sum[SHA256_HEX];

	ck_assert_int_eq(sha256_fd(-1, sum, NULL), -EBADF);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, sums, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, unreadable);
}

int main(void)
{
	return check_main("sha256", add);
}

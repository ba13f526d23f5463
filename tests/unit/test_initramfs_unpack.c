/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check_main.h"
#include "initramfs_build.h"
#include "scratch.h"
#include "sys/initramfs_read.h"

static int unpack(struct strbuf *image, struct err *e)
{
	int fd = memfd_create("image", MFD_CLOEXEC), r;

	ck_assert_int_eq(write(fd, image->p, image->n), (ssize_t)image->n);
	lseek(fd, 0, SEEK_SET);
	r = initramfs_unpack(fd, scratch, e);
	close(fd);
	strbuf_done(image);
	return r;
}

static void check_file(const char *path, const char *want, mode_t mode)
{
	char full[128], got[128] = "";
	struct stat st;
	FILE *f;

	snprintf(full, sizeof(full), "%s/%s", scratch, path);
	ck_assert_msg(lstat(full, &st) == 0, "%s is missing", path);
	ck_assert_msg((st.st_mode & 07777) == mode, "%s has mode %o", path, st.st_mode);
	f = fopen(full, "re");
	ck_assert_ptr_nonnull(f);
	got[fread(got, 1, sizeof(got) - 1, f)] = '\0';
	fclose(f);
	ck_assert_str_eq(got, want);
}

START_TEST(tree)
{
	struct strbuf image = {0}, inner = {0};
	struct err e = {0};
	char full[128], target[64] = "";

	scratch_make();
	for (int run = 0; run < 2; run++) { /* the second finds all there */
		build_member(&inner, ".", S_IFDIR | 0755, 1, 2, STR(""));
		build_member(&inner, "./sbin", S_IFDIR | 0751, 2, 2, STR(""));
		build_member(&inner, "./sbin/tool", S_IFREG | 0755, 3, 1, STR("#!"));
		build_member(&inner, "lib/deep/a", S_IFREG | 0640, 4, 2, STR(""));
		build_member(&inner, "lib/deep/b", S_IFREG | 0640, 4, 2, STR("both"));
		build_member(&inner, "bin", S_IFLNK | 0777, 5, 1, STR("sbin"));
		build_trailer(&inner);
		build_zstd(strbuf_str(&inner), &image);
		strbuf_done(&inner);
		ck_assert_msg(unpack(&image, &e) == 0, "%s", e.text);
		check_file("sbin/tool", "#!", 0755);
		check_file("bin/tool", "#!", 0755);
		check_file("lib/deep/a", "both", 0640);
		check_file("lib/deep/b", "both", 0640);
		snprintf(full, sizeof(full), "%s/bin", scratch);
		ck_assert_int_eq(readlink(full, target, sizeof(target)), 4);
		ck_assert_str_eq(target, "sbin");
	}
	scratch_remove();
}
END_TEST

START_TEST(refused)
{
	struct strbuf image = {0};
	struct err e = {0};

	scratch_make();
	build_member(&image, "a/../../b", S_IFREG | 0644, 1, 1, STR("x"));
	build_trailer(&image);
	ck_assert_int_eq(unpack(&image, &e), -EBADMSG);
	ck_assert_str_eq(e.text, "the archive holds the path a/../../b");
	strbuf_adds(&image, "no archive at all, just some text that is long enough");
	ck_assert_int_eq(unpack(&image, &e), -EBADMSG);
	build_member(&image, "cut", S_IFREG | 0644, 1, 1, STR("0123456789"));
	image.n -= 5;
	ck_assert_int_eq(unpack(&image, &e), -EBADMSG);
	scratch_remove();
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_test(tc, tree);
	tcase_add_test(tc, refused);
}

int main(void)
{
	return check_main("initramfs_unpack", add);
}

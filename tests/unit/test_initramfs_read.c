/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check_main.h"
#include "initramfs_build.h"
#include "sys/initramfs_read.h"

static const struct format {
	const char *name;
	void (*build)(struct str in, struct strbuf *out);
} formats[] = {
	{"cpio", build_plain},
	{"gzip", build_gzip},
	{"bzip2", build_bzip2},
	{"xz", build_xz},
	{"lzma", build_lzma},
	{"zstd", build_zstd},
	{"lz4", build_lz4},
};

/* What the reader said, one line an event. */
struct log {
	struct strbuf text;
	const char *want; /* names that contain it are wanted; NULL: none */
	int stop_at_member, members;
};

static int on_segment(void *ctx, const struct initramfs_segment *s)
{
	struct log *l = ctx;

	strbuf_addf(&l->text, "[%s]\n", s->format);
	return 0;
}

static int on_member(void *ctx, const struct initramfs_member *m, bool *want)
{
	struct log *l = ctx;

	strbuf_addf(&l->text, "%o %s %llu " STR_FMT "\n", m->mode, m->path,
		(unsigned long long)m->size, STR_ARG(m->target));
	*want = l->want && strstr(m->path, l->want);
	return ++l->members == l->stop_at_member ? 7 : 0;
}

static int on_content(void *ctx, const struct initramfs_member *m, struct str content)
{
	struct log *l = ctx;

	if (content.n > 100)
		strbuf_addf(&l->text, "%s: %zu bytes\n", m->path, content.n);
	else
		strbuf_addf(&l->text, "%s = " STR_FMT "\n", m->path, STR_ARG(content));
	return 0;
}

static int read_image(struct str image, const struct initramfs_limits *lim, struct log *l,
	struct err *e)
{
	const struct initramfs_sink sink = {l, on_segment, on_member, on_content};
	int fd = memfd_create("image", MFD_CLOEXEC), r;

	ck_assert_int_ge(fd, 0);
	for (size_t at = 0; at < image.n;) {
		ssize_t n = write(fd, image.p + at, image.n - at);

		ck_assert_int_gt(n, 0);
		at += (size_t)n;
	}
	r = initramfs_read(fd, lim, &sink, e);
	close(fd);
	return r;
}

/* Reads, and compares answer and events; on errors only the text's part `want`. */
static void check_read(const char *name, struct strbuf *image,
	const struct initramfs_limits *lim, const char *want_content, int want_r,
	const char *want)
{
	struct log l = {.want = want_content};
	struct err e = {0};
	int r = read_image(strbuf_str(image), lim, &l, &e);

	ck_assert_msg(
		r == want_r, "%s: answer %d, want %d (%s)", name, r, want_r, e.text);
	if (r == 0)
		ck_assert_msg(!strcmp(l.text.p, want), "%s: got\n%swant\n%s", name,
			l.text.p, want);
	else
		ck_assert_msg(
			strstr(e.text, want) != NULL, "%s: error \"%s\"", name, e.text);
	strbuf_done(&l.text);
	strbuf_done(image);
}

static void small_archive(struct strbuf *a, const char *file)
{
	build_member(a, ".", S_IFDIR | 0755, 1, 2, STR(""));
	build_member(a, "./bin", S_IFLNK | 0777, 2, 1, STR("usr/bin"));
	build_member(a, file, S_IFREG | 0644, 3, 1, STR("hello"));
	build_trailer(a);
}

#define SMALL(file) "40755 . 0 \n120777 bin 7 usr/bin\n100644 " file " 5 \n"

/* Early plain archive, zeros, the main one compressed, zeros, an appended plain one. */
START_TEST(sandwich)
{
	const struct format *f = &formats[_i];
	struct strbuf image = {0}, inner = {0};
	char want[1024];

	small_archive(&image, "early");
	strbuf_pad(&image, '\0', 1024);
	small_archive(&inner, "main");
	f->build(strbuf_str(&inner), &image);
	strbuf_pad(&image, '\0', (image.n + 4 + 3) & ~(size_t)3);
	small_archive(&image, "appended");
	strbuf_pad(&image, '\0', image.n + 513);
	snprintf(want, sizeof(want),
		"[cpio]\n" SMALL("early") "[%s]\n" SMALL("main") "[cpio]\n" SMALL(
			"appended") "appended = hello\n",
		f->name);
	check_read(f->name, &image, NULL, "appended", 0, want);
	strbuf_done(&inner);
}
END_TEST

/* The exact end: a second compressed archive right behind, without any padding. */
START_TEST(back_to_back)
{
	const struct format *f = &formats[_i];
	struct strbuf image = {0}, inner = {0};
	char want[1024];

	small_archive(&inner, "one");
	f->build(strbuf_str(&inner), &image);
	strbuf_done(&inner);
	small_archive(&inner, "two");
	build_gzip(strbuf_str(&inner), &image);
	snprintf(want, sizeof(want), "[%s]\n" SMALL("one") "[gzip]\n" SMALL("two"),
		f->name);
	/* lz4 has no end mark: what follows is taken for a chunk, by Linux as well. */
	if (!strcmp(f->name, "lz4"))
		check_read(
			f->name, &image, NULL, NULL, -ENODATA, "lz4 data is cut short");
	else
		check_read(f->name, &image, NULL, NULL, 0, want);
	strbuf_done(&inner);
}
END_TEST

static void big_archive(struct strbuf *a, size_t n)
{
	struct strbuf body = {0};
	unsigned seed = 1;

	for (size_t i = 0; i < n; i++) {
		seed = seed * 1103515245 + 12345;
		strbuf_addc(&body, (char)(seed >> 20));
	}
	build_member(a, "big", S_IFREG | 0644, 3, 1, strbuf_str(&body));
	build_member(a, "last", S_IFREG | 0644, 4, 1, STR("end"));
	build_trailer(a);
	strbuf_done(&body);
}

/* Several buffers' worth, in chunks. */
START_TEST(big)
{
	const struct format *f = &formats[_i];
	struct strbuf image = {0}, inner = {0};
	char want[256];

	big_archive(&inner, 3000000);
	f->build(strbuf_str(&inner), &image);
	snprintf(want, sizeof(want),
		"[%s]\n100644 big 3000000 \nbig: 3000000 bytes\n100644 last 3 \n",
		f->name);
	check_read(f->name, &image, NULL, "big", 0, want);
	strbuf_done(&inner);
}
END_TEST

/* Cut anywhere: never a success that lost members, never a crash. */
START_TEST(cut_short)
{
	const struct format *f = &formats[_i];
	struct strbuf image = {0}, inner = {0};
	size_t trailer = 124; /* without it Linux finds nothing wrong */

	big_archive(&inner, 5000);
	f->build(strbuf_str(&inner), &image);
	for (size_t n = image.n - 1; n > 6; n -= n > 300 ? 97 : 1) {
		struct log l = {0};
		struct err e = {0};
		int r = read_image(str_upto(strbuf_str(&image), n), NULL, &l, &e);

		if (r == 0) /* the end of a plain file, between two members */
			ck_assert_msg(
				!strcmp(f->name, "cpio") &&
					(n >= image.n - trailer - 3 || l.members == 1),
				"%s cut to %zu of %zu", f->name, n, image.n);
		else
			ck_assert_msg(r == -ENODATA || r == -EBADMSG, "%s cut to %zu: %d",
				f->name, n, r);
		strbuf_done(&l.text);
	}
	strbuf_done(&image);
	strbuf_done(&inner);
}
END_TEST

START_TEST(bomb)
{
	const struct format *f = &formats[_i];
	const struct initramfs_limits lim = {.max_unpacked = 1 << 20};
	struct strbuf image = {0}, inner = {0};

	build_member(&inner, "x", S_IFREG | 0644, 3, 1, STR("x"));
	strbuf_pad(&inner, '\0', 8 << 20);
	f->build(strbuf_str(&inner), &image);
	if (strcmp(f->name, "cpio") != 0) {
		ck_assert_uint_lt(image.n, 100000);
		check_read(f->name, &image, &lim, NULL, -EFBIG, "unpacks to more than");
	}
	strbuf_done(&image);
	strbuf_done(&inner);
}
END_TEST

START_TEST(hard_links)
{
	struct strbuf image = {0};

	build_member(&image, "a", S_IFREG | 0644, 9, 3, STR(""));
	build_member(&image, "other", S_IFREG | 0644, 10, 2, STR("no"));
	build_member(&image, "b", S_IFREG | 0644, 9, 3, STR(""));
	build_member(&image, "c", S_IFREG | 0644, 9, 3, STR("shared"));
	build_member(&image, "a-empty", S_IFREG | 0644, 11, 2, STR(""));
	build_trailer(&image);
	check_read("hard links", &image, NULL, "a", 0,
		"[cpio]\n100644 a 0 \n100644 other 2 \n100644 b 0 \n100644 c 6 \na = "
		"shared\n"
		"100644 a-empty 0 \na-empty = \n");
}
END_TEST

START_TEST(kernel_ways)
{
	struct strbuf image = {0};

	/* A body that is no file's is passed over, with its member. */
	build_member(&image, "dir", S_IFDIR | 0755, 1, 2, STR("junk"));
	build_member(&image, "/etc//x", S_IFREG | 0600, 2, 1, STR(""));
	build_member(&image, "/./", S_IFDIR | 0700, 3, 2, STR(""));
	/* Zeros between members are no trailer. */
	strbuf_pad(&image, '\0', image.n + 64);
	build_member(&image, "dev/console", S_IFCHR | 0600, 4, 1, STR(""));
	check_read("kernel's ways", &image, NULL, NULL, 0,
		"[cpio]\n100600 etc//x 0 \n40700 . 0 \n20600 dev/console 0 \n");
}
END_TEST

static void one_member(struct strbuf *b)
{
	build_member(b, "f", S_IFREG | 0644, 1, 1, STR("abc"));
}

START_TEST(refused)
{
	const struct initramfs_limits few = {.max_members = 2}, tiny = {.max_content = 4};
	struct strbuf b = {0}, inner = {0};

	check_read("empty", &b, NULL, NULL, -EBADMSG, "holds no archive");
	strbuf_pad(&b, '\0', 4096);
	check_read("zeros", &b, NULL, NULL, -EBADMSG, "holds no archive");
	strbuf_adds(&b, "#!/bin/sh\nexit 0\n");
	check_read("text", &b, NULL, NULL, -EBADMSG, "neither cpio nor compressed");
	strbuf_adds(&b, "070707000000000000000000000000000000000000000000000000000000000"
			"00000000000000000000000000000000000000000000000000000000000000");
	check_read("odc", &b, NULL, NULL, -EBADMSG, "no member at 0");
	one_member(&b);
	b.p[20] = 'x';
	check_read("not hex", &b, NULL, NULL, -EBADMSG, "bad header at 0");
	one_member(&b);
	b.p[111] = 'x';
	check_read("name without end", &b, NULL, NULL, -EBADMSG, "a name has no end");
	one_member(&b);
	strbuf_addc(&b, '\0');
	strbuf_adds(&b, "070701");
	check_read("not aligned", &b, NULL, NULL, -EBADMSG, "");
	one_member(&b);
	one_member(&b);
	one_member(&b);
	check_read("members", &b, &few, NULL, -EFBIG, "more than 2 members");
	small_archive(&b, "wanted");
	check_read("content", &b, &tiny, "wanted", -EFBIG,
		"wanted in the archive is larger");
	small_archive(&inner, "x");
	build_xz_check(strbuf_str(&inner), &b, LZMA_CHECK_CRC64);
	check_read("crc64", &b, NULL, NULL, -EBADMSG, "not CRC32");
	strbuf_adds(&b, "\x89\x4c\x5a\x4f");
	check_read("lzop", &b, NULL, NULL, -EOPNOTSUPP, "lzo, which is not supported");
	build_gzip(STR("this is no archive"), &b);
	check_read("gzip of text", &b, NULL, NULL, -EBADMSG,
		"segment at byte 0: what the compressed data holds is no cpio");
	/* Right behind lz4 data: Linux fails here too, so it must not be called whole. */
	build_lz4(strbuf_str(&inner), &b);
	small_archive(&b, "x");
	check_read("behind lz4", &b, NULL, NULL, -EBADMSG, "without zeros between");
	strbuf_done(&inner);
}
END_TEST

/* A header may claim 4 GiB: nothing is allocated for it. */
START_TEST(claims)
{
	struct strbuf b = {0};
	const struct initramfs_limits lim = {.max_content = (size_t)8 << 30};

	build_member(&b, "f", S_IFREG | 0644, 1, 1, STR("abc"));
	memcpy(b.p + 54, "FFFFFFFF", 8);
	check_read("claimed size", &b, &lim, "f", -ENODATA, "cut short");
	build_member(&b, "f", S_IFREG | 0644, 1, 1, STR("abc"));
	memcpy(b.p + 94, "FFFFFFFF", 8);
	check_read("claimed name", &b, &lim, "f", -ENODATA, "cut short");
}
END_TEST

START_TEST(sink_stops)
{
	struct strbuf b = {0}, inner = {0};
	struct log l = {.stop_at_member = 2};
	struct err e = {0};

	small_archive(&inner, "x");
	build_zstd(strbuf_str(&inner), &b);
	ck_assert_int_eq(read_image(strbuf_str(&b), NULL, &l, &e), 7);
	ck_assert_int_eq(l.members, 2);
	ck_assert_str_eq(e.text, "");
	strbuf_done(&b);
	strbuf_done(&inner);
	strbuf_done(&l.text);
}
END_TEST

START_TEST(lz4_chunks)
{
	struct strbuf b = {0}, inner = {0};

	small_archive(&inner, "x");
	build_lz4_chunks(strbuf_str(&inner), &b, 50);
	check_read("lz4 in small chunks", &b, NULL, NULL, 0, "[lz4]\n" SMALL("x"));
	build_lz4_chunks(str_upto(strbuf_str(&inner), 100), &b, 50);
	/* Two lz4 files, one behind the other, are one to Linux. */
	build_lz4_chunks(str_from_pos(strbuf_str(&inner), 100), &b, 77);
	check_read("lz4 of two", &b, NULL, NULL, 0, "[lz4]\n" SMALL("x"));
	strbuf_done(&inner);
}
END_TEST

static void add(TCase *tc)
{
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, sandwich, 0, ARRAY_SIZE(formats));
	tcase_add_loop_test(tc, back_to_back, 0, ARRAY_SIZE(formats));
	tcase_add_loop_test(tc, big, 0, ARRAY_SIZE(formats));
	tcase_add_loop_test(tc, cut_short, 0, ARRAY_SIZE(formats));
	tcase_add_loop_test(tc, bomb, 0, ARRAY_SIZE(formats));
	tcase_add_test(tc, hard_links);
	tcase_add_test(tc, kernel_ways);
	tcase_add_test(tc, refused);
	tcase_add_test(tc, claims);
	tcase_add_test(tc, sink_stops);
	tcase_add_test(tc, lz4_chunks);
}

int main(void)
{
	return check_main("initramfs_read", add);
}

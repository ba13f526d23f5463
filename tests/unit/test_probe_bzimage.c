/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check_main.h"
#include "probe/bzimage.h"

/* A header as boot.rst has it, which rows then spoil. */
struct image {
	unsigned char p[4096];
};

static void put16(struct image *i, size_t at, unsigned value)
{
	i->p[at] = (unsigned char)value;
	i->p[at + 1] = (unsigned char)(value >> 8);
}

static struct image make(void)
{
	struct image i = {0};

	i.p[0x1f1] = 5;
	put16(&i, 0x1fe, 0xaa55);
	memcpy(i.p + 0x202, "HdrS", 4);
	put16(&i, 0x206, 0x20f);
	put16(&i, 0x20e, 0x300);
	i.p[0x211] = 1;
	i.p[0x234] = 1;
	put16(&i, 0x236, 3);
	strcpy((char *)i.p + 0x500, "6.1.0-18-amd64 (debian-kernel@lists) #1 SMP");
	return i;
}

static const struct {
	const char *name;
	size_t at; /* two bytes to put */
	unsigned value;
	size_t n; /* length of the file */
	const char *problem, *release;
	bool relocatable64;
} rows[] = {
	{"whole", 0, 0, 4096, NULL, "6.1.0-18-amd64", true},
	{"protocol 2.11 has no 64-bit entry", 0x206, 0x20b, 4096, NULL, "6.1.0-18-amd64",
		false},
	{"not relocatable", 0x234, 0, 4096, NULL, "6.1.0-18-amd64", false},
	{"32-bit kernel", 0x236, 2, 4096, NULL, "6.1.0-18-amd64", false},
	{"no version", 0x20e, 0, 4096, NULL, "", true},
	{"version behind the setup code", 0x20e, 0xa00, 4096, NULL, "", true},
	{"version behind the end", 0x20e, 0x300, 0x480, NULL, "", true},
	{"version cut by the end", 0, 0, 0x503, NULL, "6.1", true},
	{"setup_sects 0 means 4", 0x1f0, 0, 4096, NULL, "6.1.0-18-amd64", true},
	{"no magic", 0x202, 0, 4096, "not a bzImage", NULL, false},
	{"no boot flag", 0x1fe, 0, 4096, "not a bzImage", NULL, false},
	{"zImage", 0x210, 0, 4096, "a zImage, not a bzImage", NULL, false},
	{"gzip of a Xen kernel", 0x0, 0x8b1f, 4096, NULL, "6.1.0-18-amd64", true},
	{"short", 0, 0, 0x237, "too short for a kernel", NULL, false},
	{"empty", 0, 0, 0, "empty", NULL, false},
};

START_TEST(parse)
{
	struct image i = make();
	struct bzimage got = {.protocol = 7};
	const char *problem;
	char *copy;

	if (rows[_i].at || rows[_i].value)
		put16(&i, rows[_i].at, rows[_i].value);
	copy = malloc(rows[_i].n ? rows[_i].n : 1);
	ck_assert_ptr_nonnull(copy);
	memcpy(copy, i.p, rows[_i].n);
	problem = bzimage_parse((struct str){copy, rows[_i].n}, &got);
	if (rows[_i].problem) {
		ck_assert_msg(problem && !strcmp(problem, rows[_i].problem), "%s: %s",
			rows[_i].name, problem ? problem : "no problem");
		ck_assert_uint_eq(got.protocol, 7);
	} else {
		ck_assert_msg(!problem, "%s: %s", rows[_i].name, problem);
		check_bytes(rows[_i].name, got.release, str_from(rows[_i].release));
		ck_assert_msg(
			got.relocatable64 == rows[_i].relocatable64, "%s", rows[_i].name);
	}
	free(copy);
}
END_TEST

/* Setup code of 5 sectors and the boot sector, then paragraphs, the last of which may be
 * short. */
static const struct {
	const char *name;
	unsigned protocol, low, high;
	uint64_t length;
} length_rows[] = {
	{"one paragraph", 0x20f, 1, 0, 3073},
	{"8 MiB", 0x20f, 0, 8, 3072 + (8u << 20) - 15},
	{"says nothing", 0x20f, 0, 0, 0},
	{"before 2.04 the upper half is not set", 0x203, 1, 8, 0},
	{"the largest", 0x204, 0xffff, 0xffff, 3072 + 0xffffffffULL * 16 - 15},
};

START_TEST(length)
{
	struct image i = make();
	struct bzimage got;

	put16(&i, 0x206, length_rows[_i].protocol);
	put16(&i, 0x1f4, length_rows[_i].low);
	put16(&i, 0x1f6, length_rows[_i].high);
	ck_assert_ptr_null(bzimage_parse((struct str){(char *)i.p, sizeof(i.p)}, &got));
	ck_assert_msg(got.length == length_rows[_i].length, "%s: %llu",
		length_rows[_i].name, (unsigned long long)got.length);
}
END_TEST

START_TEST(other_formats)
{
	char elf[1024] = "\x7f"
			 "ELF",
	     gzip[1024] = "\x1f\x8b";
	struct bzimage got;

	ck_assert_str_eq(bzimage_parse((struct str){elf, sizeof(elf)}, &got),
		"an ELF file, not a bzImage");
	ck_assert_str_eq(bzimage_parse((struct str){gzip, sizeof(gzip)}, &got),
		"gzip data, not a bzImage");
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, parse, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(tc, length, 0, ARRAY_SIZE(length_rows));
	tcase_add_test(tc, other_formats);
}

int main(void)
{
	return check_main("bzimage", add);
}

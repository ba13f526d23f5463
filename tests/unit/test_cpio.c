/* SPDX-License-Identifier: GPL-2.0-or-later */
/* newc archives: bytes as cpio(1) reads them, and reading of whole and broken ones. */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "check_main.h"
#include "text/cpio.h"

/* 110 bytes: magic, ino, mode, uid, gid, nlink, mtime, filesize, 4 device numbers,
 * namesize, check. */
#define HEADER(ino, mode, nlink, filesize, namesize)                                     \
	"070701" ino mode "0000000000000000" nlink "00000000" filesize                   \
	"00000000000000000000000000000000" namesize "00000000"
#define DIR_C                                                                            \
	HEADER("00000001", "000041ED", "00000002", "00000000", "00000005") "conf\0\0"
#define FILE_M                                                                           \
	HEADER("00000002", "000081A4", "00000001", "00000005", "0000000D")               \
	"conf/modules\0\0virt\n\0\0\0"
#define LINK_L                                                                           \
	HEADER("00000003", "0000A1FF", "00000001", "00000003", "00000002") "l\0m/x\0"
#define END                                                                              \
	HEADER("00000000", "00000000", "00000001", "00000000", "0000000B")               \
	"TRAILER!!!\0\0\0\0"

static void build(struct strbuf *out, size_t align)
{
	cpio_add(out, "conf", S_IFDIR | 0755, 1, STR(""));
	cpio_add(out, "conf/modules", S_IFREG | 0644, 2, STR("virt\n"));
	cpio_add(out, "l", S_IFLNK | 0777, 3, STR("m/x"));
	cpio_end(out, align);
}

START_TEST(writing)
{
	struct strbuf out = {0};

	build(&out, 1);
	ck_assert_int_eq(strbuf_err(&out), 0);
	check_bytes("archive", strbuf_str(&out), STR(DIR_C FILE_M LINK_L END));
	strbuf_reset(&out);
	build(&out, 512);
	ck_assert_uint_eq(out.n, 512);
	ck_assert_int_eq(out.p[511], 0);
	strbuf_done(&out);
}
END_TEST

/* cpio(1) is the other reader: it is asked where the machine has it. */
START_TEST(by_cpio)
{
	char dir[] = "/tmp/test_cpio.XXXXXX", path[64], command[256], list[256] = "";
	struct strbuf out = {0};
	FILE *f;

	if (system("command -v cpio >/dev/null 2>&1") != 0)
		return;
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/a.cpio", dir);
	build(&out, 512);
	f = fopen(path, "we");
	ck_assert(f && fwrite(out.p, 1, out.n, f) == out.n && fclose(f) == 0);
	snprintf(command, sizeof(command),
		"cd %s && cpio -i -d --quiet <a.cpio && rm a.cpio && "
		"find . -printf '%%P %%m %%l\\n' | sort && cat conf/modules && "
		"rm -r %s",
		dir, dir);
	f = popen(command, "re");
	ck_assert_ptr_nonnull(f);
	list[fread(list, 1, sizeof(list) - 1, f)] = '\0';
	ck_assert_int_eq(pclose(f), 0);
	ck_assert_str_eq(list, " 700 \nconf 755 \nconf/modules 644 \nl 777 m/x\nvirt\n");
	strbuf_done(&out);
}
END_TEST

START_TEST(reading)
{
	struct str rest = STR(DIR_C FILE_M LINK_L END "next");
	struct cpio_entry entry;

	ck_assert_int_eq(cpio_next(&rest, &entry, NULL), 1);
	check_bytes("path", entry.path, STR("conf"));
	ck_assert_uint_eq(entry.mode, S_IFDIR | 0755);
	ck_assert_uint_eq(entry.nlink, 2);
	ck_assert_uint_eq(entry.ino, 1);
	ck_assert_int_eq(cpio_next(&rest, &entry, NULL), 1);
	check_bytes("path", entry.path, STR("conf/modules"));
	check_bytes("content", entry.content, STR("virt\n"));
	ck_assert_int_eq(cpio_next(&rest, &entry, NULL), 1);
	check_bytes("content", entry.content, STR("m/x"));
	ck_assert_int_eq(cpio_next(&rest, &entry, NULL), 0);
	check_bytes("behind", rest, STR("next"));
	/* With checksums, which the kernel does not look at either; padding cut off. */
	rest = STR("070702"
		   "00000000000000000000000000000000"
		   "00000001"
		   "000000000000000000000000000000000000000000000000"
		   "0000000B"
		   "12345678TRAILER!!!\0");
	ck_assert_int_eq(cpio_next(&rest, &entry, NULL), 0);
	ck_assert_uint_eq(rest.n, 0);
}
END_TEST

static const struct {
	const char *name;
	struct str in;
	int ret;
} broken[] = {
	{"empty", S(""), -ENODATA},
	{"no trailer", S("07070"), -ENODATA},
	{"old format", S("070707000000"), -EINVAL},
	{"zeros", S("\0\0\0\0\0\0\0\0"), -EINVAL},
	{"cut header", S("0707010000"), -ENODATA},
	{"no hex",
		S(HEADER("0000000g", "0", "00000001", "00000000",
			"00000005") "conf\0\0\0\0\0\0\0\0\0\0"),
		-EINVAL},
	{"no name", S(HEADER("00000001", "000041ED", "00000001", "00000000", "00000000")),
		-EINVAL},
	{"huge name",
		S(HEADER("00000001", "000041ED", "00000001", "00000000", "FFFFFFFF") "x"),
		-EINVAL},
	{"cut name",
		S(HEADER("00000001", "000041ED", "00000001", "00000000",
			"00000005") "con"),
		-ENODATA},
	{"name without end",
		S(HEADER("00000001", "000041ED", "00000001", "00000000",
			"00000004") "conf"),
		-EINVAL},
	{"cut content",
		S(HEADER("00000001", "000081A4", "00000001", "00000009",
			"00000002") "x\0abc"),
		-ENODATA},
	{"huge content",
		S(HEADER("00000001", "000081A4", "00000001", "FFFFFFFF",
			"00000002") "x\0abc"),
		-ENODATA},
};

START_TEST(refusing)
{
	struct str rest = broken[_i].in;
	struct cpio_entry entry;
	struct err e = {0};
	int r = cpio_next(&rest, &entry, &e);

	ck_assert_msg(r == broken[_i].ret, "%s: %d", broken[_i].name, r);
	ck_assert_msg(e.text[0] != '\0', "%s: no text", broken[_i].name);
	ck_assert_msg(rest.p == broken[_i].in.p, "%s: moved on", broken[_i].name);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_test(tc, writing);
	tcase_add_test(tc, by_cpio);
	tcase_add_test(tc, reading);
	tcase_add_loop_test(tc, refusing, 0, ARRAY_SIZE(broken));
}

int main(void)
{
	return check_main("cpio", add);
}

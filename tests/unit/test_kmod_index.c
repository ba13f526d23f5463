/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kmod's binary indexes: bytes worked out by hand from the format, and, where the machine
 * has cc, depmod and modprobe, indexes of freshly made modules: the files of depmod are
 * compared byte for byte, then modprobe is asked with ours alone. The modules stand in for
 * real ones in one respect only: they are compiled without a kernel's headers, which
 * depmod and modprobe never look at. */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check_main.h"
#include "text/kmod_index.h"

#define HEAD "\xb0\x07\xf4\x57\0\2\0\1"

static const struct {
	const char *name;
	enum kmod_index_kind kind;
	struct str in;
	int ret;
	struct str want;
} rows[] = {
	{"empty", KMOD_INDEX_DEP, S(""), 0, S(HEAD "\0\0\0\x0c")},
	{"comments only", KMOD_INDEX_ALIAS, S("# Aliases extracted\n\n \r\n"), 0,
		S(HEAD "\0\0\0\x0c")},
	{"one", KMOD_INDEX_DEP, S("kernel/a-b.ko: c.ko\r\n"), 0,
		S(HEAD "\x20\0\0\x2b"
		       "_b\0"
		       "\0\0\0\1"
		       "\0\0\0\0"
		       "kernel/a-b.ko: c.ko\0" /* at 12 */
		       "aa"
		       "\xc0\0\0\x0c" /* the root, at 43 */)},
	{"a key within a key", KMOD_INDEX_ALIAS, S("alias ab x\nalias a y"), 0,
		S(HEAD "\x20\0\0\x26"
		       "\0\0\0\1"
		       "\0\0\0\0"
		       "x\0" /* ab, at 12 */
		       "bb"
		       "\x40\0\0\x0c"
		       "\0\0\0\1"
		       "\0\0\0\1"
		       "y\0" /* a, at 22 */
		       "aa"
		       "\x60\0\0\x16")},
	{"a gap between children, two values", KMOD_INDEX_ALIAS,
		S("alias a-[-]c z\nalias a_[-]a y\nalias a-[-]c m\n"), 0,
		S(HEAD "\x20\0\0\x39"
		       "\0\0\0\1"
		       "\0\0\0\1"
		       "y\0"
		       "\0\0\0\2"
		       "\0\0\0\0"
		       "z\0"
		       "\0\0\0\2"
		       "m\0"
		       "_[-]\0"
		       "ac"
		       "\x40\0\0\x0c"
		       "\0\0\0\0"
		       "\x40\0\0\x16"
		       "aa"
		       "\xa0\0\0\x26")},
	{"symbols stay as they are", KMOD_INDEX_SYMBOLS, S("alias symbol:a-b x\n"), 0,
		S(HEAD "\x20\0\0\x20"
		       "ymbol:a-b\0"
		       "\0\0\0\1"
		       "\0\0\0\0"
		       "x\0"
		       "ss"
		       "\xc0\0\0\x0c")},
	{"NUL", KMOD_INDEX_ALIAS, S("alias a\0b x\n"), -EINVAL, S("")},
	{"not ASCII", KMOD_INDEX_ALIAS, S("alias a\xc3\xa4 x\n"), -EINVAL, S("")},
	{"no module", KMOD_INDEX_ALIAS, S("alias a\n"), -EINVAL, S("")},
	{"no colon", KMOD_INDEX_DEP, S("a.ko\n"), -EINVAL, S("")},
	{"not a module", KMOD_INDEX_DEP, S("a.o: b.ko\n"), -EINVAL, S("")},
	{"unmatched bracket is left out", KMOD_INDEX_ALIAS,
		S("alias a[ x\nalias a] x\nalias a]b[ x\n"), 0, S(HEAD "\0\0\0\x0c")},
	{"others are passed over", KMOD_INDEX_ALIAS, S("softdep a pre: b\naliases\n"), 0,
		S(HEAD "\0\0\0\x0c")},
};

START_TEST(bytes)
{
	struct strbuf out = {0};
	struct err e = {0};
	int r = kmod_index_build(rows[_i].in, rows[_i].kind, &out, &e);

	ck_assert_msg(r == rows[_i].ret, "%s: %d %s", rows[_i].name, r, e.text);
	ck_assert_msg((r < 0) == (e.text[0] != '\0'), "%s: text", rows[_i].name);
	/* Compared in hexadecimal: a message with NULs says nothing. */
	ck_assert_uint_eq(out.n, rows[_i].want.n);
	for (size_t i = 0; i < out.n; i++)
		ck_assert_msg(out.p[i] == rows[_i].want.p[i],
			"%s: byte %zu is %02x, not %02x", rows[_i].name, i,
			(unsigned char)out.p[i], (unsigned char)rows[_i].want.p[i]);
	strbuf_done(&out);
}
END_TEST

START_TEST(finding)
{
	struct strbuf out = {0};
	struct str value = {0}, index;

	ck_assert_int_eq(kmod_index_build(STR("alias one a\nalias once b\nalias on c\n"
					      "alias ask d\nalias once e\nalias ate f\n"),
				 KMOD_INDEX_ALIAS, &out, NULL),
		0);
	index = strbuf_str(&out);
	ck_assert(kmod_index_find(index, "once", &value));
	check_bytes("once", value, STR("b"));
	ck_assert(kmod_index_find(index, "on", &value));
	check_bytes("on", value, STR("c"));
	ck_assert(kmod_index_find(index, "ate", &value));
	check_bytes("ate", value, STR("f"));
	ck_assert(!kmod_index_find(index, "onc", &value));
	ck_assert(!kmod_index_find(index, "onces", &value));
	ck_assert(!kmod_index_find(index, "o", &value));
	ck_assert(!kmod_index_find(index, "", &value));
	ck_assert(!kmod_index_find(index, "xx\xff", &value));
	/* Cut anywhere, it is read within its bounds. */
	for (size_t n = 0; n < index.n; n++) {
		char *copy = malloc(n ? n : 1);

		ck_assert_ptr_nonnull(copy);
		memcpy(copy, index.p, n);
		(void)kmod_index_find((struct str){copy, n}, "once", &value);
		free(copy);
	}
	strbuf_done(&out);
}
END_TEST

/* The text comes back as it was, comments left out and '-' of keys normalised. */
static const struct {
	const char *name;
	enum kmod_index_kind kind;
	struct str in, want;
} texts[] = {
	{"empty", KMOD_INDEX_ALIAS, S(""), S("")},
	{"dep", KMOD_INDEX_DEP, S("kernel/b-c.ko: kernel/a.ko\nkernel/a.ko:\n"),
		S("kernel/b-c.ko: kernel/a.ko\nkernel/a.ko:\n")},
	{"alias, in the order of the lines", KMOD_INDEX_ALIAS,
		S("# x\nalias pci:v1AF4d*sv* virtio_pci\nalias a-b z\n"
		  "alias a-b y\nalias virtio:d2v* virtio_blk\nalias a x\n"),
		S("alias pci:v1AF4d*sv* virtio_pci\nalias a_b z\nalias a_b y\n"
		  "alias virtio:d2v* virtio_blk\nalias a x\n")},
};

START_TEST(back_to_text)
{
	struct strbuf index = {0}, out = {0}, again = {0};

	ck_assert_int_eq(kmod_index_build(texts[_i].in, texts[_i].kind, &index, NULL), 0);
	ck_assert_int_eq(kmod_index_text(strbuf_str(&index), texts[_i].kind, &out), 0);
	check_bytes(texts[_i].name, strbuf_str(&out), texts[_i].want);
	ck_assert_int_eq(
		kmod_index_build(strbuf_str(&out), texts[_i].kind, &again, NULL), 0);
	check_bytes(texts[_i].name, strbuf_str(&again), strbuf_str(&index));
	/* Cut anywhere, it is read within its bounds. */
	for (size_t n = 0; n < index.n; n++) {
		char *copy = malloc(n ? n : 1);

		ck_assert_ptr_nonnull(copy);
		memcpy(copy, index.p, n);
		strbuf_reset(&out);
		ck_assert_int_le(
			kmod_index_text((struct str){copy, n}, texts[_i].kind, &out), 0);
		free(copy);
	}
	strbuf_done(&index);
	strbuf_done(&out);
	strbuf_done(&again);
}
END_TEST

/* A node that is its own child, and one whose values are without number. */
START_TEST(endless)
{
	static const struct str bad[] = {
		S(HEAD "\x20\0\0\x0c"
		       "aa"
		       "\x20\0\0\x0c"),
		S(HEAD "\x40\0\0\x0c"
		       "\xff\xff\xff\xff"
		       "\0\0\0\0"
		       "x\0"),
		S("no index"),
	};
	struct strbuf out = {0};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		ck_assert_int_eq(
			kmod_index_text(bad[i], KMOD_INDEX_ALIAS, &out), -EINVAL);
	strbuf_done(&out);
}
END_TEST

/* Keys that each lengthen the one before make the deepest trie there is. */
START_TEST(deep)
{
	enum { DEPTH = 1500 };
	struct strbuf text = {0}, key = {0}, out = {0};
	struct str value;

	for (int i = 0; i < DEPTH; i++) {
		strbuf_addc(&key, 'k');
		strbuf_addf(&text, "alias %s m%d\n", key.p, i);
	}
	ck_assert_int_eq(
		kmod_index_build(strbuf_str(&text), KMOD_INDEX_ALIAS, &out, NULL), 0);
	ck_assert(kmod_index_find(strbuf_str(&out), key.p, &value));
	check_bytes("deepest", value, STR("m1499"));
	strbuf_done(&text);
	strbuf_done(&key);
	strbuf_done(&out);
}
END_TEST

static void run(struct strbuf *out, const char *command)
{
	FILE *f = popen(command, "re");
	char buf[4096];
	size_t n;

	ck_assert_ptr_nonnull(f);
	strbuf_reset(out);
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		strbuf_add(out, (struct str){buf, n});
	ck_assert_msg(pclose(f) == 0, "%s: %s", command, out->p ? out->p : "");
}

static void slurp(struct strbuf *out, const char *path)
{
	FILE *f = fopen(path, "re");
	char buf[4096];
	size_t n;

	ck_assert_msg(f != NULL, "%s", path);
	strbuf_reset(out);
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		strbuf_add(out, (struct str){buf, n});
	fclose(f);
}

/* modules.dep, modules.alias: one alias a module, so that even priorities agree.
 * modules.symbols: depmod writes it in the order of its hash table; only asked. */
static const struct {
	const char *file;
	enum kmod_index_kind kind;
	bool same_bytes;
} files[] = {
	{"dep", KMOD_INDEX_DEP, true},
	{"alias", KMOD_INDEX_ALIAS, true},
	{"symbols", KMOD_INDEX_SYMBOLS, false},
};

#define MODULE(name, c)                                                                  \
	"cc -c -x c - -o t/lib/modules/1.0/kernel/" name ".ko <<'EOF'\n"                 \
	"#define IN(s, n, v) const char n[] __attribute__((section(s), used)) = v;\n" c  \
	"\nEOF\n"

static const char make_tree[] =
	"set -e; mkdir -p t/lib/modules/1.0/kernel; exec 2>&1\n" MODULE("xd_ring",
		"IN(\"__ksymtab_strings\", s, \"xd_add\")\n"
		"IN(\".modinfo\", i, \"alias=xd:[a-c]-[!-x]*\")") MODULE("xd",
		"IN(\"__ksymtab_strings\", s, \"xd_register\")\n"
		"IN(\".modinfo\", i, \"alias=xdbus-1\")\n"
		"void xd_add(void); void f(void) { xd_add(); }") MODULE("xd-blk",
		"IN(\".modinfo\", i, \"alias=virtio:d00000002v*\")\n"
		"void xd_register(void), xd_add(void);\n"
		"void f(void) { xd_register(); xd_add(); }")
		MODULE("xd-blk-old", "IN(\".modinfo\", i, \"alias=virtio:d00000002v*\")\n"
				     "void xd_register(void); void f(void) { "
				     "xd_register(); }") "depmod -b t 1.0\n";

static const char ask[] =
	"for m in xd xd_ring xd-blk xd_blk xd_blk_old xd:b-k xd:d-k xdbus_1 "
	"symbol:xd_add "
	"symbol:xd_register virtio:d00000002v00001AF4 virtio:d1 nonesuch; do\n"
	"	echo \"$m:\"\n"
	"	modprobe -d t -S 1.0 --show-depends \"$m\" 2>&1 || true\n"
	"	modprobe -d t -S 1.0 --resolve-alias \"$m\" 2>&1 || true\n"
	"done\n";

START_TEST(by_kmod)
{
	char dir[] = "/tmp/test_kmod_index.XXXXXX", path[128];
	struct strbuf theirs = {0}, ours = {0}, text = {0},
		      built[ARRAY_SIZE(files)] = {0};

	if (system("command -v cc >/dev/null && command -v depmod >/dev/null && "
		   "command -v modprobe >/dev/null") != 0) {
		puts("kmod_index: not compared with depmod: needs cc and kmod");
		return;
	}
	ck_assert(mkdtemp(dir) && chdir(dir) == 0);
	run(&text, make_tree);
	run(&theirs, ask);
	ck_assert_msg(strstr(theirs.p, "insmod") != NULL, "%s", theirs.p);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		snprintf(path, sizeof(path), "t/lib/modules/1.0/modules.%s",
			files[i].file);
		slurp(&text, path);
		ck_assert_int_eq(kmod_index_build(strbuf_str(&text), files[i].kind,
					 &built[i], NULL),
			0);
		strncat(path, ".bin", sizeof(path) - strlen(path) - 1);
		slurp(&text, path);
		ck_assert_uint_eq(text.n, built[i].n);
		if (files[i].same_bytes)
			ck_assert_msg(memcmp(text.p, built[i].p, text.n) == 0,
				"%s is not what depmod writes", files[i].file);
	}
	run(&text, "rm t/lib/modules/1.0/modules.*");
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		FILE *f;

		snprintf(path, sizeof(path), "t/lib/modules/1.0/modules.%s.bin",
			files[i].file);
		f = fopen(path, "we");
		ck_assert(f && fwrite(built[i].p, 1, built[i].n, f) == built[i].n);
		ck_assert_int_eq(fclose(f), 0);
		strbuf_done(&built[i]);
	}
	run(&ours, ask);
	ck_assert_str_eq(ours.p, theirs.p);
	run(&text, "rm -r \"$PWD\"");
	strbuf_done(&text);
	strbuf_done(&ours);
	strbuf_done(&theirs);
}
END_TEST

static void add(TCase *tc)
{
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, bytes, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, finding);
	tcase_add_loop_test(tc, back_to_text, 0, ARRAY_SIZE(texts));
	tcase_add_test(tc, endless);
	tcase_add_test(tc, deep);
	tcase_add_test(tc, by_kmod);
}

int main(void)
{
	return check_main("kmod_index", add);
}

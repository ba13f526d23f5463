/* SPDX-License-Identifier: GPL-2.0-or-later */
/* depmod's text files: names, closures, merging. */
#include <errno.h>

#include "base/strv.h"
#include "check_main.h"
#include "text/modules_dep.h"

#define DRV "kernel/drivers/"
/* As depmod writes them: all dependencies, what is to be loaded last first. */
#define PCI                                                                              \
	DRV "virtio/virtio_pci.ko: " DRV "virtio/virtio_pci_modern_dev.ko " DRV          \
	    "virtio/virtio.ko " DRV "virtio/virtio_ring.ko\n"
#define MODERN DRV "virtio/virtio_pci_modern_dev.ko:\n"
#define VIRTIO DRV "virtio/virtio.ko: " DRV "virtio/virtio_ring.ko\n"
#define RING DRV "virtio/virtio_ring.ko:\n"
#define BLK                                                                              \
	DRV "block/virtio_blk.ko: " DRV "virtio/virtio.ko " DRV "virtio/"                \
	    "virtio_ring.ko\n"
#define DEP "kernel/lib/crc7.ko:\n" PCI MODERN VIRTIO RING BLK

static const struct {
	const char *name;
	struct str path, want;
} names[] = {
	{"plain", S("kernel/drivers/block/virtio_blk.ko"), S("virtio_blk")},
	{"gz", S("a/x.ko.gz"), S("x")},
	{"xz", S("a/x-y.ko.xz"), S("x-y")},
	{"zst", S("x.ko.zst"), S("x")},
	{"absolute", S("/lib/modules/2.6.18/kernel/x.ko"), S("x")},
	{"not a module", S("kernel/x.o"), S("")},
	{"other packer", S("kernel/x.ko.bz2"), S("")},
	{"folder", S("kernel/x.ko/"), S("")},
	{"empty", S(""), S("")},
};

START_TEST(naming)
{
	check_bytes(names[_i].name, module_name(names[_i].path), names[_i].want);
}
END_TEST

START_TEST(finding)
{
	struct str path, deps,
		builtin = STR("kernel/drivers/virtio/virtio.ko\r\nkernel/a-b.ko"),
		alias = STR("# b\nalias pci:v1d* snd-pcm\r\nalias b c");

	ck_assert(module_name_is(STR("kernel/xen-blkfront.ko"), "xen_blkfront"));
	ck_assert(!module_name_is(STR("kernel/xen-blkfront.ko"), "xen_blk"));
	ck_assert(!module_name_is(STR("kernel/xen.txt"), ""));
	ck_assert(modules_dep_find(STR(DEP), "virtio-ring", &path, &deps));
	check_bytes("path", path, STR(DRV "virtio/virtio_ring.ko"));
	check_bytes("deps", deps, STR(""));
	ck_assert(modules_dep_find(STR(DEP), "virtio", &path, &deps));
	check_bytes("path", path, STR(DRV "virtio/virtio.ko"));
	check_bytes("deps", deps, STR(DRV "virtio/virtio_ring.ko"));
	ck_assert(!modules_dep_find(STR(DEP), "virtio_", &path, &deps));
	ck_assert(modules_builtin_has(builtin, "virtio"));
	ck_assert(modules_builtin_has(builtin, "a_b"));
	ck_assert(!modules_builtin_has(builtin, "a"));
	ck_assert(modules_alias_has(alias, "snd_pcm"));
	ck_assert(!modules_alias_has(alias, "snd"));
	ck_assert(!modules_alias_has(alias, "b"));
}
END_TEST

static const struct {
	const char *name;
	struct str dep;
	const char *module;
	int ret;
	const char *want; /* joined by blanks */
} closures[] = {
	{"alone", S(DEP), "crc7", 1, "kernel/lib/crc7.ko"},
	{"as depmod lists", S(DEP), "virtio_pci", 1,
		DRV "virtio/virtio_ring.ko " DRV "virtio/virtio.ko " DRV
		    "virtio/virtio_pci_modern_dev.ko " DRV "virtio/virtio_pci.ko"},
	{"missing", S(DEP), "virtio_net", 0, ""},
	{"prefix", S(DEP), "virtio_bl", 0, ""},
	{"not transitive", S("a.ko: b.ko\nb.ko: c.ko\nc.ko:\n"), "a", 1,
		"c.ko b.ko a.ko"},
	{"diamond", S("a.ko: b.ko c.ko\nb.ko: d.ko\nc.ko: d.ko\nd.ko:"), "a", 1,
		"d.ko c.ko b.ko a.ko"},
	{"loop", S("a.ko: b.ko\nb.ko: a.ko\n"), "a", -ELOOP, ""},
	{"of itself", S("a.ko: a.ko\n"), "a", -ELOOP, ""},
	{"dependency missing", S("a.ko: b.ko\n"), "a", -ENOENT, ""},
	{"CRLF, tabs, no newline", S("a.ko:\tb.ko.xz \r\nb.ko.xz:\r"), "a", 1,
		"b.ko.xz a.ko"},
	{"NUL in a path", S("k\0/a.ko:\n"), "a", 0, ""},
	{"malformed", S("a.ko\n: b.ko\nx: y\n#\n\0\na.ko: \n"), "a", 1, "a.ko"},
	{"old absolute paths",
		S("/lib/modules/2.6.26-2-xen-amd64/b.ko:\n"
		  "/lib/modules/2.6.26-2-xen-amd64/a.ko: "
		  "/lib/modules/2.6.26-2-xen-amd64/b.ko\n"),
		"a", 1,
		"/lib/modules/2.6.26-2-xen-amd64/b.ko "
		"/lib/modules/2.6.26-2-xen-amd64/a.ko"},
};

START_TEST(closing)
{
	struct strv got = {0};
	struct strbuf joined = {0};
	int r = modules_dep_closure(closures[_i].dep, closures[_i].module, &got);

	ck_assert_msg(r == closures[_i].ret, "%s: %d", closures[_i].name, r);
	STRV_FOREACH (path, &got) {
		strbuf_addf(&joined, "%s%s", joined.n ? " " : "", *path);
	}
	check_bytes(closures[_i].name, strbuf_str(&joined), str_from(closures[_i].want));
	/* Once more: each path is there already. */
	if (r == 1) {
		size_t n = got.n;

		ck_assert_int_eq(
			modules_dep_closure(closures[_i].dep, closures[_i].module, &got),
			1);
		ck_assert_uint_eq(got.n, n);
	}
	strv_done(&got);
	strbuf_done(&joined);
}
END_TEST

static const struct {
	const char *name;
	struct str have, all;
	char *paths[4];
	int ret;
	struct str want;
} merges[] = {
	{"dep: new ones behind", S(RING), S(DEP),
		{DRV "block/virtio_blk.ko", DRV "virtio/virtio.ko"}, 1,
		S(RING VIRTIO BLK)},
	{"dep: there", S(BLK RING VIRTIO), S(DEP), {DRV "block/virtio_blk.ko"}, 0, S("")},
	{"dep: no final newline", S("x.ko:"), S(DEP), {DRV "virtio/virtio_ring.ko"}, 1,
		S("x.ko:\n" RING)},
	{"dep: into nothing", S(""), S(DEP), {DRV "virtio/virtio_ring.ko"}, 1, S(RING)},
	{"dep: unpacked in the image", S("k/b.ko:\n"),
		S("k/a.ko.xz: k/b.ko.xz k/c.ko.xz\n"), {"k/a.ko.xz"}, 1,
		S("k/b.ko:\nk/a.ko.xz: k/b.ko k/c.ko.xz\n")},
	{"dep: names begin alike", S(""), S(DEP), {"virtio_b.ko", "virtio_blk.txt"}, 0,
		S("")},
	{"dep: nothing wanted", S(RING), S(DEP), {NULL}, 0, S("")},
	{"dep: hostile", S("\0\n:\n"), S("a\n:\na.ko: b.ko\n"), {"a.ko", ""}, 1,
		S("\0\n:\na.ko: b.ko\n")},
};

static const struct {
	const char *name;
	struct str have, all;
	char *paths[4];
	int ret;
	struct str want;
} alias_merges[] = {
	{"aliases of the module", S("# Aliases\nalias a x\n"),
		S("# Aliases extracted\nalias a x\nalias virtio:d00000002v* virtio_blk\n"
		  "alias pci:* virtio_pci\n"),
		{DRV "block/virtio-blk.ko.xz"}, 1,
		S("# Aliases\nalias a x\nalias virtio:d00000002v* virtio_blk\n")},
	{"there", S("alias v* virtio_blk"), S("alias v* virtio_blk\n"), {"virtio_blk.ko"},
		0, S("")},
	{"softdep", S(""), S("softdep a pre: b\nsoftdep b post: a\n"), {"a.ko"}, 1,
		S("softdep a pre: b\n")},
	{"symbols", S(""), S("alias symbol:x a\nalias symbol:a b\n"), {"a.ko"}, 1,
		S("alias symbol:x a\n")},
	{"malformed", S("alias"), S("alias\nsoftdep\nalias a\na\n\0\n"), {"a.ko"}, 1,
		S("alias\nalias a\n")},
};

static struct strv list(char *const *v)
{
	struct strv l = {0};

	while (l.n < 4 && v[l.n])
		l.n++;
	if (l.n)
		l.v = (char **)v;
	return l;
}

static void check_merge(
	const char *name, int r, int ret, struct strbuf *out, struct str want)
{
	ck_assert_msg(r == ret, "%s: %d", name, r);
	if (r == 1)
		check_bytes(name, strbuf_str(out), want);
	else
		ck_assert_ptr_null(out->p);
	strbuf_done(out);
}

START_TEST(merging)
{
	struct strv paths = list(merges[_i].paths);
	struct strbuf out = {0};

	check_merge(merges[_i].name,
		modules_dep_merge(merges[_i].have, merges[_i].all, &paths, &out),
		merges[_i].ret, &out, merges[_i].want);
	if (merges[_i].ret == 1)
		check_merge("again",
			modules_dep_merge(merges[_i].want, merges[_i].all, &paths, &out),
			0, &out, STR(""));
}
END_TEST

START_TEST(alias_merging)
{
	struct strv paths = list(alias_merges[_i].paths);
	struct strbuf out = {0};

	check_merge(alias_merges[_i].name,
		modules_alias_merge(
			alias_merges[_i].have, alias_merges[_i].all, &paths, &out),
		alias_merges[_i].ret, &out, alias_merges[_i].want);
	if (alias_merges[_i].ret == 1)
		check_merge("again",
			modules_alias_merge(alias_merges[_i].want, alias_merges[_i].all,
				&paths, &out),
			0, &out, STR(""));
}
END_TEST

/* Modules that need each other in one long row: refused, and not slowly. */
START_TEST(long_chain)
{
	struct strbuf dep = {0};
	struct strv got = {0};

	for (int i = 0; i < 60000; i++)
		strbuf_addf(&dep, "m%d.ko: m%d.ko\n", i, i + 1);
	ck_assert_int_eq(modules_dep_closure(strbuf_str(&dep), "m0", &got), -E2BIG);
	ck_assert_uint_eq(got.n, 0);
	strbuf_done(&dep);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, naming, 0, ARRAY_SIZE(names));
	tcase_add_test(tc, finding);
	tcase_add_loop_test(tc, closing, 0, ARRAY_SIZE(closures));
	tcase_add_loop_test(tc, merging, 0, ARRAY_SIZE(merges));
	tcase_add_loop_test(tc, alias_merging, 0, ARRAY_SIZE(alias_merges));
	tcase_add_test(tc, long_chain);
}

int main(void)
{
	return check_main("modules_dep", add);
}

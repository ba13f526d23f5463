/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fstab and mtab: reading, renaming, dropping swap, nofail. */
#include "check_main.h"
#include "text/fstab.h"

static const struct dev_rename map_rows[] = {
	{.from = "/dev/xvda2", .to = "/dev/vda"},
	{.from = "/dev/xvda1", .to = NULL},
	{.from = "/dev/xvdb", .to = "/dev/vdb", .parts = true},
	{.from = "/dev/sdq1", .to = "/dev/vdq1", .spec = "UUID=0a1b-2c3d"},
};
static const struct dev_map map = {map_rows, ARRAY_SIZE(map_rows)};
static const struct dev_map no_map = {0};

static const struct dev_rename swap_rows[] = {
	{.from = "/dev/xvda", .to = "/dev/xvdb", .parts = true},
	{.from = "/dev/xvdb", .to = "/dev/xvda", .parts = true},
};
static const struct dev_map swaps = {swap_rows, ARRAY_SIZE(swap_rows)};

static const struct check_row renames[] = {
	{"xen-tools",
		S("# /etc/fstab: static file system information.\n"
		  "#\n"
		  "# <file system> <mount point>   <type>  <options>       <dump>  "
		  "<pass>\n"
		  "proc            /proc           proc    defaults        0       0\n"
		  "/dev/xvda1 none swap sw 0 0\n"
		  "/dev/xvda2 / ext4 noatime,nodiratime,errors=remount-ro 0 1\n"),
		S("# /etc/fstab: static file system information.\n"
		  "#\n"
		  "# <file system> <mount point>   <type>  <options>       <dump>  "
		  "<pass>\n"
		  "proc            /proc           proc    defaults        0       0\n"
		  "/dev/xvda1 none swap sw 0 0\n"
		  "/dev/vda / ext4 noatime,nodiratime,errors=remount-ro 0 1\n"),
		1},
	{"padded with blanks", S("/dev/xvda2      /      ext3\tdefaults 0 1\n"),
		S("/dev/vda        /      ext3\tdefaults 0 1\n"), 1},
	{"padded, too long", S("/dev/sdq1  /mnt   ext3 defaults 0 1\n"),
		S("UUID=0a1b-2c3d /mnt   ext3 defaults 0 1\n"), 1},
	{"padded, just fits", S("/dev/sdq1      /mnt   ext3 defaults 0 1\n"),
		S("UUID=0a1b-2c3d /mnt   ext3 defaults 0 1\n"), 1},
	{"padded with tabs", S("/dev/xvda2\t\t/\text3\tdefaults\t1 1\n"),
		S("/dev/vda\t\t/\text3\tdefaults\t1 1\n"), 1},
	{"blanks and a tab", S("/dev/xvda2  \t/ ext3 defaults 1 1\n"),
		S("/dev/vda  \t/ ext3 defaults 1 1\n"), 1},
	{"one blank", S("/dev/xvda2 / ext3 defaults 1 1\n"),
		S("/dev/vda / ext3 defaults 1 1\n"), 1},
	{"leading blanks", S(" \t/dev/xvda2 / ext3"), S(" \t/dev/vda / ext3"), 1},
	{"no final newline", S("/dev/xvda2 / ext3 defaults 0 1"),
		S("/dev/vda / ext3 defaults 0 1"), 1},
	{"partition of a disk", S("/dev/xvdb12 /srv xfs noatime 0 2\n"),
		S("/dev/vdb12 /srv xfs noatime 0 2\n"), 1},
	{"longer names", S("/dev/xvda22 /a ext3\n/dev/xvdbb1 /b ext3\n"), S(""), 0},
	{"comments", S("#/dev/xvda2 / ext3\n # /dev/xvda2 / ext3\n"), S(""), 0},
	{"tags", S("UUID=1 / ext3\nLABEL=/dev/xvda2 /b ext3\n"), S(""), 0},
	{"gone stays", S("/dev/xvda1 none swap sw 0 0\n"), S(""), 0},
	{"mount point of that name", S("none /dev/xvda2 tmpfs\n"), S(""), 0},
	{"malformed", S("/dev/xvda2\n/dev/xvda2 /\n\n \t\n"), S(""), 0},
	{"NUL", S("/dev/xvda2\0 / ext3\n/dev/xvda2 / ext3\0\n"),
		S("/dev/xvda2\0 / ext3\n/dev/vda / ext3\0\n"), 1},
	{"options",
		S("/dev/xvdb1 /a xfs rw,logdev=/dev/xvdb2,rtdev=/dev/xvdb3 0 0\n"
		  "LABEL=b /b ext4 journal_path=/dev/xvdb4,ro\n"
		  "LABEL=c /c btrfs device=/dev/xvdb5,device=/dev/xvdb6\n"
		  "/x.img /d ext2 loop=/dev/xvda2,x=/dev/xvda2,device\n"),
		S("/dev/vdb1 /a xfs rw,logdev=/dev/vdb2,rtdev=/dev/vdb3 0 0\n"
		  "LABEL=b /b ext4 journal_path=/dev/vdb4,ro\n"
		  "LABEL=c /c btrfs device=/dev/vdb5,device=/dev/vdb6\n"
		  "/x.img /d ext2 loop=/dev/vda,x=/dev/xvda2,device\n"),
		1},
	{"option takes no spec", S("LABEL=b /b ext4 journal_path=/dev/sdq1\n"),
		S("LABEL=b /b ext4 journal_path=/dev/vdq1\n"), 1},
	{"swap of names", S("/dev/xvda1 / ext3\n/dev/xvdb1 /b ext3\n"),
		S("/dev/xvdb1 / ext3\n/dev/xvda1 /b ext3\n"), 1, ROW_SWAP, &swaps},
	{"empty", S(""), S(""), 0},
};

static int rename_editor(
	struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return fstab_rename(in, req, ret_out, e);
}

START_TEST(renaming)
{
	check_editor_laws(&renames[_i], rename_editor, &map, &no_map);
}
END_TEST

static const struct check_row swap_drops[] = {
	{"device", S("/dev/xvda2 / ext3\n/dev/xvda1 none swap sw 0 0\nproc /proc proc\n"),
		S("/dev/xvda2 / ext3\nproc /proc proc\n"), 1},
	{"last line", S("/dev/xvda2 / ext3\n/dev/xvda1\tswap\tswap\tdefaults"),
		S("/dev/xvda2 / ext3\n"), 1},
	{"only line", S("/dev/xvda1 none swap sw 0 0\n"), S(""), 1},
	{"UUID", S("UUID=12-34 none swap sw\n#\n"), S("#\n"), 1},
	{"quoted UUID", S("UUID=\"12-34\" none swap sw\n#\n"), S("#\n"), 1},
	{"other UUID", S("UUID=12-345 none swap sw\nLABEL=12-34 none swap\n"), S(""), 0},
	{"no swap", S("/dev/xvda1 / ext3 sw 0 0\n"), S(""), 0},
	{"commented", S("#/dev/xvda1 none swap sw 0 0\n"), S(""), 0},
	{"swap file", S("/swapfile none swap sw 0 0\n"), S(""), 0},
	{"longer name", S("/dev/xvda10 none swap sw 0 0\n"), S(""), 0},
};

static char *swap_specs[] = {"/dev/xvda1", "UUID=12-34", NULL};
static const struct strv swap_list = {swap_specs, 2};
static const struct strv no_list = {0};

static int drop_editor(
	struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return fstab_drop_swap(in, req, ret_out, e);
}

START_TEST(dropping)
{
	check_editor_laws(&swap_drops[_i], drop_editor, &swap_list, &no_list);
}
END_TEST

static const struct check_row nofails[] = {
	{"defaults", S("/dev/xvdc1 /d ext3 defaults 0 2\n"),
		S("/dev/xvdc1 /d ext3 defaults,nofail 0 2\n"), 1},
	{"padded", S("/dev/xvdc1 /d ext3 defaults         0 2\n"),
		S("/dev/xvdc1 /d ext3 defaults,nofail  0 2\n"), 1},
	{"missing options", S("/dev/xvdc1 /d ext3\n#"), S("/dev/xvdc1 /d ext3 nofail\n#"),
		1},
	{"missing, blanks", S("/dev/xvdc1 /d ext3  "), S("/dev/xvdc1 /d ext3 nofail  "),
		1},
	{"there", S("/dev/xvdc1 /d ext3 nofail,ro 0 2\n"), S(""), 0},
	{"there with value", S("/dev/xvdc1 /d ext3 ro,nofail=1 0 2\n"), S(""), 0},
	{"looks alike", S("/dev/xvdc1 /d ext3 nofailx\n"),
		S("/dev/xvdc1 /d ext3 nofailx,nofail\n"), 1},
	{"tag", S("LABEL=\"data\" /d ext3 ro"), S("LABEL=\"data\" /d ext3 ro,nofail"), 1},
	{"other", S("/dev/xvdc2 /d ext3 defaults 0 2\n"), S(""), 0},
};

static char *nofail_specs[] = {"/dev/xvdc1", "LABEL=data", NULL};
static const struct strv nofail_list = {nofail_specs, 2};

static int nofail_editor(
	struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return fstab_nofail(in, req, ret_out, e);
}

START_TEST(nofail)
{
	check_editor_laws(&nofails[_i], nofail_editor, &nofail_list, &no_list);
}
END_TEST

static const struct check_row retypes[] = {
	{"the root", S("/dev/xvda2 / ext3 defaults 0 1\n"),
		S("/dev/xvda2 / ext4 defaults 0 1\n"), 1},
	{"others stay", S("a /srv ext3 d\nb / ext3 d\nc / ext2 d\n#d / ext3 d\n"),
		S("a /srv ext3 d\nb / ext4 d\nc / ext2 d\n#d / ext3 d\n"), 1},
	{"it is so", S("/dev/xvda2 / ext4 defaults 0 1\n"), S(""), 0},
	{"no such line", S("/dev/xvda2 none swap sw\n"), S(""), 0},
};
static const struct check_row comments[] = {
	{"xenfs", S("/dev/xvda2 / ext3 d 0 1\n xenfs\t/proc/xen xenfs defaults 0 0\n"),
		S("/dev/xvda2 / ext3 d 0 1\n# xenfs\t/proc/xen xenfs defaults 0 0\n"), 1},
	{"the last line", S("none /proc/xen xenfs"), S("#none /proc/xen xenfs"), 1},
	{"a comment already", S("#none /proc/xen xenfs defaults 0 0\n"), S(""), 0},
	{"another type", S("xenfs /proc/xen xenfs2 d 0 0\nxenfs xenfs\n"), S(""), 0},
};

static int comment_editor(
	struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return fstab_comment_out(in, req, ret_out, e);
}

START_TEST(commenting)
{
	check_editor_laws(&comments[_i], comment_editor, "xenfs", "");
}
END_TEST

static const struct fstab_type to_ext4 = {"/", "ext3", "ext4"}, no_type = {"", "", ""};

static int retype_editor(
	struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return fstab_retype(in, req, ret_out, e);
}

START_TEST(retyping)
{
	check_editor_laws(&retypes[_i], retype_editor, &to_ext4, &no_type);
}
END_TEST

START_TEST(reading)
{
	struct str rest =
		STR("# c\n\nx y\n/dev/xvda2\t/ ext3 ro,data=journal 1 2\r\n"
		    "UUID=1 none swap\nLABEL=a\\040b /a\\040b ext4 a x 99999999999");
	struct fstab_entry ent;
	size_t line = 0;

	ck_assert(fstab_next(&rest, &line, &ent));
	ck_assert_uint_eq(ent.line, 4);
	check_bytes("spec", ent.spec, STR("/dev/xvda2"));
	check_bytes("file", ent.file, STR("/"));
	check_bytes("vfstype", ent.vfstype, STR("ext3"));
	check_bytes("mntops", ent.mntops, STR("ro,data=journal"));
	ck_assert_uint_eq(ent.freq, 1);
	ck_assert_uint_eq(ent.passno, 2);
	ck_assert(!fstab_is_swap(&ent));
	ck_assert(fstab_has_option(ent.mntops, "ro"));
	ck_assert(fstab_has_option(ent.mntops, "data"));
	ck_assert(!fstab_has_option(ent.mntops, "r"));
	ck_assert(!fstab_has_option(ent.mntops, "journal"));
	ck_assert(fstab_next(&rest, &line, &ent));
	ck_assert_uint_eq(ent.line, 5);
	ck_assert(fstab_is_swap(&ent));
	check_bytes("mntops", ent.mntops, STR(""));
	ck_assert_uint_eq(ent.passno, 0);
	ck_assert(fstab_next(&rest, &line, &ent));
	check_bytes("file", ent.file, STR("/a\\040b"));
	ck_assert_uint_eq(ent.freq, 0);
	ck_assert_uint_eq(ent.passno, 0);
	ck_assert(!fstab_next(&rest, &line, &ent));
}
END_TEST

START_TEST(long_line)
{
	struct strbuf in = {0}, want = {0};

	strbuf_adds(&in, "/dev/xvda2 / ext3 ");
	strbuf_adds(&want, "/dev/vda / ext3 ");
	for (int i = 0; i < 50000; i++) {
		strbuf_adds(&in, "logdev=/dev/xvdb1,");
		strbuf_adds(&want, "logdev=/dev/vdb1,");
	}
	check_editor_run(
		"long line", rename_editor, &map, strbuf_str(&in), 1, strbuf_str(&want));
	strbuf_done(&in);
	strbuf_done(&want);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, renaming, 0, ARRAY_SIZE(renames));
	tcase_add_loop_test(tc, dropping, 0, ARRAY_SIZE(swap_drops));
	tcase_add_loop_test(tc, nofail, 0, ARRAY_SIZE(nofails));
	tcase_add_loop_test(tc, commenting, 0, ARRAY_SIZE(comments));
	tcase_add_loop_test(tc, retyping, 0, ARRAY_SIZE(retypes));
	tcase_add_test(tc, reading);
	tcase_add_test(tc, long_line);
}

int main(void)
{
	return check_main("fstab", add);
}

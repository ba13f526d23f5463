/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of words in a shell's variables. */
#include "check_main.h"
#include "text/word_list.h"

static const struct row {
	const char *name;
	struct str in, want; /* the same: empty */
} rows[] = {
	{"SLES 11", S("# x\nINITRD_MODULES=\"ata_piix thermal ext3\"\nX=\"1\"\n"),
		S("# x\nINITRD_MODULES=\"ata_piix thermal ext3 virtio_pci virtio_blk\"\n"
		  "X=\"1\"\n")},
	{"Xen's alone", S("INITRD_MODULES=\"xennet xenblk\"\n"),
		S("INITRD_MODULES=\"virtio_pci virtio_blk\"\n")},
	{"Xen's in the middle", S("INITRD_MODULES=\"ext3 xenblk  jbd\"\n"),
		S("INITRD_MODULES=\"ext3  jbd virtio_pci virtio_blk\"\n")},
	{"Xen's behind", S("INITRD_MODULES=\"ext3 xenblk\"\n"),
		S("INITRD_MODULES=\"ext3 virtio_pci virtio_blk\"\n")},
	{"Xen's in front", S("INITRD_MODULES='xennet ext3'\n"),
		S("INITRD_MODULES='ext3 virtio_pci virtio_blk'\n")},
	{"empty", S("INITRD_MODULES=\"\"\n"),
		S("INITRD_MODULES=\"virtio_pci virtio_blk\"\n")},
	{"nothing", S("INITRD_MODULES="), S("INITRD_MODULES=\"virtio_pci virtio_blk\"")},
	{"bare", S("INITRD_MODULES=ext3 # x\n"),
		S("INITRD_MODULES=\"ext3 virtio_pci virtio_blk\" # x\n")},
	{"bare, and Xen's", S("INITRD_MODULES=xenblk\n"),
		S("INITRD_MODULES=\"virtio_pci virtio_blk\"\n")},
	{"array", S("INITRD_MODULES=(ext4)\n"),
		S("INITRD_MODULES=(ext4 virtio_pci virtio_blk)\n")},
	{"empty array", S("INITRD_MODULES=()\n"),
		S("INITRD_MODULES=(virtio_pci virtio_blk)\n")},
	{"array of several lines",
		S("INITRD_MODULES=(\n  'ext4' # virtio_pci\n  \"xenblk\"\n)\n"),
		S("INITRD_MODULES=(\n  'ext4' virtio_pci virtio_blk # virtio_pci\n)\n")},
	{"one is there", S("INITRD_MODULES=\"virtio-blk x\"\n"),
		S("INITRD_MODULES=\"virtio-blk x virtio_pci\"\n")},
	{"all there", S("INITRD_MODULES=\"virtio_blk virtio_pci\"\n"), S("")},
	{"the last one counts", S("INITRD_MODULES=a\nINITRD_MODULES=\"b\"\n"),
		S("INITRD_MODULES=a\nINITRD_MODULES=\"b virtio_pci virtio_blk\"\n")},
	{"another variable", S("DOMU_INITRD_MODULES=\"xennet xenblk\"\n"), S("")},
	{"a comment", S("#INITRD_MODULES=\"ext3\"\n"), S("")},
	{"added to", S("INITRD_MODULES+=\" ext3\"\n"), S("")},
	{"not closed", S("INITRD_MODULES=\"ext3\nX=1\n"), S("")},
	{"of several lines", S("INITRD_MODULES=\"x\nINITRD_MODULES=y\"\n"),
		S("INITRD_MODULES=\"x\nINITRD_MODULES=y virtio_pci virtio_blk\"\n")},
	{"Xen's behind a comment", S("INITRD_MODULES=(a # c\n  xenblk\nb)\n"),
		S("INITRD_MODULES=(a # c\nb virtio_pci virtio_blk)\n")},
	{"no comment", S("INITRD_MODULES=\"#ext3 x\"\n"), S("")},
	{"a comment in an array", S("INITRD_MODULES=(#x\n)\n"),
		S("INITRD_MODULES=(virtio_pci virtio_blk #x\n)\n")},
	{"pieces", S("INITRD_MODULES=ext3\"\"x\n"), S("")},
	{"pieces behind it", S("INITRD_MODULES=\"ext3\"x\n"), S("")},
	{"escaped", S("INITRD_MODULES=\"ext3 \\\"\"\n"), S("")},
};

START_TEST(editing)
{
	static char *add[] = {"virtio_pci", "virtio_blk", NULL};
	static char *drop[] = {"xennet", "xenblk", "xen-vbd", NULL};
	const struct strv added = {add, 2}, dropped = {drop, 3};
	const struct word_list_edit req = {"INITRD_MODULES", &added, &dropped};
	struct strbuf out = {0}, again = {0};
	struct err e = {0};
	int r = word_list_edit(rows[_i].in, &req, &out, &e);

	ck_assert_msg(r == (rows[_i].want.n != 0), "%s: %d", rows[_i].name, r);
	check_bytes(rows[_i].name, strbuf_str(&out), rows[_i].want);
	if (r == 1) {
		ck_assert(word_list_has(strbuf_str(&out), req.name, "virtio-pci"));
		ck_assert(!word_list_has(strbuf_str(&out), req.name, "xenblk"));
		ck_assert_int_eq(word_list_edit(strbuf_str(&out), &req, &again, &e), 0);
	}
	strbuf_done(&out);
	strbuf_done(&again);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, editing, 0, ARRAY_SIZE(rows));
}

int main(void)
{
	return check_main("word_list", add);
}

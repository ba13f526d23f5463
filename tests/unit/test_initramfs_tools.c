/* SPDX-License-Identifier: GPL-2.0-or-later */
/* initramfs-tools: the modules list and RESUME=. */
#include "check_main.h"
#include "text/initramfs_tools.h"

static char *virtio_names[] = {"virtio_pci", "virtio_blk", "virtio-blk", NULL};
static const struct strv virtio = {virtio_names, 3};
static const struct strv no_list = {0};

static const struct check_row adds[] = {
	{"Debian's file",
		S("# List of modules that you want to include in your initramfs.\n"
		  "#\n# raid1\n# sd_mod\n"),
		S("# List of modules that you want to include in your initramfs.\n"
		  "#\n# raid1\n# sd_mod\nvirtio_pci\nvirtio_blk\n"),
		1, ROW_NO_CRLF},
	{"empty", S(""), S("virtio_pci\nvirtio_blk\n"), 1},
	{"no final newline", S("xen-blkfront"),
		S("xen-blkfront\nvirtio_pci\nvirtio_blk\n"), 1, ROW_NO_CRLF},
	{"one there", S("virtio-blk\n"), S("virtio-blk\nvirtio_pci\n"), 1, ROW_NO_CRLF},
	{"with arguments", S("\tvirtio_pci force_legacy=1\nvirtio_blk"), S(""), 0,
		ROW_NO_CRLF},
	{"comments", S("#virtio_pci\n # virtio_blk\n"),
		S("#virtio_pci\n # virtio_blk\nvirtio_pci\nvirtio_blk\n"), 1,
		ROW_NO_CRLF},
	{"longer names", S("virtio_pci_modern_dev\nvirtio_bl\nxvirtio_blk"),
		S("virtio_pci_modern_dev\nvirtio_bl\nxvirtio_blk\nvirtio_pci\nvirtio_"
		  "blk\n"),
		1, ROW_NO_CRLF},
	{"CRLF names no module", S("virtio_pci\r\nvirtio_blk\n"),
		S("virtio_pci\r\nvirtio_blk\nvirtio_pci\n"), 1},
	{"NUL", S("virtio_pci\0\nvirtio_blk\n"),
		S("virtio_pci\0\nvirtio_blk\nvirtio_pci\n"), 1, ROW_NO_CRLF},
	{"all there", S("virtio_blk\nvirtio_pci\n"), S(""), 0, ROW_NO_CRLF},
};

static int add_editor(
	struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return initramfs_modules_add(in, req, ret_out, e);
}

START_TEST(adding)
{
	check_editor_laws(&adds[_i], add_editor, &virtio, &no_list);
}
END_TEST

struct resume {
	struct dev_map map;
	struct strv gone;
};

static const struct dev_rename map_rows[] = {
	{.from = "/dev/xvda1", .to = NULL},
	{.from = "/dev/xvdb1", .to = "/dev/vdb1", .spec = "UUID=9"},
	{.from = "/dev/xvdc", .to = "/dev/vdc", .parts = true},
};
static const struct dev_rename swap_rows[] = {
	{.from = "/dev/xvda", .to = "/dev/xvdb"},
	{.from = "/dev/xvdb", .to = "/dev/xvda"},
};
static char *gone_specs[] = {"UUID=12-34", "LABEL=swap", NULL};
static const struct resume request = {{map_rows, ARRAY_SIZE(map_rows)}, {gone_specs, 2}};
static const struct resume swaps = {{swap_rows, ARRAY_SIZE(swap_rows)}, {0}};
static const struct resume nothing = {0};

static const struct check_row resumes[] = {
	{"gone", S("RESUME=/dev/xvda1\n"), S("RESUME=none\n"), 1},
	{"renamed", S("# swap\nRESUME=/dev/xvdb1"), S("# swap\nRESUME=/dev/vdb1"), 1},
	{"renamed by its disk", S("\tRESUME=/dev/xvdc12 # c\n"),
		S("\tRESUME=/dev/vdc12 # c\n"), 1},
	{"quotes", S("RESUME=\"/dev/xvdb1\"\nRESUME='/dev/xvda1';x\n"),
		S("RESUME=\"/dev/vdb1\"\nRESUME='none';x\n"), 1},
	{"gone UUID", S("RESUME=UUID=12-34\nexport RESUME=UUID=\"12-34\"\n"),
		S("RESUME=none\nexport RESUME=none\n"), 1},
	{"gone label", S("RESUME=\"LABEL=swap\"\n"), S("RESUME=\"none\"\n"), 1},
	{"longer", S("RESUME=/dev/xvda10\nRESUME=UUID=12-345\nRESUME=LABEL=swap1\n"),
		S(""), 0},
	{"others",
		S("RESUME=none\nRESUME=auto\nRESUME=\nRESUME=\"\nXRESUME=/dev/xvda1\n"),
		S(""), 0},
	{"comment", S("#RESUME=/dev/xvda1\n # RESUME=/dev/xvda1\n"), S(""), 0},
	{"NUL", S("RESUME=/dev/xvda1\0\n\0RESUME=/dev/xvda1\nRESUME=/dev/xvda1\n"),
		S("RESUME=/dev/xvda1\0\n\0RESUME=/dev/xvda1\nRESUME=none\n"), 1},
	{"swap of names", S("RESUME=/dev/xvda\nRESUME=/dev/xvdb\n"),
		S("RESUME=/dev/xvdb\nRESUME=/dev/xvda\n"), 1, ROW_SWAP, &swaps},
	{"empty", S(""), S(""), 0},
};

static int resume_editor(
	struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	const struct resume *resume = req;

	return initramfs_resume_edit(in, &resume->map, &resume->gone, ret_out, e);
}

START_TEST(resuming)
{
	check_editor_laws(&resumes[_i], resume_editor, &request, &nothing);
}
END_TEST

START_TEST(long_line)
{
	struct strbuf in = {0};

	strbuf_adds(&in, "RESUME=\"");
	strbuf_pad(&in, '"' + 1, 1 << 20);
	strbuf_adds(&in, "\"\nvirtio_pci ");
	strbuf_pad(&in, ' ', 2 << 20);
	strbuf_adds(&in, "\nvirtio_blk");
	check_editor_run("resume", resume_editor, &request, strbuf_str(&in), 0, STR(""));
	check_editor_run("modules", add_editor, &virtio, strbuf_str(&in), 0, STR(""));
	strbuf_done(&in);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, adding, 0, ARRAY_SIZE(adds));
	tcase_add_loop_test(tc, resuming, 0, ARRAY_SIZE(resumes));
	tcase_add_test(tc, long_line);
}

int main(void)
{
	return check_main("initramfs_tools", add);
}

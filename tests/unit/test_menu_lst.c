/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GRUB legacy's menu.lst: Debian's automagic block, pv-grub's hand-written menus, EL's
 * grub.conf. */
#include <errno.h>

#include "check_main.h"
#include "text/menu_lst.h"

static const struct dev_rename map_rows[] = {
	{.from = "/dev/xvda2", .to = "/dev/vda"},
	{.from = "/dev/xvda1", .to = NULL},
	{.from = "/dev/xvdb", .to = "/dev/vdb", .parts = true},
};
static const struct dev_map map = {map_rows, ARRAY_SIZE(map_rows)};
static const struct menu_lst_edit all = {
	.cmdline = {.map = &map, .console = "ttyS0"}, .groot = "(hd0)", .indomu = "true"};
static const struct menu_lst_edit nothing = {0};
static const struct menu_lst_edit keep_groot = {.cmdline = {.map = &map}};
static const struct menu_lst_edit to_partition = {.groot = "(hd0,0)"};

static const struct dev_rename swap_rows[] = {
	{.from = "/dev/xvda", .to = "/dev/xvdb", .parts = true},
	{.from = "/dev/xvdb", .to = "/dev/xvda", .parts = true},
};
static const struct dev_map swap_map = {swap_rows, ARRAY_SIZE(swap_rows)};
static const struct menu_lst_edit swaps = {.cmdline = {.map = &swap_map}};

#define LENNY(kopt, groot, defoptions, indomu, root, args)                               \
	"# menu.lst - See: grub(8), info grub, update-grub(8)\n"                         \
	"default\t\t0\n"                                                                 \
	"timeout\t\t5\n"                                                                 \
	"color cyan/blue white/blue\n"                                                   \
	"### BEGIN AUTOMAGIC KERNELS LIST\n"                                             \
	"## lines between the AUTOMAGIC KERNELS LIST markers will be modified\n"         \
	"## ## Start Default Options ##\n"                                               \
	"## e.g. kopt=root=/dev/hda1 ro\n"                                               \
	"##      kopt_2_6_8=root=/dev/xvda2 ro\n"                                        \
	"# kopt=" kopt "\n"                                                              \
	"# kopt_2_6=" kopt "\n"                                                          \
	"## e.g. groot=(hd0,0)\n"                                                        \
	"# groot=" groot "\n"                                                            \
	"# alternative=true\n"                                                           \
	"# defoptions=" defoptions "\n"                                                  \
	"# xenkopt=\n"                                                                   \
	"# altoptions=(recovery mode) single\n"                                          \
	"# indomU=" indomu "\n"                                                          \
	"## ## End Default Options ##\n"                                                 \
	"\n"                                                                             \
	"title\t\tDebian GNU/Linux, kernel 2.6.26-2-amd64\n"                             \
	"root\t\t" root "\n"                                                             \
	"kernel\t\t/boot/vmlinuz-2.6.26-2-amd64 " args "\n"                              \
	"initrd\t\t/boot/initrd.img-2.6.26-2-amd64\n"                                    \
	"\n"                                                                             \
	"### END DEBIAN AUTOMAGIC KERNELS LIST\n"

static const struct check_row rows[] = {
	{"lenny",
		S(LENNY("root=/dev/xvda2 ro console=hvc0", "(hd0,0)",
			"quiet resume=/dev/xvdb2", "detect", "(hd0,0)",
			"root=/dev/xvda2 ro console=hvc0 quiet resume=/dev/xvda1")),
		S(LENNY("root=/dev/vda ro console=ttyS0", "(hd0)",
			"quiet resume=/dev/vdb2", "true", "(hd0)",
			"root=/dev/vda ro console=ttyS0 quiet")),
		1},
	{"xen-tools",
		S("default         0\ntimeout         2\n\n"
		  "title           Debian GNU/Linux, kernel 2.6.32-5-xen-amd64\n"
		  "root            (hd0,0)\n"
		  "kernel          /boot/vmlinuz-2.6.32-5-xen-amd64 root=/dev/xvda2 ro "
		  "elevator=noop\n"
		  "initrd          /boot/initrd.img-2.6.32-5-xen-amd64\n"),
		S("default         0\ntimeout         2\n\n"
		  "title           Debian GNU/Linux, kernel 2.6.32-5-xen-amd64\n"
		  "root            (hd0)\n"
		  "kernel          /boot/vmlinuz-2.6.32-5-xen-amd64 root=/dev/vda ro "
		  "elevator=noop\n"
		  "initrd          /boot/initrd.img-2.6.32-5-xen-amd64\n"),
		1},
	{"EL6",
		S("default=0\ntimeout=5\nsplashimage=(hd0,0)/grub/"
		  "splash.xpm.gz\nhiddenmenu\n"
		  "title CentOS (2.6.32-71.el6.x86_64)\n\troot (hd0,0)\n"
		  "\tkernel /vmlinuz-2.6.32-71.el6.x86_64 ro root=/dev/xvdb1 rhgb quiet\n"
		  "\tinitrd /initramfs-2.6.32-71.el6.x86_64.img"),
		S("default=0\ntimeout=5\nsplashimage=(hd0)/grub/"
		  "splash.xpm.gz\nhiddenmenu\n"
		  "title CentOS (2.6.32-71.el6.x86_64)\n\troot (hd0)\n"
		  "\tkernel /vmlinuz-2.6.32-71.el6.x86_64 ro root=/dev/vdb1 rhgb quiet\n"
		  "\tinitrd /initramfs-2.6.32-71.el6.x86_64.img"),
		1},
	{"disk before the paths",
		S("title a\nkernel (hd0,0)/vmlinuz root=/dev/xvda2\ninitrd (hd0,0)/i\n"),
		S("title a\nkernel (hd0)/vmlinuz root=/dev/vda\ninitrd (hd0)/i\n"), 1},
	{"options before the path",
		S("kernel --no-mem-option --type=linux (hd0,0)/v root=/dev/xvda2\n"),
		S("kernel --no-mem-option --type=linux (hd0)/v root=/dev/vda\n"), 1},
	{"trailing blanks", S("title a\nroot (hd0)  \nroot\t(hd0,0)\t \n"),
		S("title a\nroot (hd0)  \nroot\t(hd0)\t \n"), 1},
	{"equal signs", S("title=a\nroot=(hd0,0)\nkernel=/v root=/dev/xvda2\n"),
		S("title=a\nroot=(hd0)\nkernel=/v root=/dev/vda\n"), 1},
	{"rootnoverify", S("title a\nrootnoverify (hd1,2)\n"),
		S("title a\nrootnoverify (hd0)\n"), 1},
	{"chainloader keeps its root",
		S("title w\nrootnoverify (hd0,1)\nchainloader +1\n"
		  "title l\nroot (hd0,1)\nkernel /v\n"),
		S("title w\nrootnoverify (hd0,1)\nchainloader +1\n"
		  "title l\nroot (hd0)\nkernel /v\n"),
		1},
	{"other drives", S("title a\nroot (fd0)\nkernel (nd)/v\nroot (cd)\nroot (hd0\n"),
		S(""), 0},
	{"uuid", S("# groot=1234-ab\ntitle a\nuuid 1234-ab\nkernel /v root=UUID=1\n"),
		S(""), 0},
	{"xen modules",
		S("title x\nroot (hd0,0)\nkernel /xen.gz dom0_mem=256M\n"
		  "module /vmlinuz root=/dev/xvda2 ro console=hvc0\nmodule "
		  "(hd0,0)/initrd\n"),
		S("title x\nroot (hd0)\nkernel /xen.gz dom0_mem=256M\n"
		  "module /vmlinuz root=/dev/vda ro console=ttyS0\nmodule "
		  "(hd0)/initrd\n"),
		1},
	{"comments",
		S("## kopt=root=/dev/xvda2\n#kopt=root=/dev/xvda2\n#  "
		  "kopt=root=/dev/xvda2\n"
		  "# kopts=root=/dev/xvda2\n # kopt=root=/dev/xvda2\n#kernel /v "
		  "root=/dev/xvda2\n  # root (hd0,0)\n"),
		S(""), 0},
	{"altoptions",
		S("# altoptions=(on console=hvc0) console=hvc0\n# altoptions=single "
		  "root=/dev/xvda2\n"),
		S("# altoptions=(on console=hvc0) console=ttyS0\n# altoptions=single "
		  "root=/dev/vda\n"),
		1},
	{"xenkopt", S("# xenkopt=console=hvc0\n"), S("# xenkopt=console=ttyS0\n"), 1},
	{"indomU", S("# indomU=false\n# indomU= detect \n"),
		S("# indomU=true\n# indomU= true \n"), 1},
	{"indomU is empty", S("# indomU=\n"), S("# indomU=true\n"), 1},
	{"continued line", S("kernel /v \\\n  root=/dev/xvda2 \\\n  ro\n"),
		S("kernel /v \\\n  root=/dev/vda \\\n  ro\n"), 1},
	{"continued before the path", S("kernel \\\n (hd0,0)/v root=/dev/xvda2"),
		S("kernel \\\n (hd0)/v root=/dev/vda"), 1},
	{"comments do not continue", S("# kopt=x \\\nroot (hd0,0)\n"),
		S("# kopt=x \\\nroot (hd0)\n"), 1},
	{"longer names", S("kernel /v root=/dev/xvda22 ro\nkernel /v root=/dev/xvdbb1\n"),
		S(""), 0},
	{"other commands",
		S("kernels /v root=/dev/xvda2\nsetup (hd0,0)\nmap (hd0) (hd1)\n"), S(""),
		0},
	{"malformed", S("kernel\nroot\ninitrd\n=\n# kopt\n# \n#\nkernel --x\n\\\n"),
		S(""), 0},
	{"NUL", S("a\0b\nkernel /v\0 root=/dev/xvda2 \0\n"),
		S("a\0b\nkernel /v\0 root=/dev/vda \0\n"), 1},
	{"groot kept", S("root (hd0,0)\nkernel (hd0,0)/v root=/dev/xvda2 console=hvc0\n"),
		S("root (hd0,0)\nkernel (hd0,0)/v root=/dev/vda console=hvc0\n"), 1, 0,
		&keep_groot},
	{"to a partition", S("# groot=(hd0)\nroot (hd0) \nkernel /v root=/dev/xvda2\n"),
		S("# groot=(hd0,0)\nroot (hd0,0) \nkernel /v root=/dev/xvda2\n"), 1, 0,
		&to_partition},
	{"root is gone", S("title a\nkernel /v root=/dev/xvda1\n"), S(""), -ENODEV},
	{"kopt's root is gone", S("# kopt=root=/dev/xvda1 ro\n"), S(""), -ENODEV},
	{"swap of names",
		S("kernel /v root=/dev/xvda1 resume=/dev/xvdb2\nkernel /w "
		  "root=/dev/xvdb1\n"),
		S("kernel /v root=/dev/xvdb1 resume=/dev/xvda2\nkernel /w "
		  "root=/dev/xvda1\n"),
		1, ROW_SWAP, &swaps},
	{"empty", S(""), S(""), 0},
};

static int edit(struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return menu_lst_edit(in, req, ret_out, e);
}

START_TEST(edits)
{
	check_editor_laws(&rows[_i], edit, &all, &nothing);
}
END_TEST

START_TEST(error_names_the_line)
{
	struct strbuf out = {0};
	struct err e = {0};

	ck_assert_int_eq(
		menu_lst_edit(STR("a\nkernel /v \\\n a\nkernel /v root=/dev/xvda1"), &all,
			&out, &e),
		-ENODEV);
	ck_assert_msg(
		str_starts(str_from(e.text), "line 4: root=/dev/xvda1"), "%s", e.text);
}
END_TEST

START_TEST(reading)
{
	struct str rest = STR("default 1\nroot (hd9)\n\n"
			      "title\t\tDebian 5 \r\nroot\t\t(hd0,0)\r\n"
			      "kernel --no-mem-option /boot/v-1 root=/dev/xvda2 ro \r\n"
			      "initrd /boot/i-1\r\n#kernel /x\n"
			      "title=xen\nkernel=/xen.gz a\nmodule /boot/v-2 b c\n"
			      "module (hd0)/boot/i-2\n"
			      "title windows\nrootnoverify (hd0,1)\nchainloader +1\n"
			      "title continued\nkernel /v \\\n ro\n"
			      "title\n");
	struct menu_lst_entry ent;
	size_t line = 0;

	ck_assert(menu_lst_next(&rest, &line, &ent));
	check_bytes("title", ent.title, STR("Debian 5"));
	check_bytes("root", ent.root, STR("(hd0,0)"));
	check_bytes("kernel", ent.kernel, STR("/boot/v-1"));
	check_bytes("args", ent.args, STR("root=/dev/xvda2 ro"));
	check_bytes("initrd", ent.initrd, STR("/boot/i-1"));
	ck_assert(!ent.xen && !ent.chainloader);
	ck_assert_uint_eq(ent.line, 4);
	ck_assert(menu_lst_next(&rest, &line, &ent));
	check_bytes("title", ent.title, STR("xen"));
	check_bytes("root", ent.root, STR(""));
	check_bytes("kernel", ent.kernel, STR("/boot/v-2"));
	check_bytes("args", ent.args, STR("b c"));
	check_bytes("initrd", ent.initrd, STR("(hd0)/boot/i-2"));
	ck_assert(ent.xen && !ent.chainloader);
	ck_assert_uint_eq(ent.line, 9);
	ck_assert(menu_lst_next(&rest, &line, &ent));
	ck_assert(!ent.xen && ent.chainloader);
	check_bytes("kernel", ent.kernel, STR(""));
	ck_assert(menu_lst_next(&rest, &line, &ent));
	check_bytes("args", ent.args, STR("\\\n ro"));
	ck_assert_uint_eq(ent.line, 16);
	ck_assert(menu_lst_next(&rest, &line, &ent));
	check_bytes("title", ent.title, STR(""));
	ck_assert_uint_eq(ent.line, 19);
	ck_assert(!menu_lst_next(&rest, &line, &ent));
}
END_TEST

static const struct {
	const char *in;
	int want;
} defaults[] = {
	{"default\t\t2\ntimeout 5\n", 2},
	{"default=3\n", 3},
	{"default saved\ntitle a\n", -1},
	{"default 1\ndefault 4\ntitle a\n", 4},
	{"title a\ndefault 4\n", 0},
	{"#default 4\n", 0},
	{"default\n", 0},
	{"default x\n", 0},
	{"default 99999999999999999999\n", 0},
	{"", 0},
};

START_TEST(reading_default)
{
	ck_assert_int_eq(menu_lst_default(str_from(defaults[_i].in)), defaults[_i].want);
}
END_TEST

/* Hostile sizes: many entries, one endless line. */
START_TEST(large)
{
	struct strbuf in = {0}, want = {0};

	for (int i = 0; i < 20000; i++) {
		strbuf_adds(&in, "title a\nroot (hd0,0)\nkernel /v root=/dev/xvda2 \\\n");
		strbuf_adds(&want, "title a\nroot (hd0)\nkernel /v root=/dev/vda \\\n");
	}
	check_editor_run("large", edit, &all, strbuf_str(&in), 1, strbuf_str(&want));
	strbuf_done(&in);
	strbuf_done(&want);
}
END_TEST

/* The second entry of each loads a hypervisor. */
static const struct {
	const char *name, *in, *want;
	int ret;
} xen_rows[] = {
	{"as Debian and Red Hat write it",
		"default 1\ntitle a\nkernel /v\ntitle x\nroot (hd0)\n"
		"kernel\t/boot/xen.gz dom0_mem=256M\nmodule\t/boot/vmlinuz-1 "
		"root=/dev/vda ro\n"
		"module\t/boot/initrd-1\n\ntitle b\nkernel /v\n",
		"default 1\ntitle a\nkernel /v\ntitle x\nroot (hd0)\n"
		"kernel\t/boot/vmlinuz-1 root=/dev/vda ro\n"
		"initrd\t/boot/initrd-1\n\ntitle b\nkernel /v\n",
		1},
	{"without an initramfs, other spellings",
		"title a\ntitle=x\nkernel=/xen.gz a \\\n b\n modulenounzip=/v ro\n",
		"title a\ntitle=x\n kernel=/v ro\n", 1},
	{"a policy behind them",
		"title a\ntitle x\nkernel /xen.gz\nmodule /v ro\nmodule /i\nmodule "
		"/p.bin",
		"title a\ntitle x\nkernel /v ro\ninitrd /i\n", 1},
	{"not the one", "title x\nkernel /xen.gz\nmodule /v\ntitle a\nkernel /v\n", "",
		0},
	{"no modules", "title a\ntitle x\nkernel /xen.gz\n#module /v\n", "", 0},
	{"modules of the next", "title a\ntitle x\nkernel /v\ntitle y\nmodule /v\n", "",
		0},
	{"no kernel", "title a\ntitle x\nmodule /v\n", "", 0},
	{"an option that a kernel has not",
		"title a\ntitle x\nkernel /k\nmodule --x /v\n", "", 0},
	{"not so many", "title x\n", "", 0},
};

static int without_xen(struct str in, const void *req, struct strbuf *ret, struct err *e)
{
	return menu_lst_without_xen(in, req, ret, e);
}

START_TEST(hypervisors)
{
	static const bool second[] = {false, true};
	const struct menu_lst_places req = {second, ARRAY_SIZE(second)};

	check_editor_run(xen_rows[_i].name, without_xen, &req, str_from(xen_rows[_i].in),
		xen_rows[_i].ret, str_from(xen_rows[_i].want));
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, edits, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, error_names_the_line);
	tcase_add_test(tc, reading);
	tcase_add_loop_test(tc, reading_default, 0, ARRAY_SIZE(defaults));
	tcase_add_loop_test(tc, hypervisors, 0, ARRAY_SIZE(xen_rows));
	tcase_add_test(tc, large);
}

int main(void)
{
	return check_main("menu_lst", add);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Boot Loader Specification entries. */
#include <errno.h>

#include "check_main.h"
#include "text/bls.h"

static const struct dev_rename map_rows[] = {
	{.from = "/dev/xvda", .to = "/dev/vda", .parts = true},
	{.from = "/dev/xvdb1", .to = NULL},
};
static const struct dev_map map = {map_rows, ARRAY_SIZE(map_rows)};
static const struct cmdline_edit req = {.map = &map, .console = "ttyS0"}, nothing = {0};

static const struct dev_rename swap_rows[] = {
	{.from = "/dev/xvda", .to = "/dev/xvdb", .parts = true},
	{.from = "/dev/xvdb", .to = "/dev/xvda", .parts = true},
};
static const struct dev_map swap_map = {swap_rows, ARRAY_SIZE(swap_rows)};
static const struct cmdline_edit swaps = {.map = &swap_map};

#define ENTRY(options)                                                                   \
	"title AlmaLinux (5.14.0-70.el9.x86_64) 9.0 (Emerald Puma)\n"                    \
	"version 5.14.0-70.el9.x86_64\n"                                                 \
	"linux /boot/vmlinuz-5.14.0-70.el9.x86_64\n"                                     \
	"initrd /boot/initramfs-5.14.0-70.el9.x86_64.img $tuned_initrd\n"                \
	"options " options "\n"                                                          \
	"grub_users $grub_users\n"

static const struct check_row rows[] = {
	{"EL9", S(ENTRY("root=/dev/xvda1 ro console=hvc0 crashkernel=1G-4G:192M")),
		S(ENTRY("root=/dev/vda1 ro console=ttyS0 crashkernel=1G-4G:192M")), 1},
	{"EL8", S(ENTRY("$kernelopts $tuned_params")), S(""), 0},
	{"tab, no newline", S("options\troot=/dev/xvda1"), S("options\troot=/dev/vda1"),
		1},
	{"several", S("options root=/dev/xvda1\noptions xencons=tty a\n"),
		S("options root=/dev/vda1\noptions a\n"), 1},
	{"resume gone", S("options resume=/dev/xvdb1\n"), S("options\n"), 1},
	{"root gone", S("\noptions root=/dev/xvdb1\n"), S(""), -ENODEV},
	{"other keys",
		S("#options root=/dev/xvda1\noption root=/dev/xvda1\n"
		  "title options root=/dev/xvda1\nOPTIONS root=/dev/xvda1\n"),
		S(""), 0},
	{"longer names", S("options root=/dev/xvdaa1 resume=/dev/xvda1x\n"), S(""), 0},
	{"malformed", S("options\n\n \noptions \n"), S(""), 0},
	{"NUL", S("a\0\noptions \0 root=/dev/xvda1 \0\n"),
		S("a\0\noptions \0 root=/dev/vda1 \0\n"), 1},
	{"swap of names", S("options root=/dev/xvda1 resume=/dev/xvdb1\n"),
		S("options root=/dev/xvdb1 resume=/dev/xvda1\n"), 1, ROW_SWAP, &swaps},
	{"empty", S(""), S(""), 0},
};

static int edit(struct str in, const void *request, struct strbuf *ret_out, struct err *e)
{
	return bls_edit(in, request, ret_out, e);
}

START_TEST(edits)
{
	check_editor_laws(&rows[_i], edit, &req, &nothing);
}
END_TEST

START_TEST(get)
{
	struct str in = STR("# title no\ntitle  A  B \r\nlinux\t/v\nlinux /w\n");

	check_bytes("title", bls_get(in, "title"), STR("A  B"));
	check_bytes("linux", bls_get(in, "linux"), STR("/v"));
	check_bytes("initrd", bls_get(in, "initrd"), STR(""));
}
END_TEST

/* initrd and options may stand several times. */
START_TEST(next)
{
	struct str rest = STR("initrd /a\noptions x\ninitrd\t/b /c \n"), value;

	ck_assert(bls_next(&rest, "initrd", &value));
	check_bytes("first", value, STR("/a"));
	ck_assert(bls_next(&rest, "initrd", &value));
	check_bytes("second", value, STR("/b /c"));
	ck_assert(!bls_next(&rest, "initrd", &value));
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, edits, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, get);
	tcase_add_test(tc, next);
}

int main(void)
{
	return check_main("bls", add);
}

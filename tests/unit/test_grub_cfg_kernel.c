/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A kernel added to GRUB 2's menu. */
#include <errno.h>

#include "check_main.h"
#include "text/grub_cfg_kernel.h"

#define HEAD "set default=0\nif x; then\nset y=1\nfi\n"
#define SIMPLE                                                                           \
	"menuentry 'SLES' --class os $menuentry_id_option 'simple-aaaa' {\n"             \
	"\tlinux\t/boot/vmlinuz-3-xen root=/dev/vda2 ro\n"                               \
	"\tinitrd\t/boot/initrd-3-xen\n}\n"
#define ENTRY(release)                                                                   \
	"\tmenuentry 'SLES, with Linux " release "' --id 'gnulinux-" release             \
	"-advanced-aaaa' {\n"                                                            \
	"\t\tif [ x$a = xy ]; then\n\t\t  search -s 'a'\n\t\tfi\n"                       \
	"\t\techo\t'Loading Linux " release " ...'\n"                                    \
	"\t\tlinux\t/boot/vmlinuz-" release " root=/dev/3-xen ro\n"                      \
	"\t\techo\t'Loading initial ramdisk ...'\n"                                      \
	"\t\tinitrd\t/boot/ucode /boot/initrd-" release "\n\t}"
#define RECOVERY                                                                         \
	"\tmenuentry 'SLES, with Linux 3-xen (recovery mode)' {\n"                       \
	"\t\tlinux\t/boot/vmlinuz-3-xen single\n\t}\n"
#define SUBMENU(entries) "submenu 'Advanced' --id 'advanced' {\n" entries "}\n"
#define OTHER "menuentry 'other' {\nlinux /boot/vmlinuz-33-xen\n}\n"

static const struct row {
	const char *name;
	struct str in, out;
	int ret;
} rows[] = {
	{"in a submenu", S(HEAD SIMPLE SUBMENU(ENTRY("3-xen") "\n" RECOVERY) OTHER),
		S(HEAD SIMPLE SUBMENU(
			ENTRY("3-xen") "\n" ENTRY("3-default") "\n" RECOVERY) OTHER),
		1},
	{"in the menu itself", S(OTHER ENTRY("3-xen") "\n" OTHER),
		S(OTHER ENTRY("3-xen") "\n" ENTRY("3-default") "\n" OTHER), 1},
	{"at the end", S(ENTRY("3-xen")), S(ENTRY("3-xen") "\n" ENTRY("3-default")), 1},
	{"a brace behind it", S(SUBMENU("\n" ENTRY("3-xen") " ")),
		S(SUBMENU("\n" ENTRY("3-xen") "\n" ENTRY("3-default") " ")), 1},
	{"no entry for it", S(HEAD OTHER), S(""), -EINVAL},
	{"nothing", S(""), S(""), -EINVAL},
	{"there already", S(SUBMENU(ENTRY("3-xen") "\n" ENTRY("3-default"))), S(""),
		-EINVAL},
	{"a title that does not say which", S(SIMPLE), S(""), -EINVAL},
	{"an initramfs that does not",
		S("menuentry '3-xen' {\nlinux /vmlinuz-3-xen\ninitrd /initrd\n}\n"),
		S(""), -EINVAL},
	{"not closed", S("menuentry '3-xen' {\nlinux /vmlinuz-3-xen\n"), S(""), -EINVAL},
	{"behind something else on its line",
		S("submenu a { menuentry '3-xen' {\nlinux /vmlinuz-3-xen\n}\n}\n"), S(""),
		-EINVAL},
};

START_TEST(adding)
{
	const struct row *row = &rows[_i];
	struct strbuf out = {0};
	struct err e = {0};
	int r = grub_cfg_add_kernel(row->in, STR("3-xen"), STR("3-default"), &out, &e);

	ck_assert_msg(r == row->ret, "%s: %d, %s", row->name, r, e.text);
	check_bytes(row->name, strbuf_str(&out), row->out);
	strbuf_done(&out);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, adding, 0, ARRAY_SIZE(rows));
}

int main(void)
{
	return check_main("grub_cfg_kernel", add);
}

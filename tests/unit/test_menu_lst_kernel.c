/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Another default, and a kernel added, in GRUB legacy's menu. */
#include <errno.h>

#include "check_main.h"
#include "text/menu_lst_kernel.h"

#define XEN                                                                              \
	"title Xen\nroot (hd0,0)\nkernel /boot/vmlinuz-xen root=/dev/vda ro\n"           \
	"initrd /boot/initrd-xen\n"
#define OTHER "\ntitle Other\nkernel /boot/vmlinuz root=/dev/vda\n"
#define BEGIN "### BEGIN AUTOMAGIC KERNELS LIST\n"
#define END "### END DEBIAN AUTOMAGIC KERNELS LIST\n"
#define NEW                                                                              \
	"title\t\tLinux 6.1\nroot\t\t(hd0,0)\nkernel\t\t/boot/vmlinuz-6.1 "              \
	"root=/dev/vda "                                                                 \
	"ro\ninitrd\t\t/boot/initrd.img-6.1\n\n"

static const struct row {
	const char *name;
	struct str in, out;
	int ret;
	unsigned index;
} defaults[] =
	{
		{"changed", S("# c\ndefault 0\ntimeout 5\n" XEN OTHER),
			S("# c\ndefault 1\ntimeout 5\n" XEN OTHER), 1, 1},
		{"with =", S("default=0\n" XEN OTHER), S("default=1\n" XEN OTHER), 1, 1},
		{"with blanks and =", S(" default = saved \n" XEN OTHER),
			S(" default = 1 \n" XEN OTHER), 1, 1},
		{"missing", S("timeout 5\n" XEN OTHER),
			S("timeout 5\ndefault 1\n" XEN OTHER), 1, 1},
		{"missing, and the first", S("timeout 5\n" XEN OTHER), S(""), 0, 0},
		{"empty", S("default\n" XEN OTHER), S("default 1\n" XEN OTHER), 1, 1},
		{"last line without an end", S("timeout 5"), S("timeout 5\ndefault 3\n"),
			1, 3},
		{"a line that goes on", S("timeout \\\n5\n" XEN), S(""), -EINVAL, 1},
		{"a comment that ends so", S("# C:\\\ndefault 0\n" XEN OTHER),
			S("# C:\\\ndefault 1\n" XEN OTHER), 1, 1},
		{"as it is", S("default 1\n" XEN OTHER), S(""), 0, 1},
		{"a comment", S("#default 0\ndefault 0\n" XEN),
			S("#default 0\ndefault 1\n" XEN), 1, 1},
		{"inside an entry it counts for nothing", S(XEN "default 1\n"), S(""), 0,
			0},
		{"CRLF", S("default 0\r\n" XEN), S("default 1\r\n" XEN), 1, 1},
},
  kernels[] = {
	  {"added", S("default 0\n\n" XEN OTHER), S("default 0\n\n" NEW XEN OTHER), 1, 0},
	  {"another default", S("default 1\n\n" XEN OTHER),
		  S("default 0\n\n" NEW XEN OTHER), 1, 0},
	  {"saved", S("default saved\n" XEN OTHER), S("default 0\n" NEW XEN OTHER), 1, 0},
	  {"no default", S(XEN), S(NEW XEN), 1, 0},
	  {"the same fallback", S("fallback=1 2 x\ndefault 0\n" XEN OTHER),
		  S("fallback=2 3 x\ndefault 0\n" NEW XEN OTHER), 1, 0},
	  {"outside of what update-grub writes",
		  S("default 1\n" BEGIN "# kopt=ro\nfallback 0\n\n" XEN OTHER END),
		  S("default 0\n" NEW BEGIN "# kopt=ro\nfallback 1\n\n" XEN OTHER END), 1,
		  0},
	  {"no such entry", S("default 0\n" XEN), S(""), -EINVAL, 3},
	  {"no entry", S("default 0\n"), S(""), -EINVAL, 0},
};

static int set_default(struct str in, const void *req, struct strbuf *ret, struct err *e)
{
	return menu_lst_set_default(in, *(const unsigned *)req, ret, e);
}

START_TEST(another_default)
{
	const struct row *r = &defaults[_i];

	check_editor_run(r->name, set_default, &r->index, r->in, r->ret, r->out);
}
END_TEST

static const struct row saved[] = {
	{"as grub-set-default writes it", S("0\n#\n#\n# WARNING"),
		S("2\n#\n#\n# WARNING"), 1, 2},
	{"as it is", S("2\n#\n"), S(""), 0, 2},
	{"alone", S("10"), S("2"), 1, 2},
	{"empty", S(""), S("2"), 1, 2},
};

static int set_saved(struct str in, const void *req, struct strbuf *ret, struct err *e)
{
	return menu_lst_set_saved(in, *(const unsigned *)req, ret, e);
}

START_TEST(another_saved)
{
	const struct row *r = &saved[_i];

	check_editor_run(r->name, set_saved, &r->index, r->in, r->ret, r->out);
}
END_TEST

static const struct row timeouts[] = {
	{"none", S("default 0\n" XEN), S("default 0\ntimeout 5\n" XEN), 1, 5},
	{"outside of what update-grub writes", S("default 0\n" BEGIN XEN END),
		S("default 0\ntimeout 5\n" BEGIN XEN END), 1, 5},
	{"in an entry it counts for nothing", S(XEN "timeout 3\n"),
		S("timeout 5\n" XEN "timeout 3\n"), 1, 5},
	{"no number", S("timeout\n" XEN), S("timeout\ntimeout 5\n" XEN), 1, 5},
	{"there", S("timeout=0\n" XEN), S(""), 0, 5},
	{"behind the default", S("default 0\ntimeout\t\t3\n" XEN), S(""), 0, 5},
	{"an open line", S("default 0"), S("default 0\ntimeout 5\n"), 1, 5},
};

static int add_timeout(struct str in, const void *req, struct strbuf *ret, struct err *e)
{
	return menu_lst_add_timeout(in, *(const unsigned *)req, ret, e);
}

START_TEST(a_timeout)
{
	const struct row *r = &timeouts[_i];

	check_editor_run(r->name, add_timeout, &r->index, r->in, r->ret, r->out);
}
END_TEST

static int add_kernel(struct str in, const void *req, struct strbuf *ret, struct err *e)
{
	const struct menu_lst_kernel k = {.like = *(const unsigned *)req,
		.title = STR("Linux 6.1"),
		.path = STR("/boot/vmlinuz-6.1"),
		.initrd = STR("/boot/initrd.img-6.1")};

	return menu_lst_add_kernel(in, &k, ret, e);
}

START_TEST(another_kernel)
{
	const struct row *r = &kernels[_i];

	check_editor_run(r->name, add_kernel, &r->index, r->in, r->ret, r->out);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, another_default, 0, ARRAY_SIZE(defaults));
	tcase_add_loop_test(tc, a_timeout, 0, ARRAY_SIZE(timeouts));
	tcase_add_loop_test(tc, another_saved, 0, ARRAY_SIZE(saved));
	tcase_add_loop_test(tc, another_kernel, 0, ARRAY_SIZE(kernels));
}

int main(void)
{
	return check_main("menu_lst_kernel", add);
}

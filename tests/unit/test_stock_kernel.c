/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which package brings a kernel for machines of their own. */
#include "check_main.h"
#include "plan/stock_kernel.h"

static const struct {
	const char *id;
	enum family family;
	const char *version, *arch, *want; /* NULL: none is known */
} rows[] = {
	{"debian", FAMILY_DEBIAN, "5", "x86_64", "linux-image-2.6-amd64"},
	{"debian", FAMILY_DEBIAN, "6", "i386", "linux-image-686-bigmem"},
	{"debian", FAMILY_DEBIAN, "12", "x86_64", "linux-image-amd64"},
	{"debian", FAMILY_DEBIAN, "13", "i386", NULL},
	{"debian", FAMILY_DEBIAN, "", "x86_64", NULL},
	{"debian", FAMILY_DEBIAN, "12", "aarch64", NULL},
	{"devuan", FAMILY_DEBIAN, "4", "x86_64", NULL},
	{"ubuntu", FAMILY_DEBIAN, "8.04", "i386", "linux-image-server"},
	{"ubuntu", FAMILY_DEBIAN, "12.04", "x86_64", "linux-image-virtual"},
	{"centos", FAMILY_REDHAT, "5.11", "i386", "kernel-PAE"},
	{"rhel", FAMILY_REDHAT, "5.8", "x86_64", "kernel"},
	{"scientific", FAMILY_REDHAT, "6.10", "i386", "kernel"},
	{"fedora", FAMILY_REDHAT, "8", "i386", "kernel-PAE"},
	{"fedora", FAMILY_REDHAT, "8", "x86_64", "kernel"},
	{"sles", FAMILY_SUSE, "10.4", "i386", "kernel-bigsmp"},
	{"sles", FAMILY_SUSE, "10.4", "x86_64", "kernel-smp"},
	{"sles", FAMILY_SUSE, "11.4", "i386", "kernel-pae"},
	{"sles", FAMILY_SUSE, "11", "x86_64", "kernel-default"},
	{"opensuse", FAMILY_SUSE, "10.3", "x86_64", "kernel-default"},
	{"gentoo", FAMILY_GENTOO, "2.2", "x86_64", NULL},
};

START_TEST(names)
{
	char id[16], version[16], arch[16];
	const struct guest g = {
		.id = id, .version = version, .arch = arch, .family = rows[_i].family};
	const char *got;

	strcpy(id, rows[_i].id);
	strcpy(version, rows[_i].version);
	strcpy(arch, rows[_i].arch);
	got = stock_kernel(&g);
	ck_assert_msg(!got == !rows[_i].want && (!got || strcmp(got, rows[_i].want) == 0),
		"%s %s %s: %s", id, version, arch, got ? got : "none");
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, names, 0, ARRAY_SIZE(rows));
}

int main(void)
{
	return check_main("stock_kernel", add);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which distribution and architecture a guest is. */
#include "guest_fixture.h"

#define UBUNTU                                                                           \
	"NAME=\"Ubuntu\"\nID=ubuntu\nID_LIKE=debian\nPRETTY_NAME=\"Ubuntu 16.04.7 "      \
	"LTS\"\n"                                                                        \
	"VERSION_ID=\"16.04\"\n"

static const struct row {
	const char *name;
	struct fx_file files[3];
	const char *id, *version, *pretty;
	enum family family;
} rows[] = {
	{"os-release beats debian_version",
		{{"/etc/os-release", UBUNTU}, {"/etc/debian_version", "stretch/sid\n"}},
		"ubuntu", "16.04", "Ubuntu 16.04.7 LTS", FAMILY_DEBIAN},
	{"os-release is a link",
		{{"/etc/os-release", .link = "/usr/lib/os-release"},
			{"/usr/lib/os-release", UBUNTU}},
		"ubuntu", "16.04", "Ubuntu 16.04.7 LTS", FAMILY_DEBIAN},
	{"only in /usr/lib", {{"/usr/lib/os-release", UBUNTU}}, "ubuntu", "16.04",
		"Ubuntu 16.04.7 LTS", FAMILY_DEBIAN},
	{"a derivative by ID_LIKE",
		{{"/etc/os-release", "ID=pardus\nID_LIKE='x debian'\nVERSION_ID=21\n"}},
		"pardus", "21", "", FAMILY_DEBIAN},
	{"no derivative", {{"/etc/os-release", "ID=centos\nID_LIKE=\"rhel fedora\"\n"}},
		"centos", "", "", FAMILY_OTHER},
	{"a name that begins alike", {{"/etc/os-release", "ID=debianish\n"}}, "debianish",
		"", "", FAMILY_OTHER},
	{"os-release without ID",
		{{"/etc/os-release", "NAME=x\n"}, {"/etc/debian_version", "5.0.10\n"}},
		"debian", "5", "Debian GNU/Linux 5.0.10", FAMILY_DEBIAN},
	{"Ubuntu before os-release",
		{{"/etc/lsb-release", "DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=8.04\n"
				      "DISTRIB_DESCRIPTION=\"Ubuntu 8.04.4 LTS\"\n"},
			{"/etc/debian_version", "lenny/sid\n"}},
		"ubuntu", "8.04", "Ubuntu 8.04.4 LTS", FAMILY_DEBIAN},
	{"Debian before os-release", {{"/etc/debian_version", "6.0.10\n"}}, "debian", "6",
		"Debian GNU/Linux 6.0.10", FAMILY_DEBIAN},
	{"Debian testing", {{"/etc/debian_version", "trixie/sid\n"}}, "debian",
		"trixie/sid", "Debian GNU/Linux trixie/sid", FAMILY_DEBIAN},
	{"CentOS 6", {{"/etc/redhat-release", "CentOS release 6.10 (Final)\nx\n"}},
		"linux", "", "CentOS release 6.10 (Final)", FAMILY_OTHER},
	{"nothing", {{"/etc/passwd", ""}}, "", "", "", FAMILY_UNKNOWN},
};

START_TEST(release)
{
	const struct row *row = &rows[_i];
	struct guest g = {0};
	struct fx fx;

	fx_load(&fx, "vda", row->files, ARRAY_SIZE(row->files), false);
	ck_assert_int_eq(guest_read_os(&fx.snap, &g, &fx.e), 0);
	ck_assert_msg(strcmp(g.id, row->id) == 0, "%s: %s", row->name, g.id);
	ck_assert_msg(
		strcmp(g.version, row->version) == 0, "%s: %s", row->name, g.version);
	ck_assert_msg(strcmp(g.name, row->pretty) == 0, "%s: %s", row->name, g.name);
	ck_assert_msg(g.family == row->family, "%s: family %d", row->name, g.family);
	ck_assert_str_eq(g.arch, "");
	guest_done(&g);
	fx_done(&fx);
}
END_TEST

/* Bytes 18 and 19 of an ELF header are the machine (elf(5)). */
#define ELF(low, high) S("\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0" low high "\1\0\0\0")

static const struct arch_row {
	const char *path;
	struct str bytes;
	const char *want;
} arch_rows[] = {
	{"/bin/bash", ELF("\76", "\0"), "x86_64"},
	{"/bin/ls", ELF("\3", "\0"), "i386"},
	{"/bin/busybox", ELF("\267", "\0"), "aarch64"},
	{"/bin/bash", ELF("\76", "\1"), ""},
	{"/bin/bash", S("#!/bin/sh\nexec something\n"), ""},
	{"/bin/bash", S("\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0\76"), ""},
	{"/bin/cat", ELF("\76", "\0"), ""},
};

START_TEST(arch)
{
	const struct arch_row *row = &arch_rows[_i];
	const struct fx_file files[] = {{row->path, ""}};
	struct guest g = {0};
	struct fx fx;

	fx_load(&fx, "vda", files, 1, false);
	strbuf_add(&fx.snap.v[0].data, row->bytes);
	ck_assert_int_eq(guest_read_os(&fx.snap, &g, &fx.e), 0);
	ck_assert_msg(strcmp(g.arch, row->want) == 0, "%d: \"%s\"", _i, g.arch);
	guest_done(&g);
	fx_done(&fx);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, release, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(tc, arch, 0, ARRAY_SIZE(arch_rows));
}

int main(void)
{
	return check_main("os", add);
}

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
	{"a derivative of one that is no row's",
		{{"/etc/os-release", "ID=eurolinux\nID_LIKE=\"rhel fedora\"\n"}},
		"eurolinux", "", "", FAMILY_REDHAT},
	{"no derivative", {{"/etc/os-release", "ID=mageia\nID_LIKE=\"mandriva\"\n"}},
		"mageia", "", "", FAMILY_OTHER},
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
	{"CentOS 6",
		{{"/etc/redhat-release", "CentOS release 6.10 (Final)\nx\n"},
			{"/etc/lsb-release", "LSB_VERSION=base-4.0-amd64\n"}},
		"centos", "6.10", "CentOS release 6.10 (Final)", FAMILY_REDHAT},
	{"Red Hat 5",
		{{"/etc/redhat-release",
			"Red Hat Enterprise Linux Server release 5.11 (Tikanga)\n"}},
		"rhel", "5.11", "Red Hat Enterprise Linux Server release 5.11 (Tikanga)",
		FAMILY_REDHAT},
	{"Oracle's before Red Hat's",
		{{"/etc/oracle-release", "Oracle Linux Server release 6.10\n"},
			{"/etc/redhat-release", "Red Hat Enterprise Linux Server release "
						"6.10 (Santiago)\n"}},
		"ol", "6.10", "Oracle Linux Server release 6.10", FAMILY_REDHAT},
	{"Oracle's first name",
		{{"/etc/enterprise-release", "Enterprise Linux Enterprise Linux Server "
					     "release 5.4 (Carthage)\n"},
			{"/etc/redhat-release",
				"Enterprise Linux Enterprise Linux Server release 5.4 "
				"(Carthage)\n"}},
		"ol", "5.4",
		"Enterprise Linux Enterprise Linux Server release 5.4 (Carthage)",
		FAMILY_REDHAT},
	{"Scientific Linux",
		{{"/etc/redhat-release", "Scientific Linux SL release 5.11 (Boron)\n"}},
		"scientific", "5.11", "Scientific Linux SL release 5.11 (Boron)",
		FAMILY_REDHAT},
	{"CloudLinux",
		{{"/etc/redhat-release", "CloudLinux Server release 6.10 (Final)\n"}},
		"cloudlinux", "6.10", "CloudLinux Server release 6.10 (Final)",
		FAMILY_REDHAT},
	{"Fedora", {{"/etc/redhat-release", "Fedora release 12 (Constantine)\n"}},
		"fedora", "12", "Fedora release 12 (Constantine)", FAMILY_REDHAT},
	{"Amazon's first",
		{{"/etc/system-release", "Amazon Linux AMI release 2011.09\n"}}, "amzn",
		"2011.09", "Amazon Linux AMI release 2011.09", FAMILY_REDHAT},
	{"a Red Hat before Enterprise",
		{{"/etc/redhat-release", "Red Hat Linux release 9 (Shrike)\n"}}, "linux",
		"9", "Red Hat Linux release 9 (Shrike)", FAMILY_OTHER},
	{"SLES 11",
		{{"/etc/SuSE-release", "SUSE Linux Enterprise Server 11 (x86_64)\n"
				       "VERSION = 11\nPATCHLEVEL = 4\n"}},
		"sles", "11.4", "SUSE Linux Enterprise Server 11 (x86_64)", FAMILY_SUSE},
	{"SLES 10 without a service pack",
		{{"/etc/SuSE-release", "SUSE Linux Enterprise Server 10 (i586)\n"
				       "VERSION = 10\nPATCHLEVEL = 0\n"}},
		"sles", "10", "SUSE Linux Enterprise Server 10 (i586)", FAMILY_SUSE},
	{"openSUSE",
		{{"/etc/SuSE-release",
			"openSUSE 11.4 (x86_64)\nVERSION = 11.4\nCODENAME = Celadon\n"}},
		"opensuse", "11.4", "openSUSE 11.4 (x86_64)", FAMILY_SUSE},
	{"a product of SUSE's",
		{{"/etc/os-release", "ID=\"sled-hpc\"\nVERSION_ID=\"15.1\"\n"
				     "ID_LIKE=\"suse opensuse\"\n"}},
		"sled-hpc", "15.1", "", FAMILY_SUSE},
	{"Arch before os-release", {{"/etc/arch-release", ""}}, "arch", "", "Arch Linux",
		FAMILY_ARCH},
	{"Alpine", {{"/etc/alpine-release", "3.4.6\n"}}, "alpine", "3.4.6",
		"Alpine Linux 3.4.6", FAMILY_ALPINE},
	{"Gentoo", {{"/etc/gentoo-release", "Gentoo Base System release 2.2\n"}},
		"gentoo", "2.2", "Gentoo Base System release 2.2", FAMILY_GENTOO},
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

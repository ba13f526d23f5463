/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which card each interface is to be, how each family's udev is told, and what is configured by
 * the address of a card that was left behind. */
#include "plan/rules.h"
#include "plan_fixture.h"

#define A "52:54:00:00:00:0a"
#define B "52:54:00:00:00:0b"
#define OLD "00:16:3e:00:00:01"
#define ONE "vda ext4 aaaa /\nnet " A "\nroot /dev/vda"
#define TWO "vda ext4 aaaa /\nnet " A "\nnet " B "\nroot /dev/vda"

#define FSTAB                                                                            \
	{                                                                                \
		"/etc/fstab", "/dev/vda / ext4 d 0 1\n"                                  \
	}
#define SYSTEMD                                                                          \
	{                                                                                \
		"/sbin/init", .link = "/lib/systemd/systemd"                             \
	}
#define EL(banner)                                                                       \
	FSTAB,                                                                           \
	{                                                                                \
		"/etc/redhat-release", banner                                            \
	}
#define EL5                                                                              \
	EL("CentOS release 5.11 (Final)\n"),                                             \
	{                                                                                \
		"/etc/inittab", ""                                                       \
	}
#define EL6                                                                              \
	EL("CentOS release 6.10 (Final)\n"), {"/etc/init/"},                             \
	{                                                                                \
		"/sbin/initctl", "x"                                                     \
	}
#define OS(id, version)                                                                  \
	FSTAB, SYSTEMD,                                                                  \
	{                                                                                \
		"/etc/os-release", "ID=" id "\nVERSION_ID=" version "\n"                 \
	}
#define SUSE(version)                                                                    \
	FSTAB,                                                                           \
	{                                                                                \
		"/etc/SuSE-release",                                                     \
			"SUSE Linux Enterprise Server\nVERSION = " version "\n"          \
	}
#define NET "/etc/sysconfig/network-scripts/ifcfg-"
#define RULES "/etc/udev/rules.d/70-persistent-net.rules"
#define UDEV(mac, name)                                                                  \
	"SUBSYSTEM==\"net\", ACTION==\"add\", DRIVERS==\"?*\", ATTR{address}==\"" mac    \
	"\", ATTR{type}==\"1\", KERNEL==\"eth*\", NAME=\"" name "\"\n"
#define LINK(mac, name)                                                                  \
	"/etc/systemd/network/10-xvd2vd-" name                                           \
	".link: # xvd2vd: keeps the name that this card had on Xen.\n"                   \
	"[Match]\nMACAddress=" mac "\n\n[Link]\nName=" name "\n\n"

/* A step as "path: text", "-path"; then "warnings N" where there are any. */
static const struct row {
	const char *name;
	struct fx_file files[8];
	const char *want;
	const char *machine;
} rows[] = {
	{"EL5 by HWADDR, which is right", {EL5, {NET "eth0", "HWADDR=" A "\n"}}, ""},
	{"EL5 with the address of another card",
		{EL5, {NET "eth0", "DEVICE=eth0\nHWADDR=00:16:3E:00:00:01\n"}},
		NET "eth0: DEVICE=eth0\nHWADDR=52:54:00:00:00:0A\n\n"},
	{"EL5 without an address", {EL5, {NET "eth0", "DEVICE=eth0\nONBOOT=yes\n"}},
		NET "eth0: DEVICE=eth0\nONBOOT=yes\nHWADDR=52:54:00:00:00:0A\n\n"},
	{"EL6 by HWADDR", {EL6, {NET "eth0", "DEVICE=eth0\nHWADDR=" A "\n"}}, ""},
	{"EL6 without an address", {EL6, {NET "eth0", "DEVICE=eth0\n"}},
		RULES ": " UDEV(A, "eth0") "\n"},
	{"EL6 with a rule for another card, too",
		{EL6, {NET "eth0", "DEVICE=eth0\nHWADDR=" OLD "\n"},
			{RULES, UDEV(OLD, "eth0")}},
		RULES ": " UDEV(A, "eth0") "\n" NET "eth0: DEVICE=eth0\nHWADDR=" A
					   "\n\n"},
	{"EL7 does not read .link files",
		{OS("centos", "7"), {NET "eth0", "DEVICE=eth0\n"}},
		RULES ": " UDEV(A, "eth0") "\n"},
	{"EL7 by HWADDR", {OS("rhel", "7.9"), {NET "eth0", "HWADDR=" A "\n"}}, ""},
	{"Amazon Linux 2", {OS("amzn", "2"), {NET "eth0", "DEVICE=eth0\n"}},
		RULES ": " UDEV(A, "eth0") "\n"},
	{"EL8 by HWADDR: the profile's card, not its name",
		{OS("rocky", "8.9"), {NET "eth0", "DEVICE=eth0\nHWADDR=" OLD "\n"}},
		LINK(A, "eth0") NET "eth0: DEVICE=eth0\nHWADDR=" A "\n\n"},
	{"EL9's keyfile",
		{OS("almalinux", "9.3"),
			{"/etc/NetworkManager/system-connections/eth0.nmconnection",
				"[connection]\ninterface-name=eth0\n[ethernet]\n"
				"mac-address=" OLD "\n"}},
		LINK(A, "eth0") "/etc/NetworkManager/system-connections/"
				"eth0.nmconnection: "
				"[connection]\ninterface-name=eth0\n[ethernet]\n"
				"mac-address=" A "\n\n"},
	{"Fedora before and after .link files",
		{OS("fedora", "20"), {NET "eth0", "DEVICE=eth0\n"}},
		RULES ": " UDEV(A, "eth0") "\n"},
	{"Fedora since", {OS("fedora", "21"), {NET "eth0", "DEVICE=eth0\n"}},
		LINK(A, "eth0")},
	{"SLES 10 by the file's name",
		{SUSE("10"), {"/etc/sysconfig/network/ifcfg-eth-id-" OLD, "X='y'\n"},
			{"/etc/sysconfig/network/ifroute-eth-id-" OLD, "default\n"}},
		"/etc/sysconfig/network/ifcfg-eth-id-" A ": X='y'\n\n"
		"-/etc/sysconfig/network/ifcfg-eth-id-" OLD "\n"
		"/etc/sysconfig/network/ifroute-eth-id-" A ": default\n\n"
		"-/etc/sysconfig/network/ifroute-eth-id-" OLD "\n"},
	{"SLES 10 names a card by itself",
		{SUSE("10"), {"/etc/sysconfig/network/ifcfg-eth0", ""}}, ""},
	{"SLES 10 by its rule",
		{SUSE("10"), {"/etc/sysconfig/network/ifcfg-eth0", ""},
			{"/etc/udev/rules.d/30-net_persistent_names.rules",
				"SUBSYSTEM==\"net\", SYSFS{address}==\"" OLD
				"\", IMPORT=\"/lib/udev/rename_netiface %k eth0\"\n"}},
		"/etc/udev/rules.d/30-net_persistent_names.rules: "
		"SUBSYSTEM==\"net\", SYSFS{address}==\"" A
		"\", IMPORT=\"/lib/udev/rename_netiface %k eth0\"\n\n"},
	{"SLES 12, systemd or not",
		{OS("sles", "12.4"), {"/etc/sysconfig/network/ifcfg-eth0", ""}},
		RULES ": " UDEV(A, "eth0") "\n"},
	{"netplan names by address",
		{OS("ubuntu", "22.04"),
			{"/etc/netplan/a.yaml",
				"ethernets:\n  a:\n    match: {macaddress: " OLD
				"}\n    set-name: eth0\n"}},
		"/etc/netplan/a.yaml: ethernets:\n  a:\n    match: {macaddress: " A
		"}\n    set-name: eth0\n\n"},
	{"netplan's card, whatever its name",
		{OS("ubuntu", "22.04"),
			{"/etc/netplan/a.yaml",
				"ethernets:\n  a:\n    match:\n      macaddress: " A
				"\n"}},
		""},
	{"networkd, enX0",
		{OS("debian", "13"),
			{"/etc/systemd/network/x.network", "[Match]\nName=enX0\n"}},
		LINK(A, "enX0")},
	{"Gentoo's link",
		{{"/etc/gentoo-release", "Gentoo Base System release 2.1\n"}, FSTAB,
			{"/sbin/openrc", "x"}, {"/etc/udev/rules.d/"},
			{"/etc/runlevels/default/net.eth0",
				.link = "/etc/init.d/net.eth0"},
			{"/etc/runlevels/boot/net.lo", .link = "/etc/init.d/net.lo"}},
		RULES ": " UDEV(A, "eth0") "\n"},
	{"Alpine has nothing that renames",
		{{"/etc/alpine-release", "3.16.0\n"}, FSTAB, {"/etc/inittab", ""},
			{"/sbin/openrc", "x"},
			{"/etc/network/interfaces", "auto eth0\niface eth0 inet dhcp\n"}},
		""},
	{"by address, not by order",
		{OS("debian", "12"),
			{"/etc/systemd/network/0.network",
				"[Match]\nName=eth0\nMACAddress=" B "\n"},
			{"/etc/systemd/network/1.network", "[Match]\nName=eth1\n"}},
		LINK(B, "eth0") LINK(A, "eth1"), TWO},
	{"a rule knows which is which",
		{FX_DEBIAN, FSTAB, SYSTEMD,
			{"/etc/network/interfaces", "auto eth0 eth1\n"},
			{RULES, UDEV(B, "eth0")}},
		LINK(A, "eth1"), TWO},
	{"a rule that gives this card another name",
		{FX_DEBIAN, FSTAB, SYSTEMD, {"/etc/network/interfaces", "auto eth0\n"},
			{RULES, UDEV(A, "eth1")}},
		RULES ": " UDEV(A, "eth0") "\n"},
	{"a rule for a card that is not here does no harm to a .link file",
		{FX_DEBIAN, FSTAB, SYSTEMD, {"/etc/network/interfaces", "auto eth0\n"},
			{RULES, UDEV(OLD, "eth0")}},
		LINK(A, "eth0")},
	{"one of two is known, the other not here",
		{EL6, {NET "eth0", "DEVICE=eth0\nHWADDR=" A "\n"},
			{NET "eth1", "DEVICE=eth1\nHWADDR=" OLD "\n"}},
		"warnings 1\n"},
	{"a card more than is configured",
		{EL6, {NET "eth0", "DEVICE=eth0\nHWADDR=" B "\n"}}, "", TWO},
	{"eth2 before eth10",
		{FX_DEBIAN, FSTAB, SYSTEMD,
			{"/etc/network/interfaces", "auto eth10 eth2\n"}},
		LINK(A, "eth2") LINK(B, "eth10"), TWO},
};

START_TEST(naming)
{
	const struct row *row = &rows[_i];
	struct strbuf got = {0};
	struct plan_fx p;
	struct err e = {0};

	plan_fx_load(&p, row->machine ? row->machine : ONE, row->files,
		ARRAY_SIZE(row->files), NULL);
	ck_assert_msg(rule_network(&p.in, &p.plan, &e) == 0, "%s: %s", row->name, e.text);
	for (size_t i = 0; i < p.plan.n_steps; i++) {
		const struct step *s = &p.plan.steps[i];

		ck_assert_str_eq(s->id, "network");
		if (s->kind == STEP_REMOVE)
			strbuf_addf(&got, "-%s\n", s->path);
		else
			strbuf_addf(&got, "%s: %s\n", s->path, s->content.p);
	}
	if (p.plan.warnings.n)
		strbuf_addf(&got, "warnings %zu\n", p.plan.warnings.n);
	check_bytes(row->name, strbuf_str(&got), str_from(row->want));
	strbuf_done(&got);
	plan_fx_done(&p);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, naming, 0, ARRAY_SIZE(rows));
}

int main(void)
{
	return check_main("rule_network", add);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of configured interfaces: ifupdown and netplan. */
#include "check_main.h"
#include "text/interfaces.h"

typedef int reader(struct str in, struct strv *ret);

static const struct {
	const char *name;
	reader *read;
	struct str in;
	const char *want; /* joined by blanks */
} rows[] = {
	{"xen-tools", interfaces_names,
		S("auto lo\niface lo inet loopback\n\nauto eth0\niface eth0 inet static\n"
		  " address 192.0.2.5\n post-up ethtool -K eth9 tx off\n"),
		"eth0"},
	{"several, CRLF, tabs", interfaces_names,
		S("auto\tlo eth0 eth1\r\nallow-hotplug ens3\r\niface enX0 inet6 auto"),
		"eth0 eth1 ens3 enX0"},
	{"aliases, vlans, others", interfaces_names,
		S("auto eth0:1 eth0.5 br0 bond0 wlan0 tun0 eth eth* /eth0 ethernet-1\n"),
		""},
	{"continued", interfaces_names, S("auto eth0 \\\n eth1\\\n\teth2\nx eth3\n"),
		"eth0 eth1 eth2"},
	{"comments", interfaces_names, S("#auto eth0\n # iface eth1\nauto eth2\n"),
		"eth2"},
	{"only the name", interfaces_names, S("iface eth0 inet6 eth1\nmapping eth2\n"),
		"eth0"},
	{"logical name", interfaces_names, S("auto eth0=home\n"), "eth0"},
	{"too long", interfaces_names, S("auto eth0123456789012\nauto eth012345678901\n"),
		"eth012345678901"},
	{"malformed", interfaces_names,
		S("auto\niface\n\\\n\0auto eth0\nauto eth1\0 eth2\n"), "eth2"},
	{"empty", interfaces_names, S(""), ""},
	{"netplan", netplan_names,
		S("network:\n  version: 2\n  renderer: networkd\n  ethernets:\n    "
		  "eth0:\n"
		  "      dhcp4: true\n      nameservers:\n        addresses:\n        - "
		  "192.0.2.1\n"
		  "    \"eth1\":\n      addresses: [192.0.2.7/24]\n  vlans:\n    v5:\n   "
		  "   id: 5\n"),
		"eth0 eth1"},
	{"netplan match", netplan_names,
		S("network:\n  ethernets:\n    id0:\n      match:\n        macaddress: "
		  "a\n"
		  "      set-name: eth0\n    ens3: {dhcp4: true}\n    x: {match: "
		  "{driver: y}}\n"
		  "    eth2:\n      routes:\n      - to: default\n        match: x\n"),
		"ens3 eth2"},
	{"netplan at the margin", netplan_names,
		S("ethernets:\n eth0:\n\n# c\n  dhcp4: no\n eth1: # c\nwifis:\n "
		  "wlan0:\n"),
		"eth0 eth1"},
	{"netplan CRLF", netplan_names, S("ethernets:\r\n  eth0:\r\n    dhcp4: yes\r\n"),
		"eth0"},
	{"netplan malformed", netplan_names,
		S("ethernets: x\nethernets:\n  a\0b:\n  - c\n  : d\n  http://x\n"
		  "  abcdefghijklmnop:\n"),
		""},
	{"netplan empty", netplan_names, S(""), ""},
};

START_TEST(reading)
{
	struct strv names = {0};
	struct strbuf joined = {0};

	ck_assert_int_eq(rows[_i].read(rows[_i].in, &names), 0);
	STRV_FOREACH (name, &names) {
		strbuf_addf(&joined, "%s%s", joined.n ? " " : "", *name);
	}
	check_bytes(rows[_i].name, strbuf_str(&joined), str_from(rows[_i].want));
	strbuf_done(&joined);
	strv_done(&names);
}
END_TEST

/* More names than any machine has are not looked at. */
START_TEST(many)
{
	struct strbuf in = {0};
	struct strv names = {0};

	strbuf_adds(&in, "auto");
	for (int i = 0; i < 100000; i++)
		strbuf_addf(&in, " eth%d", i);
	ck_assert_int_eq(interfaces_names(strbuf_str(&in), &names), 0);
	ck_assert_uint_eq(names.n, 256);
	strbuf_done(&in);
	strv_done(&names);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, reading, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, many);
}

int main(void)
{
	return check_main("interfaces", add);
}

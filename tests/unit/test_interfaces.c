/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of configured interfaces: ifupdown and netplan. */
#include "check_main.h"
#include "text/interfaces.h"

typedef int reader(struct str in, struct netifs *ret);

static const struct {
	const char *name;
	reader *read;
	struct str in;
	const char *want; /* "name", "name=mac", "=mac", '!' where that names it */
} rows[] = {
	{"xen-tools", interfaces_netifs,
		S("auto lo\niface lo inet loopback\n\nauto eth0\niface eth0 inet static\n"
		  " address 192.0.2.5\n post-up ethtool -K eth9 tx off\n"),
		"eth0"},
	{"several, CRLF, tabs", interfaces_netifs,
		S("auto\tlo eth0 eth1\r\nallow-hotplug ens3\r\niface enX0 inet6 auto"),
		"eth0 eth1 ens3 enX0"},
	{"aliases, vlans, others", interfaces_netifs,
		S("auto eth0:1 eth0.5 br0 bond0 wlan0 tun0 eth eth* /eth0 ethernet-1\n"),
		""},
	{"continued", interfaces_netifs, S("auto eth0 \\\n eth1\\\n\teth2\nx eth3\n"),
		"eth0 eth1 eth2"},
	{"comments", interfaces_netifs, S("#auto eth0\n # iface eth1\nauto eth2\n"),
		"eth2"},
	{"only the name", interfaces_netifs, S("iface eth0 inet6 eth1\nmapping eth2\n"),
		"eth0"},
	{"logical name", interfaces_netifs, S("auto eth0=home\n"), "eth0"},
	{"too long", interfaces_netifs,
		S("auto eth0123456789012\nauto eth012345678901\n"), "eth012345678901"},
	{"malformed", interfaces_netifs,
		S("auto\niface\n\\\n\0auto eth0\nauto eth1\0 eth2\n"), "eth2"},
	{"empty", interfaces_netifs, S(""), ""},
	{"netplan", netplan_netifs,
		S("network:\n  version: 2\n  renderer: networkd\n  ethernets:\n    "
		  "eth0:\n"
		  "      dhcp4: true\n      nameservers:\n        addresses:\n        - "
		  "192.0.2.1\n"
		  "    \"eth1\":\n      addresses: [192.0.2.7/24]\n  vlans:\n    v5:\n   "
		  "   id: 5\n"),
		"eth0 eth1"},
	{"netplan match", netplan_netifs,
		S("network:\n  ethernets:\n    id0:\n      match:\n        macaddress: "
		  "a\n"
		  "      set-name: eth0\n    ens3: {dhcp4: true}\n    x: {match: "
		  "{driver: y}}\n"
		  "    eth2:\n      routes:\n      - to: default\n        match: x\n"),
		"eth0 ens3 eth2"},
	{"netplan by address", netplan_netifs,
		S("network:\n  ethernets:\n    id0:\n      dhcp4: true\n      match:\n"
		  "        macaddress: \"00:16:3E:0A:0B:0C\"\n      set-name: eth0\n"
		  "    id1:\n      match: {macaddress: '00:16:3e:0a:0b:0d'}\n"
		  "      macaddress: 00:16:3e:ff:ff:ff\n"
		  "    id2: {match: {macaddress: 00:16:3e:0a:0b:0e}}\n"
		  "    eth3:\n      macaddress: 00:16:3e:0a:0b:0f\n"
		  "    id4:\n      match:\n        driver: vif\n"),
		"eth0=00:16:3e:0a:0b:0c! =00:16:3e:0a:0b:0d =00:16:3e:0a:0b:0e eth3"},
	{"netplan at the margin", netplan_netifs,
		S("ethernets:\n eth0:\n\n# c\n  dhcp4: no\n eth1: # c\nwifis:\n "
		  "wlan0:\n"),
		"eth0 eth1"},
	{"netplan CRLF", netplan_netifs, S("ethernets:\r\n  eth0:\r\n    dhcp4: yes\r\n"),
		"eth0"},
	{"netplan malformed", netplan_netifs,
		S("ethernets: x\nethernets:\n  a\0b:\n  - c\n  : d\n  http://x\n"
		  "  abcdefghijklmnop:\n"),
		""},
	{"conf.d/net", conf_d_net_netifs,
		S("# config_eth5=\"dhcp\"\nconfig_eth0=\"10.0.0.2/24\"\n"
		  "routes_eth0=\"default via 10.0.0.1\"\nconfig_br0=\"dhcp\"\n"
		  "dhcp_eth1=\"nodns\"\nxconfig_eth2=\"\"\nconfig_eth3\n"),
		"eth0 eth1"},
	{"netplan empty", netplan_netifs, S(""), ""},
};

START_TEST(reading)
{
	struct netifs l = {0};
	struct strbuf joined = {0};

	ck_assert_int_eq(rows[_i].read(rows[_i].in, &l), 0);
	for (size_t i = 0; i < l.n; i++)
		strbuf_addf(&joined, "%s%s%s%s%s", i ? " " : "", l.v[i].name,
			*l.v[i].mac ? "=" : "", l.v[i].mac, l.v[i].names ? "!" : "");
	check_bytes(rows[_i].name, strbuf_str(&joined), str_from(rows[_i].want));
	strbuf_done(&joined);
	netifs_done(&l);
}
END_TEST

/* More names than any machine has are not looked at. */
START_TEST(many)
{
	struct strbuf in = {0};
	struct netifs l = {0};

	strbuf_adds(&in, "auto");
	for (int i = 0; i < 100000; i++)
		strbuf_addf(&in, " eth%d", i);
	ck_assert_int_eq(interfaces_netifs(strbuf_str(&in), &l), 0);
	ck_assert_uint_eq(l.n, 256);
	strbuf_done(&in);
	netifs_done(&l);
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

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest's static address, from each kind of file that may hold it. */
#include <stdio.h>

#include "check_main.h"
#include "text/ip_config.h"

static const struct row {
	const char *what;
	bool (*read)(struct str in, struct ip_config *ret);
	struct str in;
	bool found;
	const char *iface, *address;
	unsigned prefix;
	const char *gateway, *dns;
} rows[] = {
	{"ifupdown", interfaces_ip,
		S("# The loopback\nauto lo\niface lo inet loopback\n\nauto eth0\n"
		  "iface eth0 inet static\n address 192.0.2.10\n netmask "
		  "255.255.255.192\n"
		  " gateway 192.0.2.1\n dns-nameservers 192.0.2.2 192.0.2.3\n"),
		true, "eth0", "192.0.2.10", 26, "192.0.2.1", "192.0.2.2 192.0.2.3"},
	{"ifupdown, prefix", interfaces_ip,
		S("iface ens3 inet static\n\taddress 10.0.0.5/8\n"), true, "ens3",
		"10.0.0.5", 8, "", ""},
	{"ifupdown, second card", interfaces_ip,
		S("iface eth0 inet dhcp\n address 1.2.3.4/24\n"
		  "iface eth1 inet static\naddress 1.2.3.5\nnetmask 24\n"),
		true, "eth1", "1.2.3.5", 24, "", ""},
	{"ifupdown, first of two", interfaces_ip,
		S("iface eth0 inet static\naddress 1.1.1.1/24\n"
		  "iface eth1 inet static\naddress 2.2.2.2/24\n"),
		true, "eth0", "1.1.1.1", 24, "", ""},
	{"ifupdown, IPv6", interfaces_ip,
		S("iface eth0 inet6 static\naddress 2001:db8::1/64\n"), false},
	{"ifupdown, no netmask", interfaces_ip,
		S("iface eth0 inet static\naddress 1.1.1.1\n"), false},
	{"ifupdown, mask with a hole", interfaces_ip,
		S("iface eth0 inet static\naddress 1.1.1.1\nnetmask 255.0.255.0\n"),
		false},
	{"ifupdown, no address", interfaces_ip,
		S("iface eth0 inet static\naddress $(reboot)\nnetmask 255.0.0.0\n"),
		false},
	{"ifcfg", ifcfg_ip,
		S("DEVICE=eth0\nBOOTPROTO=none\nIPADDR=192.0.2.10\nNETMASK=255.255.255."
		  "0\n"
		  "GATEWAY=\"192.0.2.1\"\nDNS1=192.0.2.2\n"),
		true, "eth0", "192.0.2.10", 24, "192.0.2.1", "192.0.2.2 "},
	{"ifcfg of SUSE", ifcfg_ip, S("BOOTPROTO='static'\nIPADDR='192.0.2.10/24'\n"),
		true, "", "192.0.2.10", 24, "", ""},
	{"ifcfg, DHCP", ifcfg_ip, S("DEVICE=eth0\nBOOTPROTO=dhcp\n"), false},
	{"ifcfg, loopback", ifcfg_ip,
		S("DEVICE=lo\nIPADDR=127.0.0.1\nNETMASK=255.0.0.0\n"), false},
	{"netplan", netplan_ip,
		S("network:\n  version: 2\n  ethernets:\n    eth0:\n      addresses: "
		  "[192.0.2.10/24, \"2001:db8::1/64\"]\n      gateway4: 192.0.2.1\n"
		  "      nameservers:\n        addresses: [192.0.2.2, 192.0.2.3]\n"),
		true, "eth0", "192.0.2.10", 24, "192.0.2.1", "192.0.2.2 192.0.2.3"},
	{"netplan, blocks and routes", netplan_ip,
		S("network:\n  ethernets:\n    ens3:\n      addresses:\n"
		  "        - 192.0.2.10/24\n        - 192.0.2.11/24\n      routes:\n"
		  "        - to: default\n          via: 192.0.2.1\n      nameservers:\n"
		  "        search: [example.org]\n        addresses:\n        - "
		  "192.0.2.2\n"),
		true, "ens3", "192.0.2.10", 24, "192.0.2.1", "192.0.2.2 "},
	{"netplan, DHCP", netplan_ip,
		S("network:\n  ethernets:\n    eth0:\n      dhcp4: true\n"), false},
	{"netplan, a bridge's address", netplan_ip,
		S("network:\n  ethernets:\n    eth0: {}\n  bridges:\n    br0:\n"
		  "      addresses: [192.0.2.10/24]\n"),
		false},
	{"networkd", networkd_ip,
		S("[Match]\nName=eth0\n\n[Network]\nAddress=192.0.2.10/24\n"
		  "Gateway=192.0.2.1\nDNS=192.0.2.2\n"),
		true, "eth0", "192.0.2.10", 24, "192.0.2.1", "192.0.2.2 "},
	{"networkd, DHCP", networkd_ip, S("[Match]\nName=e*\n[Network]\nDHCP=yes\n"),
		false},
	{"resolv.conf", resolv_conf_dns,
		S("# by hand\nnameserver 127.0.0.53\nsearch example.org\n"
		  "nameserver 192.0.2.2\nnameserver ::1\nnameserver 192.0.2.3\n"),
		true, "", "", 99, "", "192.0.2.2 192.0.2.3"},
	{"resolv.conf, a server of its own", resolv_conf_dns, S("nameserver 127.0.0.1\n"),
		false},
	{"nothing", networkd_ip, S(""), false},
};

START_TEST(reads)
{
	const struct row *r = &rows[_i];
	struct ip_config c = {.prefix = 99};

	ck_assert_msg(r->read(r->in, &c) == r->found, "%s", r->what);
	if (!r->found) {
		ck_assert_msg(c.prefix == 99, "%s: changed all the same", r->what);
		return;
	}
	ck_assert_str_eq(c.iface, r->iface);
	ck_assert_str_eq(c.address, r->address);
	ck_assert_uint_eq(c.prefix, r->prefix);
	ck_assert_str_eq(c.gateway, r->gateway);
	if (*r->dns) {
		char dns[40];

		snprintf(dns, sizeof(dns), "%s %s", c.dns[0], c.dns[1]);
		ck_assert_str_eq(dns, r->dns);
	} else {
		ck_assert_str_eq(c.dns[0], "");
	}
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, reads, 0, ARRAY_SIZE(rows));
}

int main(void)
{
	return check_main("ip_config", add);
}

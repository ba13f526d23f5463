/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Interfaces that files of sections and keys are about. */
#include "check_main.h"
#include "text/net_keyfile.h"

#define MAC "00:16:3e:0a:0b:0c"

static const struct {
	const char *name;
	struct str in;
	const char *want; /* "name mac"; "" nothing */
} rows[] = {
	{"NetworkManager",
		S("[connection]\nid=eth0\ntype=ethernet\ninterface-name=eth0\n\n"
		  "[ethernet]\nmac-address=00:16:3E:0A:0B:0C\n\n[ipv4]\nmethod=auto\n"),
		"eth0 " MAC},
	{"an older one's name for ethernet", S("[802-3-ethernet]\nmac-address=" MAC "\n"),
		" " MAC},
	{"wifi", S("[connection]\ninterface-name=wlan0\n[wifi]\nmac-address=" MAC "\n"),
		""},
	{"networkd", S("[Match]\r\nName = eth0 eth1\r\n[Network]\r\nDHCP=yes\r\n"),
		"eth0 "},
	{"networkd by address", S("# c\n[Match]\nMACAddress=" MAC "\n"), " " MAC},
	{"networkd, all", S("[Match]\nName=en*\n"), ""},
	{"the address to be given", S("[Match]\nName=eth0\n[Link]\nMACAddress=" MAC "\n"),
		"eth0 "},
	{"netctl",
		S("Description='A basic dhcp connection'\nInterface=eth0\n"
		  "Connection=ethernet\nIP=dhcp\n"),
		"eth0 "},
	{"netctl with quotes", S("Interface='eth0'\n"), "eth0 "},
	{"malformed", S("[Match\nName\n=\n\0[Match]\n"), ""},
	{"empty", S(""), ""},
};

START_TEST(reading)
{
	struct netifs l = {0};
	struct strbuf got = {0};

	ck_assert_int_eq(net_keyfile_netifs(rows[_i].in, &l), 0);
	ck_assert_uint_le(l.n, 1);
	if (l.n)
		strbuf_addf(&got, "%s %s", l.v[0].name, l.v[0].mac);
	check_bytes(rows[_i].name, strbuf_str(&got), str_from(rows[_i].want));
	strbuf_done(&got);
	netifs_done(&l);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, reading, 0, ARRAY_SIZE(rows));
}

int main(void)
{
	return check_main("net_keyfile", add);
}

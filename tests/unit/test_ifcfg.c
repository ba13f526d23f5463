/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What ifcfg files and keyfiles configure. */
#include "check_main.h"
#include "text/ifcfg.h"

#define MAC "00:16:3e:0a:0b:0c"

static const struct {
	const char *name, *suffix;
	struct str in;
	const char *want; /* "name mac", '!' where that names it; "" nothing */
} rows[] = {
	{"EL5", "eth0", S("# Xen\nDEVICE=eth0\nHWADDR=00:16:3E:0A:0B:0C\nONBOOT=yes\n"),
		"eth0 " MAC "!"},
	{"quotes", "x", S("DEVICE=\"eth1\"\nHWADDR='" MAC "'\n"), "eth1 " MAC "!"},
	{"any card", "eth0", S("DEVICE=eth0\nBOOTPROTO=dhcp\n"), "eth0 "},
	{"by the suffix", "eth2", S("BOOTPROTO='dhcp'\nSTARTMODE='auto'\n"), "eth2 "},
	{"SLES 10", "eth-id-00:16:3E:0a:0b:0c", S("BOOTPROTO='static'\n"), " " MAC},
	{"a profile by its card", "Wired_connection_1",
		S("TYPE=Ethernet\nHWADDR=" MAC "\n"), " " MAC "!"},
	{"a bridge", "br0", S("DEVICE=br0\nTYPE=Bridge\nHWADDR=" MAC "\n"), ""},
	{"loopback", "lo", S("DEVICE=lo\nIPADDR=127.0.0.1\n"), ""},
	{"an alias", "eth0:1", S("DEVICE=eth0:1\n"), ""},
	{"a copy", "eth0.bak", S("DEVICE=eth0\nHWADDR=" MAC "\n"), ""},
	{"another copy", "eth0~", S("DEVICE=eth0\n"), ""},
	{"no address", "eth0", S("DEVICE=eth0\nHWADDR=00:16\n"), "eth0 "},
	{"no such id", "eth-id-x", S(""), ""},
};

START_TEST(reading)
{
	struct netifs l = {0};
	struct strbuf got = {0};

	ck_assert_int_eq(ifcfg_netifs(rows[_i].in, str_from(rows[_i].suffix), &l), 0);
	ck_assert_uint_le(l.n, 1);
	if (l.n)
		strbuf_addf(&got, "%s %s%s", l.v[0].name, l.v[0].mac,
			l.v[0].names ? "!" : "");
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
	return check_main("ifcfg", add);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses of cards as values of keys. */
#include "check_main.h"
#include "text/mac_keys.h"

#define OLD "00:16:3e:0a:0b:0c"
#define NEW "52:54:00:ab:cd:ef"

static const struct mac_edit hwaddr = {"HWADDR", OLD, "52:54:00:AB:CD:EF"},
			     yaml = {"macaddress", OLD, NEW},
			     keyfile = {"mac-address", OLD, NEW},
			     nothing = {"HWADDR", OLD, ""};

static const struct check_row rows[] = {
	{"ifcfg", S("DEVICE=eth0\nHWADDR=" OLD "\nONBOOT=yes\n"),
		S("DEVICE=eth0\nHWADDR=" NEW "\nONBOOT=yes\n"), 1},
	{"in capitals and quotes", S("HWADDR=\"00:16:3E:0A:0B:0C\"\n"),
		S("HWADDR=\"52:54:00:AB:CD:EF\"\n"), 1},
	{"no newline", S("HWADDR=" OLD), S("HWADDR=" NEW), 1},
	{"another card", S("HWADDR=00:16:3e:0a:0b:0d\n"), S(""), 0},
	{"other keys", S("MACADDR=" OLD "\nXHWADDR=" OLD "\nHWADDR_X=" OLD "\n"), S(""),
		0},
	{"comments", S("#HWADDR=" OLD "\n # HWADDR=" OLD "\n;HWADDR=" OLD "\n#"), S(""),
		0},
	{"behind a comment", S("# x\nHWADDR=" OLD "\n"), S("# x\nHWADDR=" NEW "\n"), 1},
	{"too long", S("HWADDR=" OLD ":00\nHWADDR=" OLD "d\n"), S(""), 0},
	{"cut", S("HWADDR=00:16:3e:0a:0b:0\nHWADDR=\nHWADDR"), S(""), 0},
	{"netplan", S("    match:\n      macaddress: '" OLD "'\n"),
		S("    match:\n      macaddress: '" NEW "'\n"), 1, 0, &yaml},
	{"netplan's flow style, twice",
		S("a: {match: {\"macaddress\" : " OLD "}}\nb: {match: {macaddress: " OLD
		  "}}"),
		S("a: {match: {\"macaddress\" : " NEW "}}\nb: {match: {macaddress: " NEW
		  "}}"),
		1, 0, &yaml},
	{"NetworkManager",
		S("[ethernet]\nmac-address=" OLD "\nmac-address-blacklist=" OLD
		  "\ncloned-mac-address=" OLD "\n"),
		S("[ethernet]\nmac-address=" NEW "\nmac-address-blacklist=" OLD
		  "\ncloned-mac-address=" OLD "\n"),
		1, 0, &keyfile},
	{"empty", S(""), S(""), 0},
};

static int edit(struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return mac_keys_replace(in, req, ret_out, e);
}

START_TEST(edits)
{
	check_editor_laws(&rows[_i], edit, &hwaddr, &nothing);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, edits, 0, ARRAY_SIZE(rows));
}

int main(void)
{
	return check_main("mac_keys", add);
}

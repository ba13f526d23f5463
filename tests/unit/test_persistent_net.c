/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of interfaces by address: udev rules and .link files. */
#include <errno.h>

#include "check_main.h"
#include "text/persistent_net.h"

#define MAC "00:16:3e:0a:0b:0c"
#define RULE(mac, name)                                                                  \
	"SUBSYSTEM==\"net\", ACTION==\"add\", DRIVERS==\"?*\", ATTR{address}==\"" mac    \
	"\", ATTR{type}==\"1\", KERNEL==\"eth*\", NAME=\"" name "\"\n"
#define OTHER "00:16:3e:ff:ff:ff"

static const char *const request[] = {MAC, "eth0"};
static const char *const upper[] = {"00:16:3E:0A:0B:0C", "eth0"};
static const char *const nothing[] = {"", "eth0"};
static const char *const no_mac[] = {"00:16:3e:0a:0b", "eth0"};
static const char *const bad_name[] = {MAC, "eth0\", RUN+=\"x"};
static const char *const long_name[] = {MAC, "eth0123456789012"};

static const struct check_row rows[] = {
	{"into an empty file", S(""), S(RULE(MAC, "eth0")), 1},
	{"in lower case", S(""), S(RULE(MAC, "eth0")), 1, 0, upper},
	{"behind others", S("# This file was generated\n" RULE(OTHER, "eth1")),
		S("# This file was generated\n" RULE(OTHER, "eth1") RULE(MAC, "eth0")), 1,
		ROW_NO_CRLF},
	{"no final newline", S("# c"), S("# c\n" RULE(MAC, "eth0")), 1, ROW_NO_CRLF},
	{"right already", S("\n" RULE(MAC, "eth0")), S(""), 0},
	{"gets the name", S(RULE(MAC, "eth1")), S(RULE(MAC, "eth0")), 1},
	{"gets the address", S(RULE(OTHER, "eth0")), S(RULE(MAC, "eth0")), 1},
	{"address in upper case", S(RULE("00:16:3E:0A:0B:0C", "eth0")),
		S(RULE(MAC, "eth0")), 1},
	{"name of another", S(RULE(OTHER, "eth0") RULE(MAC, "eth1") "# c\n"),
		S(RULE(MAC, "eth0") "# c\n"), 1},
	{"two of the name", S(RULE(OTHER, "eth0") RULE("00:16:3e:ff:ff:fe", "eth0")),
		S(RULE(MAC, "eth0")), 1},
	{"names that begin alike", S(RULE(OTHER, "eth01") RULE(OTHER, "eth")),
		S(RULE(OTHER, "eth01") RULE(OTHER, "eth") RULE(MAC, "eth0")), 1,
		ROW_NO_CRLF},
	{"comment", S("#" RULE(MAC, "eth0")), S("#" RULE(MAC, "eth0") RULE(MAC, "eth0")),
		1, ROW_NO_CRLF},
	{"continued, NAME first, tabs",
		S("NAME:=\"eth1\",\\\n\tSUBSYSTEM==\"net\",\tATTRS{address}==\"" MAC
		  "\""),
		S("NAME:=\"eth0\",\\\n\tSUBSYSTEM==\"net\",\tATTRS{address}==\"" MAC
		  "\""),
		1, ROW_NO_CRLF},
	{"SUSE Linux Enterprise 10",
		S("SUBSYSTEM==\"net\", ACTION==\"add\", SYSFS{address}==\"" OTHER
		  "\", IMPORT=\"/lib/udev/rename_netiface %k eth0\"\n"),
		S("SUBSYSTEM==\"net\", ACTION==\"add\", SYSFS{address}==\"" MAC
		  "\", IMPORT=\"/lib/udev/rename_netiface %k eth0\"\n"),
		1},
	{"another import",
		S("SUBSYSTEM==\"net\", SYSFS{address}==\"" MAC
		  "\", IMPORT=\"/lib/udev/x %k eth0\"\n"),
		S("SUBSYSTEM==\"net\", SYSFS{address}==\"" MAC
		  "\", IMPORT=\"/lib/udev/x %k eth0\"\n" RULE(MAC, "eth0")),
		1, ROW_NO_CRLF},
	{"old attribute", S("SYSFS{address}==\"" MAC "\", NAME=\"lan\"\n"),
		S("SYSFS{address}==\"" MAC "\", NAME=\"eth0\"\n"), 1},
	{"a rule for Xen's driver matches nothing now",
		S("SUBSYSTEM==\"net\", DRIVERS==\"vif\", ATTR{address}==\"" MAC
		  "\", NAME=\"eth0\"\n"),
		S(RULE(MAC, "eth0")), 1, ROW_NO_CRLF},
	{"another subsystem",
		S("SUBSYSTEM==\"usb\", ATTR{address}==\"" MAC "\", NAME=\"x\"\n"),
		S("SUBSYSTEM==\"usb\", ATTR{address}==\"" MAC
		  "\", NAME=\"x\"\n" RULE(MAC, "eth0")),
		1, ROW_NO_CRLF},
	{"by path", S("SUBSYSTEM==\"net\", KERNELS==\"0000:00:03.0\", NAME=\"eth0\"\n"),
		S("SUBSYSTEM==\"net\", KERNELS==\"0000:00:03.0\", NAME=\"eth0\"\n" RULE(
			MAC, "eth0")),
		1, ROW_NO_CRLF},
	{"never to be ended", S("x, \\"), S("x, \\\n\n" RULE(MAC, "eth0")), 1,
		ROW_NO_CRLF},
	{"to be continued", S("x, \\\n"), S("x, \\\n\n" RULE(MAC, "eth0")), 1,
		ROW_NO_CRLF},
	{"malformed, NUL",
		S("ATTR{address}==\"" MAC
		  "\", NAME=\"x\n\0ATTR{address}\nNAME==\"eth0\"\n"),
		S("ATTR{address}==\"" MAC
		  "\", NAME=\"x\n\0ATTR{address}\nNAME==\"eth0\"\n" RULE(MAC, "eth0")),
		1, ROW_NO_CRLF},
	{"no address", S(""), S(""), -EINVAL, 0, no_mac},
	{"quote in a name", S(""), S(""), -EINVAL, 0, bad_name},
	{"too long a name", S(""), S(""), -EINVAL, 0, long_name},
};

static int editor(struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	const char *const *names = req;

	return persistent_net_set(in, names[0], names[1], ret_out, e);
}

START_TEST(setting)
{
	check_editor_laws(&rows[_i], editor, request, nothing);
}
END_TEST

START_TEST(finding)
{
	struct str name, in = STR("#" RULE(MAC, "no") RULE(OTHER, "eth1")
					 RULE("00:16:3E:0A:0B:0C", "eth0"));

	ck_assert(persistent_net_find(in, STR(MAC), &name));
	check_bytes("name", name, STR("eth0"));
	ck_assert(persistent_net_find(in, STR("00:16:3E:FF:FF:FF"), &name));
	check_bytes("name", name, STR("eth1"));
	ck_assert(!persistent_net_find(in, STR("00:16:3e:ff:ff:f"), &name));
	ck_assert(!persistent_net_find(STR(""), STR(MAC), &name));
}
END_TEST

static const struct {
	const char *name;
	struct str in;
	bool ret;
	struct str mac, ifname;
} links[] = {
	{"pinned", S("# c\n[Match]\nMACAddress=" MAC "\n\n[Link]\nName=eth0\n"), true,
		S(MAC), S("eth0")},
	{"CRLF, blanks, list",
		S("[Match]\r\n MACAddress = " MAC " " OTHER "\r\n[Link]\r\nName = eth0"),
		true, S(MAC), S("eth0")},
	{"wrong section", S("[Link]\nMACAddress=" MAC "\nName=eth0\n"), false},
	{"no name", S("[Match]\nMACAddress=" MAC "\n[Link]\n#Name=eth0\n;Name=eth0\n"),
		false},
	{"empty values", S("[Match]\nMACAddress=\n[Link]\nName=\n"), false},
	{"malformed", S("[Match\nMACAddress\n[Link]\nName\n\0=\n"), false},
	{"empty", S(""), false},
};

START_TEST(linking)
{
	struct str mac = {0}, name = {0};

	ck_assert_msg(link_file_get(links[_i].in, &mac, &name) == links[_i].ret, "%s",
		links[_i].name);
	check_bytes(links[_i].name, mac, links[_i].mac);
	check_bytes(links[_i].name, name, links[_i].ifname);
}
END_TEST

START_TEST(long_line)
{
	struct strbuf in = {0}, want = {0};

	for (int i = 0; i < 100000; i++)
		strbuf_adds(&in, "A==\"b\",\\\n");
	strbuf_add(&want, strbuf_str(&in));
	strbuf_adds(&want, "\n" RULE(MAC, "eth0"));
	check_editor_run("long", editor, request, strbuf_str(&in), 1, strbuf_str(&want));
	strbuf_done(&in);
	strbuf_done(&want);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, setting, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, finding);
	tcase_add_loop_test(tc, linking, 0, ARRAY_SIZE(links));
	tcase_add_test(tc, long_line);
}

int main(void)
{
	return check_main("persistent_net", add);
}

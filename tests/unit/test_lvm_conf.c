/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lvm.conf filters, system.devices, metadata backups. */
#include "check_main.h"
#include "text/lvm_conf.h"

static const struct dev_rename map_rows[] = {
	{.from = "/dev/xvda", .to = "/dev/vda", .parts = true},
	{.from = "/dev/xvdc", .to = "/dev/vdb", .parts = true},
	{.from = "/dev/xvde2", .to = "/dev/vdc"},
	{.from = "/dev/xvdg", .to = "/dev/vdd1"},
	{.from = "/dev/xvdf", .to = NULL, .parts = true},
};
static const struct dev_map map = {map_rows, ARRAY_SIZE(map_rows)};
static const struct dev_map no_map = {0};

static const struct dev_rename swap_rows[] = {
	{.from = "/dev/xvda", .to = "/dev/xvdb", .parts = true},
	{.from = "/dev/xvdb", .to = "/dev/xvda", .parts = true},
};
static const struct dev_map swaps = {swap_rows, ARRAY_SIZE(swap_rows)};

static const struct check_row filters[] = {
	{"one device", S("\tfilter = [ \"a|^/dev/xvda2$|\", \"r|.*|\" ]\n"),
		S("\tfilter = [ \"a|^/dev/vda2$|\", \"r|.*|\" ]\n"), 1},
	{"family", S("filter=[\"a|/dev/xvd|\",\"r|/dev/xvd.*|\",\"a/xvd/\"]\n"),
		S("filter=[\"a|/dev/vd|\",\"r|/dev/vd.*|\",\"a/vd/\"]\n"), 1},
	{"star and letters",
		S("global_filter = \"a|/dev/xvd*|\"\nfilter = \"a|/dev/xvd[a-z]|\""),
		S("global_filter = \"a|/dev/vd*|\"\nfilter = \"a|/dev/vd[a-z]|\""), 1},
	{"letters that closed up",
		S("filter = [ \"a|^/dev/xvd[ac]2|\", \"r|^/dev/xvd[ac]1|\" ]\n"),
		S("filter = [ \"a|^/dev/vd[a-z]2|\", \"r|^/dev/vd[ac]1|\" ]\n"), 1},
	{"over lines, comments",
		S("devices {\n filter = [ # \"a|/dev/xvda|\"\n  \"a|/dev/xvda.*|\", # "
		  "xvda\n"
		  "  'a|/dev/xvdc|',\n  \"r/.*/\" ]\n}\n# filter = [ \"a|/dev/xvda|\" "
		  "]\n"),
		S("devices {\n filter = [ # \"a|/dev/xvda|\"\n  \"a|/dev/vda.*|\", # "
		  "xvda\n"
		  "  'a|/dev/vdb|',\n  \"r/.*/\" ]\n}\n# filter = [ \"a|/dev/xvda|\" "
		  "]\n"),
		1},
	{"other delimiters",
		S("filter = [\"a/dev/xvda/\", \"a/\\/dev\\/xvda/\", \"a{xvda}\"]"),
		S("filter = [\"a/dev/vda/\", \"a/\\/dev\\/vda/\", \"a{vda}\"]"), 1},
	{"alternatives", S("filter = [\"a#^/dev/(xvda|xvdc)[0-9]#\"]"),
		S("filter = [\"a#^/dev/(vda|vdb)[0-9]#\"]"), 1},
	{"a disk that only its partitions name",
		S("filter = [\"a|^/dev/xvde[0-9]+|\", \"r|/dev/xvde.*|\"]\n"),
		S("filter = [\"a|^/dev/vd|\", \"r|/dev/xvde.*|\"]\n"), 1},
	{"anchored there", S("filter = [ \"a|^/dev/xvde$|\" ]\n"), S(""), 0},
	{"a path in the section", S("devices/filter=[\"a|/dev/xvda|\"]\n"),
		S("devices/filter=[\"a|/dev/vda|\"]\n"), 1},
	{"preferred names", S("preferred_names = [ \"^/dev/mpath/\", \"^/dev/xvda\" ]\n"),
		S("preferred_names = [ \"^/dev/mpath/\", \"^/dev/vda\" ]\n"), 1},
	{"names that begin alike",
		S("filter = [ \"a|/dev/xvdaa|\", \"a|/dev/xvde20|\", \"a|/dev/axvda|\" "
		  "]\n"),
		S(""), 0},
	{"other folders",
		S("filter = [ \"a|/dev/mapper/xvda|\", \"a|by-id/scsi-xvda|\", "
		  "\"a|/xdev/xvda|\" ]\n"),
		S(""), 0},
	{"a folder of three letters", S("filter = [ \"a|/dev/abc/xvda|\" ]\n"), S(""), 0},
	{"gone", S("filter = [ \"a|/dev/xvdf1|\" ]\n"), S(""), 0},
	{"other families", S("filter = [ \"a|/dev/sd|\", \"r|/dev/hd.*|\" ]\n"), S(""),
		0},
	{"other keys", S("names = \"/dev/xvda\"\nxfilter = [\"a|/dev/xvda|\"]\n"), S(""),
		0},
	{"after the array", S("filter = [ \"a|.*|\" ] \"a|/dev/xvda|\"\n"), S(""), 0},
	{"NUL", S("filter = [ \"a|/dev/xvda\0|\", \"\0\" ]\n"),
		S("filter = [ \"a|/dev/vda\0|\", \"\0\" ]\n"), 1},
	{"malformed", S("filter = [ \"a|/dev/xvda|\n"), S(""), 0},
	{"too short", S("filter = [ \"\", \"a\", \"a|\", \"r)\", \"x|/dev/xvda|\" ]\n"),
		S(""), 0},
	{"swap of names", S("filter = [ \"a|/dev/xvda1|\", \"a|/dev/xvdb1|\" ]\n"),
		S("filter = [ \"a|/dev/xvdb1|\", \"a|/dev/xvda1|\" ]\n"), 1, ROW_SWAP,
		&swaps},
	{"empty", S(""), S(""), 0},
};

static int conf_editor(
	struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return lvm_conf_rename(in, req, ret_out, e);
}

START_TEST(filtering)
{
	check_editor_laws(&filters[_i], conf_editor, &map, &no_map);
}
END_TEST

#define HEAD "# LVM uses devices listed in this file.\nVERSION=1.1.3\n"

static const struct check_row devices[] = {
	{"renamed, hash dropped",
		S(HEAD "HASH=1234\nIDTYPE=devname IDNAME=/dev/xvda2 DEVNAME=/dev/xvda2 "
		       "PVID=abc PART=2\n"),
		S(HEAD "IDTYPE=devname IDNAME=/dev/vda2 DEVNAME=/dev/vda2 PVID=abc "
		       "PART=2\n"),
		1},
	{"no partition any more",
		S("IDTYPE=devname IDNAME=/dev/xvde2 DEVNAME=/dev/xvde2 PVID=abc PART=2"),
		S("IDTYPE=devname IDNAME=/dev/vdc DEVNAME=/dev/vdc PVID=abc"), 1},
	{"other number",
		S("PART=7 IDTYPE=devname\tIDNAME=/dev/xvdg DEVNAME=/dev/other "
		  "PVID=abc\n"),
		S("PART=1 IDTYPE=devname\tIDNAME=/dev/vdd1 DEVNAME=/dev/other "
		  "PVID=abc\n"),
		1},
	{"other type",
		S("HASH=1\nIDTYPE=sys_wwid IDNAME=/dev/xvda2 DEVNAME=/dev/xvda2 "
		  "PVID=x\n"),
		S(""), 0},
	{"names that begin alike",
		S("IDTYPE=devname IDNAME=/dev/xvdaa2 DEVNAME=/dev/xvda2\n"), S(""), 0},
	{"comment", S("# IDTYPE=devname IDNAME=/dev/xvda2 DEVNAME=/dev/xvda2\n"), S(""),
		0},
	{"gone", S("HASH=1\nIDTYPE=devname IDNAME=/dev/xvdf1 DEVNAME=/dev/xvdf1\n"),
		S(""), 0},
	{"NUL",
		S("IDTYPE=devname IDNAME=/dev/xvda2\0\nIDTYPE=devname IDNAME=/dev/xvda2 "
		  "\0\n"),
		S("IDTYPE=devname IDNAME=/dev/xvda2\0\nIDTYPE=devname IDNAME=/dev/vda2 "
		  "\0\n"),
		1},
	{"malformed", S("IDTYPE=\nIDNAME=/dev/xvda\nIDTYPE=devname\n\n"), S(""), 0},
	{"swap of names",
		S("IDTYPE=devname IDNAME=/dev/xvda DEVNAME=/dev/xvda\n"
		  "IDTYPE=devname IDNAME=/dev/xvdb DEVNAME=/dev/xvdb\n"),
		S("IDTYPE=devname IDNAME=/dev/xvdb DEVNAME=/dev/xvdb\n"
		  "IDTYPE=devname IDNAME=/dev/xvda DEVNAME=/dev/xvda\n"),
		1, ROW_SWAP, &swaps},
};

static int devices_editor(
	struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return lvm_devices_rename(in, req, ret_out, e);
}

START_TEST(listing)
{
	check_editor_laws(&devices[_i], devices_editor, &map, &no_map);
}
END_TEST

START_TEST(backup)
{
	struct str rest =
		STR("# Generated by LVM2\ncontents = \"Text Format Volume Group\"\n"
		    "vg0 {\n\tid = \"VGID\"\n\tseqno = 3\n"
		    "\tphysical_volumes {\n\t\tpv0 {\n\t\t\tid = \"PV0\"\n"
		    "\t\t\tdevice = \"/dev/xvda2\"\t# Hint only\n"
		    "\t\t\tdevice_id_type = \"x\"\n\t\t}\r\n"
		    "pv1 {\nid=\"PV1\"\ndev_size = 1\ndevice=\"/dev/xvdb\"\n}\n}\n"
		    "lv { id = \"x\" }\nid = \"LV\n device = \"/dev/no\"\n");
	struct lvm_backup_pv pv;

	ck_assert(lvm_backup_next(&rest, &pv));
	check_bytes("id", pv.id, STR("PV0"));
	check_bytes("device", pv.device, STR("/dev/xvda2"));
	ck_assert(lvm_backup_next(&rest, &pv));
	check_bytes("id", pv.id, STR("PV1"));
	check_bytes("device", pv.device, STR("/dev/xvdb"));
	ck_assert(!lvm_backup_next(&rest, &pv));
}
END_TEST

/* One pattern of 1 MB full of what could begin a name: must not be quadratic. */
START_TEST(long_line)
{
	struct strbuf in = {0};

	strbuf_adds(&in, "filter = [ \"a#");
	for (int i = 0; i < 250000; i++)
		strbuf_adds(&in, " sd[");
	strbuf_adds(&in, "\" ]");
	check_editor_run("long", conf_editor, &map, strbuf_str(&in), 0, STR(""));
	strbuf_done(&in);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, filtering, 0, ARRAY_SIZE(filters));
	tcase_add_loop_test(tc, listing, 0, ARRAY_SIZE(devices));
	tcase_add_test(tc, backup);
	tcase_add_test(tc, long_line);
}

int main(void)
{
	return check_main("lvm_conf", add);
}

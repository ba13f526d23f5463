/* SPDX-License-Identifier: GPL-2.0-or-later */
/* smartd.conf, hdparm.conf, rawdevices: the device that begins a line. */
#include "check_main.h"
#include "text/device_words.h"

static const struct dev_rename map_rows[] = {
	{.from = "/dev/xvda", .to = "/dev/vda", .parts = true},
	{.from = "/dev/xvdb1", .to = "/dev/vdb"},
	{.from = "/dev/xvdc", .to = NULL},
};
static const struct dev_map map = {map_rows, ARRAY_SIZE(map_rows)};
static const struct dev_map no_map = {0};

static const struct dev_rename swap_rows[] = {
	{.from = "/dev/xvda", .to = "/dev/xvdb"},
	{.from = "/dev/xvdb", .to = "/dev/xvda"},
};
static const struct dev_map swaps = {swap_rows, ARRAY_SIZE(swap_rows)};

static const struct check_row rows[] = {
	{"smartd", S("#DEVICESCAN\n/dev/xvda -a -m root\n"),
		S("#DEVICESCAN\n/dev/vda -a -m root\n"), 1},
	{"hdparm", S("quiet\n/dev/xvda {\n\tmult_sect_io = 16\n}\n/dev/xvdb1{\n}\n"),
		S("quiet\n/dev/vda {\n\tmult_sect_io = 16\n}\n/dev/vdb{\n}\n"), 1},
	{"raw", S("/dev/raw/raw1\t/dev/xvdb1\n/dev/raw/raw2 8 5\n"),
		S("/dev/raw/raw1\t/dev/vdb\n/dev/raw/raw2 8 5\n"), 1},
	{"indented, no newline", S(" \t/dev/xvda7"), S(" \t/dev/vda7"), 1},
	{"alone", S("/dev/xvda\n"), S("/dev/vda\n"), 1},
	{"comments", S("#/dev/xvda -a\n # /dev/xvda\n"), S(""), 0},
	{"not the first word", S("a /dev/xvda\n/dev/sda -M exec /dev/xvda\n"), S(""), 0},
	{"begins alike", S("/dev/xvdaa -a\n/dev/xvdb10 -a\n/dev/xvda, -a\n"), S(""), 0},
	{"quoted", S("\"/dev/xvda\" -a\n"), S(""), 0},
	{"gone", S("/dev/xvdc -a\n"), S(""), 0},
	{"NUL", S("/dev/xvda\0 -a\n\0\n/dev/xvda \0"),
		S("/dev/xvda\0 -a\n\0\n/dev/vda \0"), 1},
	{"malformed", S("{\n{ /dev/xvda\n/dev/raw\n/dev/\n"), S(""), 0},
	{"swap of names", S("/dev/xvda\n/dev/xvdb\n"), S("/dev/xvdb\n/dev/xvda\n"), 1,
		ROW_SWAP, &swaps},
	{"empty", S(""), S(""), 0},
};

static int editor(struct str in, const void *req, struct strbuf *ret_out, struct err *e)
{
	return device_words_rename(in, req, ret_out, e);
}

START_TEST(renaming)
{
	check_editor_laws(&rows[_i], editor, &map, &no_map);
}
END_TEST

START_TEST(long_line)
{
	struct strbuf in = {0}, want = {0};

	strbuf_adds(&in, "/dev/xvda");
	strbuf_adds(&want, "/dev/vda");
	strbuf_pad(&in, ' ', 1 << 20);
	strbuf_pad(&want, ' ', (1 << 20) - 1);
	check_editor_run("long", editor, &map, strbuf_str(&in), 1, strbuf_str(&want));
	strbuf_done(&in);
	strbuf_done(&want);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, renaming, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, long_line);
}

int main(void)
{
	return check_main("device_words", add);
}

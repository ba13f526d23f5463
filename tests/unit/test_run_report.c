/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report's table and what its result means to the caller of the launcher. */
#include "check_main.h"
#include "host/port.h"
#include "host/report.h"
#include "host/savefile.h"

static const struct {
	const char *result;
	int status; /* -1: no report */
} statuses[] = {
	{"repaired", 0},
	{"unchanged", 0},
	{"undone", 0},
	{"failed", 1},
	{"usage", 2},
	{"refused", 3},
	{"degraded", 4},
	{"", -1},
	{"Repaired", -1},
};

START_TEST(test_status)
{
	struct err e = {0};
	json_t *o = json_pack("{s:i, s:s}", "schema", 1, "result", statuses[_i].result);

	ck_assert_int_eq(report_check(o, &e) == 0, statuses[_i].status >= 0);
	ck_assert_int_eq(report_status(o), statuses[_i].status);
	json_decref(o);
}
END_TEST

static const struct {
	const char *name, *in, *want;
} tables[] = {
	{"least", "{\"schema\":1,\"result\":\"refused\"}", "result    refused\n"},
	{"why",
		"{\"schema\":1,\"result\":\"refused\",\"message\":\"two roots\\u001b[1m: "
		"say root=\"}",
		"result    refused\nwhy       two roots?[1m: say root=\n"},
	{"full",
		"{\"schema\":1,\"version\":\"0.1.0\",\"mode\":\"auto\",\"result\":"
		"\"repaired\","
		"\"guest\":{\"id\":\"debian\",\"version\":\"12\",\"arch\":\"x86_64\","
		"\"init\":\"systemd\",\"layout\":\"partition-as-disk\",\"boot\":"
		"\"pvgrub\","
		"\"kernel\":\"mainline\"},"
		"\"map\":[{\"from\":\"/dev/xvda2\",\"to\":\"/dev/vda\",\"evidence\":"
		"[\"root-fs\",\"fstab:/\"]},{\"from\":\"/dev/xvda1\",\"to\":null,"
		"\"evidence\":[]}],"
		"\"filesystems\":[{\"device\":\"/dev/vda\",\"type\":\"ext3\",\"check\":"
		"\"e2fsck -p\",\"result\":\"corrected\",\"detail\":\"its journal\"}],"
		"\"steps\":[{\"id\":\"fstab\",\"path\":\"/etc/fstab\",\"kind\":\"write\","
		"\"status\":\"done\",\"ms\":1,\"detail\":\"swap line removed\"},"
		"{\"id\":\"console\",\"path\":\"/etc/inittab\",\"status\":\"skipped\"}],"
		"\"verify\":{\"bootable\":true,\"checks\":[{\"id\":\"root\",\"ok\":true,"
		"\"detail\":\"x\"},{\"id\":\"net\",\"ok\":false,\"detail\":\"no "
		"eth0\"}]},"
		"\"pending\":[\"kernel\"],\"warnings\":[{\"path\":\"/etc/x\",\"text\":"
		"\"odd\"},\"two\"],\"timing_ms\":{\"kernel\":900,\"total\":1300}}",
		"result    repaired  (mode auto, xvd2vd 0.1.0)\n"
		"guest     debian 12, x86_64, systemd, partition-as-disk, pvgrub, "
		"mainline\n"
		"map       /dev/xvda2   --> /dev/vda  (root-fs, fstab:/)\n"
		"          /dev/xvda1   --> gone\n"
		"checked   /dev/vda     ext3   corrected its journal\n"
		"steps     done    fstab          /etc/fstab               swap line "
		"removed\n"
		"          skipped console        /etc/inittab\n"
		"verify    bootable, 1 of 2 checks hold\n"
		"          FAILED  net            no eth0\n"
		"pending   kernel\n"
		"warnings  /etc/x odd\n"
		"          two\n"
		"timing    kernel 900 ms, total 1300 ms\n"},
	{"escapes in every place",
		"{\"schema\":1,\"result\":\"failed\",\"mode\":\"\\u001b[1m\",\"version\":"
		"\"\\n\","
		"\"guest\":{\"id\":\"\\u009b1m\",\"version\":\"\\r\"},"
		"\"filesystems\":[{\"device\":\"\\u001b\",\"detail\":\"\\r\"}],"
		"\"map\":[{\"from\":\"\\u001b\",\"to\":\"\\b\",\"evidence\":[\"\\u0007\"]"
		"}],"
		"\"steps\":[{\"id\":\"\\u001b\",\"status\":\"\\u001b\",\"path\":\"\\n\","
		"\"detail\":\"\\u001b]0;x\\u0007\"}],"
		"\"verify\":{\"checks\":[{\"id\":\"\\u001b\",\"detail\":\"\\u202e\"}]},"
		"\"pending\":[\"\\n\"],\"warnings\":[{\"text\":\"\\u007f\"}],"
		"\"timing_ms\":{\"total\":\"\\u001b\",\"\\u001b\":1}}",
		"result    failed  (mode ?[1m, xvd2vd ?)\n"
		"guest     ?1m ?\n"
		"map       ?            --> ?  (?)\n"
		"checked   ?            -      -         ?\n"
		"steps     ?       ?              ?                        ?]0;x?\n"
		"verify    not decided, 0 of 1 checks hold\n"
		"          FAILED  ?              ?\n"
		"pending   ?\n"
		"warnings  ?\n"},
	{"a long path is known by its end, of whole characters",
		"{\"schema\":1,\"result\":\"repaired\",\"steps\":[{\"status\":\"done\","
		"\"id\":\"console\",\"path\":\"/etc/systemd/system/getty.target.wants/"
		"serial-getty@hvc0.service\"},{\"path\":"
		"\"/0123456789/\u00e4123456789012345678901234567890123456\"},"
		"{\"path\":\"/0123456789012345678901234567890123456789\\u001b\"}]}",
		"result    repaired\n"
		"steps     done    console        "
		"...arget.wants/serial-getty@hvc0.service\n"
		"          -       -              "
		"...123456789012345678901234567890123456\n"
		"          -       -              "
		"...456789012345678901234567890123456789?\n"},
	{"wrong types inside",
		"{\"schema\":1,\"result\":\"failed\",\"guest\":{\"id\":7},\"map\":[{"
		"\"from\":[],"
		"\"to\":{},\"evidence\":\"x\"}],\"steps\":[{}],\"verify\":null,"
		"\"pending\":[null,[1]],\"timing_ms\":null}",
		"result    failed\n"
		"map       -            --> -\n"
		"steps     -       -              -\n"
		"pending   -\n"
		"          -\n"},
};

START_TEST(test_table)
{
	struct strbuf b = {0};
	struct err e = {0};
	json_t *o = port_parse_json(str_from(tables[_i].in), PORT_DEPTH_MAX, &e);

	ck_assert_msg(o != NULL, "%s: %s", tables[_i].name, e.text);
	ck_assert_msg(report_check(o, &e) == 0, "%s: %s", tables[_i].name, e.text);
	report_table(&b, o, false);
	check_bytes(tables[_i].name, strbuf_str(&b), str_from(tables[_i].want));
	json_decref(o);
	strbuf_done(&b);
}
END_TEST

/* A list without end fills no screen. */
START_TEST(test_many_rows)
{
	json_t *o = json_pack(
		"{s:i, s:s, s:[]}", "schema", 1, "result", "failed", "warnings");
	json_t *list = json_object_get(o, "warnings");
	struct strbuf b = {0};
	size_t lines = 0;

	for (int i = 0; i < 10000; i++)
		json_array_append_new(list, json_string("again"));
	report_table(&b, o, false);
	STR_FOREACH_LINE (line, strbuf_str(&b)) {
		ck_assert_uint_lt(line.n, 200);
		lines++;
	}
	ck_assert_uint_eq(lines, 42);
	ck_assert(str_contains(strbuf_str(&b), "          and 9960 more\n"));
	json_decref(o);
	strbuf_done(&b);
}
END_TEST

/* between(): the bytes of *rest up to that text, which *rest goes on behind. */
static struct str between(struct str *rest, const char *text)
{
	const char *at = memmem(rest->p, rest->n, text, strlen(text));
	struct str head;

	ck_assert_msg(at != NULL, "README.md: %s is missing", text);
	head = str_range(rest->p, at);
	*rest = str_from_pos(*rest, head.n + strlen(text));
	return head;
}

/* What README.md shows is what that golden guest's report looks like. */
START_TEST(test_readme)
{
	struct strbuf readme = {0}, text = {0}, table = {0};
	char path[200];
	struct err e = {0};
	struct str rest, guest, want;
	json_t *o;

	ck_assert_msg(
		savefile_read("README.md", 1 << 20, &readme, &e) == 0, "%s", e.text);
	rest = strbuf_str(&readme);
	between(&rest, "\n```text of=");
	guest = between(&rest, "\n$ xvd2vd-run --disk server.img\n");
	want = between(&rest, "```\n");
	snprintf(path, sizeof(path), "tests/guests/" STR_FMT "/report.json",
		STR_ARG(guest));
	ck_assert_msg(savefile_read(path, 1 << 20, &text, &e) == 0, "%s", e.text);
	o = port_parse_json(strbuf_str(&text), PORT_DEPTH_MAX, &e);
	ck_assert_msg(o != NULL && report_check(o, &e) == 0, "%s: %s", path, e.text);
	json_object_set_new(o, "version", json_string(XVD2VD_VERSION));
	report_table(&table, o, true);
	check_bytes("README.md", strbuf_str(&table), want);
	json_decref(o);
	strbuf_done(&readme);
	strbuf_done(&text);
	strbuf_done(&table);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, test_status, 0, ARRAY_SIZE(statuses));
	tcase_add_loop_test(tc, test_table, 0, ARRAY_SIZE(tables));
	tcase_add_test(tc, test_many_rows);
	tcase_add_test(tc, test_readme);
}

int main(void)
{
	return check_main("run_report", add);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report is one line of valid JSON whatever a guest's files hold, and what scan prints
 * is what --disks reads. */
#include <jansson.h>

#include "plan_fixture.h"
#include "report/report.h"

static json_t *parse(struct str text)
{
	json_error_t why;
	json_t *top = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &why);

	ck_assert_msg(top, "%s: " STR_FMT, why.text, STR_ARG(text));
	return top;
}

static const char *string_at(const json_t *top, const char *a, const char *b)
{
	return json_string_value(json_object_get(json_object_get(top, a), b));
}

START_TEST(nothing_known)
{
	static const struct report r = {.mode = "auto", .result = RESULT_FAILED};
	static const char *const keys[] = {
		"map", "steps", "pending", "warnings", "verify", "guest", "timing_ms"};
	struct strbuf out = {0};
	json_t *top;

	ck_assert_int_eq(report_json(&r, &out, NULL), 0);
	top = parse(strbuf_str(&out));
	ck_assert_int_eq(json_integer_value(json_object_get(top, "schema")), 1);
	ck_assert_str_eq(json_string_value(json_object_get(top, "result")), "failed");
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		ck_assert_msg(json_object_get(top, keys[i]), "no %s", keys[i]);
	ck_assert(json_is_null(json_object_get(top, "guest")));
	ck_assert_ptr_null(json_object_get(top, "message"));
	json_decref(top);
	strbuf_done(&out);
}
END_TEST

/* Bytes of a guest: what JSON makes of them. */
static const struct row {
	const char *name;
	const char *in, *want;
} rows[] = {
	{"plain", "abc", "abc"},
	{"quotes and backslashes", "a\"b\\c", "a\"b\\c"},
	{"newlines and escapes", "a\nb\x1b[31m\x7f", "a\nb?[31m?"},
	{"two bytes", "\xc3\xa4", "\xc3\xa4"},
	{"three bytes", "\xe2\x82\xac", "\xe2\x82\xac"},
	{"four bytes", "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
	{"the last code point", "\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf"},
	{"past the last", "\xf4\x90\x80\x80", "????"},
	{"a byte of no sequence", "a\xff\x80z", "a??z"},
	{"overlong of two", "\xc0\xaf", "??"},
	{"overlong of three", "\xe0\x9f\xbf", "???"},
	{"overlong of four", "\xf0\x8f\xbf\xbf", "????"},
	{"a surrogate", "\xed\xa0\x80", "???"},
	{"cut short", "a\xe2\x82", "a??"},
	{"cut short by another", "\xe2\x82\xc3\xa4", "??\xc3\xa4"},
	{"latin 1", "gr\xfc\xdf", "gr??"},
};

/* The same bytes wherever a guest's word comes to stand in the report. */
START_TEST(hostile)
{
	const struct row *row = &rows[_i];
	char *in = (char *)row->in;
	struct guest g = {.id = in, .version = in, .name = in, .arch = in};
	struct check check = {"x", false, in};
	struct verdict verdict = {false, &check, 1};
	struct plan p = {0};
	struct report r = {.mode = "plan",
		.result = RESULT_REFUSED,
		.message = in,
		.guest = &g,
		.plan = &p,
		.verdict = &verdict,
		.planned_only = true};
	struct map_row map = {.from = in, .to = in};
	struct strbuf out = {0};
	struct step *s = plan_add(&p, STEP_WRITE, "fstab", in);
	const json_t *step;
	json_t *top;

	strbuf_adds(&s->detail, in);
	s->error = strdup(in);
	ck_assert_int_eq(strv_adds(&map.evidence, in), 0);
	ck_assert_int_eq(plan_warn(&p, NULL, "%s", in), 0);
	ck_assert_int_eq(plan_pend(&p, "x", NULL, "%s", in), 0);
	p.map = &map;
	p.n_map = 1;
	ck_assert_int_eq(report_json(&r, &out, NULL), 0);
	ck_assert(!memchr(out.p, '\n', out.n));
	top = parse(strbuf_str(&out));
	ck_assert_str_eq(string_at(top, "guest", "name"), row->want);
	ck_assert_str_eq(json_string_value(json_object_get(top, "message")), row->want);
	step = json_array_get(json_object_get(top, "steps"), 0);
	ck_assert_str_eq(json_string_value(json_object_get(step, "path")), row->want);
	ck_assert_str_eq(json_string_value(json_object_get(step, "detail")), row->want);
	ck_assert_str_eq(json_string_value(json_object_get(step, "error")), row->want);
	ck_assert_str_eq(json_string_value(json_object_get(step, "status")), "planned");
	ck_assert_str_eq(
		json_string_value(json_array_get(json_object_get(top, "warnings"), 0)),
		row->want);
	ck_assert_str_eq(json_string_value(json_object_get(
				 json_array_get(json_object_get(top, "map"), 0), "to")),
		row->want);
	ck_assert(json_is_true(json_object_get(top, "dry_run")));
	json_decref(top);
	strbuf_done(&out);
	strv_done(&map.evidence);
	p.map = NULL;
	p.n_map = 0;
	plan_done(&p);
}
END_TEST

START_TEST(nul_in_detail)
{
	struct plan p = {0};
	struct report r = {.mode = "auto", .plan = &p};
	struct strbuf out = {0};
	struct step *s = plan_add(&p, STEP_REMOVE, "x", "/x");
	json_t *top;

	strbuf_add(&s->detail, STR("a\0b"));
	ck_assert_int_eq(report_json(&r, &out, NULL), 0);
	top = parse(strbuf_str(&out));
	ck_assert_str_eq(
		json_string_value(json_object_get(
			json_array_get(json_object_get(top, "steps"), 0), "detail")),
		"a?b");
	json_decref(top);
	strbuf_done(&out);
	plan_done(&p);
}
END_TEST

/* A gone device is null, not "gone". */
START_TEST(gone_is_null)
{
	static char from[] = "/dev/xvda1";
	struct map_row map = {.from = from};
	struct plan p = {.map = &map, .n_map = 1};
	struct report r = {.mode = "auto", .plan = &p};
	struct strbuf out = {0};
	json_t *top, *row;

	ck_assert_int_eq(report_json(&r, &out, NULL), 0);
	top = parse(strbuf_str(&out));
	row = json_array_get(json_object_get(top, "map"), 0);
	ck_assert(json_is_null(json_object_get(row, "to")));
	ck_assert(json_is_array(json_object_get(row, "evidence")));
	json_decref(top);
	strbuf_done(&out);
}
END_TEST

/* scan --json, read again, prints the same. */
START_TEST(scan_round_trip)
{
	static const char machine[] =
		"vda table=dos boot_code=grub serial=s\n"
		"vda1 ext4 aaaa / label=r partuuid=p\nvda5 swap bbbb\n"
		"vdb xfs cccc /srv\n"
		"mapper/vg-r ext4 dddd - on=vdb\nnet 52:54:00:00:00:01\nroot /dev/vda1";
	static const struct fx_file files[] = {
		{"/etc/fstab", "/dev/xvda1 / ext4 d 0 1\n"}, FX_MENU("root=/dev/xvda1"),
		FX_IMAGE("6.1"), FX_GOOD_INITRD("6.1")};
	struct strbuf first = {0}, second = {0}, guest = {0};
	struct machine again = {0};
	struct fx fx;
	json_t *top;

	fx_load(&fx, machine, files, ARRAY_SIZE(files), true);
	ck_assert_int_eq(report_scan_json(&fx.machine, NULL, &first, NULL), 0);
	ck_assert_int_eq(machine_parse(strbuf_str(&first), &again, NULL), 0);
	ck_assert_int_eq(report_scan_json(&again, NULL, &second, NULL), 0);
	check_bytes("round trip", strbuf_str(&second), strbuf_str(&first));
	ck_assert_str_eq(again.parts[1].name, "vda5");
	ck_assert_uint_eq(again.parts[1].number, 5);
	ck_assert_str_eq(again.root, "/dev/vda1");
	ck_assert_str_eq(again.volumes[0].on.v[0], "vdb");
	ck_assert_str_eq(again.nets[0].mac, "52:54:00:00:00:01");
	ck_assert_int_eq(report_scan_json(&fx.machine, &fx.guest, &guest, NULL), 0);
	top = parse(strbuf_str(&guest));
	ck_assert_str_eq(string_at(top, "guest", "layout"), "partitioned");
	ck_assert_str_eq(string_at(top, "guest", "loader"), "grub-legacy");
	ck_assert_uint_eq(json_array_size(json_object_get(top, "kernels")), 1);
	json_decref(top);
	machine_done(&again);
	strbuf_done(&first);
	strbuf_done(&second);
	strbuf_done(&guest);
	fx_done(&fx);
}
END_TEST

/* What was checked is a list of its own; what should be is a warning. */
START_TEST(filesystems)
{
	struct fs_checks l = {0};
	const struct report r = {.mode = "auto", .filesystems = &l};
	struct strbuf out = {0};
	const json_t *list, *one;
	json_t *top;

	ck_assert_int_eq(
		fs_checks_tell(&l, "/dev/vda1", "ext4", "mount", FS_REPLAYED, "a\xff"),
		0);
	ck_assert_int_eq(
		fs_checks_tell(&l, "/dev/vdb", "xfs", NULL, FS_NOT_CHECKED, "b"), 0);
	ck_assert_int_eq(report_json(&r, &out, NULL), 0);
	top = parse(strbuf_str(&out));
	list = json_object_get(top, "filesystems");
	ck_assert_uint_eq(json_array_size(list), 1);
	one = json_array_get(list, 0);
	ck_assert_str_eq(json_string_value(json_object_get(one, "device")), "/dev/vda1");
	ck_assert_str_eq(json_string_value(json_object_get(one, "type")), "ext4");
	ck_assert_str_eq(json_string_value(json_object_get(one, "check")), "mount");
	ck_assert_str_eq(json_string_value(json_object_get(one, "result")), "replayed");
	ck_assert_str_eq(json_string_value(json_object_get(one, "detail")), "a?");
	list = json_object_get(top, "warnings");
	ck_assert_uint_eq(json_array_size(list), 1);
	ck_assert_ptr_nonnull(
		strstr(json_string_value(json_array_get(list, 0)), "/dev/vdb (xfs): b"));
	json_decref(top);
	strbuf_done(&out);
	fs_checks_done(&l);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_test(tc, nothing_known);
	tcase_add_loop_test(tc, hostile, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, nul_in_detail);
	tcase_add_test(tc, gone_is_null);
	tcase_add_test(tc, scan_round_trip);
	tcase_add_test(tc, filesystems);
}

int main(void)
{
	return check_main("json", add);
}

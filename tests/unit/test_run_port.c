/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reader of the report port, against guests that mean harm. */
#include "check_main.h"
#include "host/port.h"
#include "host/report.h"

#define REPORT "{\"schema\":1,\"result\":\"repaired\"}"
#define STEP "{\"step\":3,\"of\":11,\"id\":\"initramfs\",\"status\":\"start\"}"

static const struct {
	const char *name;
	struct str in;
	unsigned steps, bad;
	const char *result; /* NULL: no report */
} rows[] = {
	{"nothing", S(""), 0, 0, NULL},
	{"empty lines", S("\n\r\n\n"), 0, 0, NULL},
	{"a report", S(REPORT "\n"), 0, 0, "repaired"},
	{"a report without newline", S(REPORT), 0, 0, "repaired"},
	{"progress, report", S(STEP "\n" STEP "\r\n" REPORT "\n"), 2, 0, "repaired"},
	{"progress after the report", S(REPORT "\n" STEP "\n"), 0, 0, "repaired"},
	{"the first report stands",
		S("{\"schema\":1,\"result\":\"failed\"}\n" REPORT "\n"), 0, 0, "failed"},
	{"a broken line before", S("{\"schema\":1,\n" REPORT "\n"), 0, 1, "repaired"},
	{"two values on a line", S(REPORT REPORT "\n"), 0, 1, NULL},
	{"duplicate keys",
		S("{\"schema\":1,\"result\":\"failed\",\"result\":\"repaired\"}\n"), 0, 1,
		NULL},
	{"unknown result", S("{\"schema\":1,\"result\":\"fine\"}\n"), 0, 1, NULL},
	{"result of no string", S("{\"schema\":1,\"result\":0}\n"), 0, 1, NULL},
	{"no result", S("{\"schema\":1}\n"), 0, 1, NULL},
	{"schema 2", S("{\"schema\":2,\"result\":\"repaired\"}\n"), 0, 1, NULL},
	{"schema 1.0", S("{\"schema\":1.0,\"result\":\"repaired\"}\n"), 0, 1, NULL},
	{"schema as text", S("{\"schema\":\"1\",\"result\":\"repaired\"}\n"), 0, 1, NULL},
	{"steps of no list", S("{\"schema\":1,\"result\":\"repaired\",\"steps\":{}}\n"),
		0, 1, NULL},
	{"steps of no objects",
		S("{\"schema\":1,\"result\":\"repaired\",\"steps\":[1]}\n"), 0, 1, NULL},
	{"verify of no object",
		S("{\"schema\":1,\"result\":\"repaired\",\"verify\":[]}\n"), 0, 1, NULL},
	{"checks of no list",
		S("{\"schema\":1,\"result\":\"repaired\",\"verify\":{\"checks\":1}}\n"),
		0, 1, NULL},
	{"no object", S("[" REPORT "]\n\"x\"\n1\n"), 0, 3, NULL},
	{"not UTF-8", S("{\"schema\":1,\"result\":\"repaired\",\"x\":\"\xff\xfe\"}\n"), 0,
		1, NULL},
	{"overlong UTF-8",
		S("{\"schema\":1,\"result\":\"repaired\",\"x\":\"\xc0\xaf\"}\n"), 0, 1,
		NULL},
	{"NUL byte", S("{\"schema\":1,\"result\":\"repaired\0\"}\n"), 0, 1, NULL},
	{"NUL escape", S("{\"schema\":1,\"result\":\"repaired\\u0000\"}\n"), 0, 1, NULL},
	{"escapes", S("\033[2J\033]0;x\007\n" REPORT "\n"), 0, 1, "repaired"},
	{"step past the end",
		S("{\"step\":12,\"of\":11,\"id\":\"x\",\"status\":\"start\"}\n"), 0, 1,
		NULL},
	{"step below 0", S("{\"step\":-1,\"of\":11,\"id\":\"x\",\"status\":\"start\"}\n"),
		0, 1, NULL},
	{"of 0", S("{\"step\":0,\"of\":0,\"id\":\"x\",\"status\":\"start\"}\n"), 0, 1,
		NULL},
	{"huge step",
		S("{\"step\":4294967297,\"of\":4294967298,\"id\":\"x\",\"status\":\"s\"}"
		  "\n"),
		0, 1, NULL},
	{"step without id", S("{\"step\":1,\"of\":2,\"status\":\"start\"}\n"), 0, 1,
		NULL},
};

static void count(void *arg, const struct port_progress *m)
{
	ck_assert_uint_le(m->step, m->of);
	ck_assert_uint_le(strlen(m->id), PORT_ID_MAX);
	++*(unsigned *)arg;
}

static void feed(struct port *p, struct str s, size_t piece, unsigned *steps)
{
	while (s.n) {
		ck_assert_int_eq(port_feed(p, str_upto(s, piece), count, steps), 0);
		s = str_from_pos(s, str_upto(s, piece).n);
	}
}

/* Each row whole, and byte by byte. */
START_TEST(test_rows)
{
	for (int whole = 0; whole < 2; whole++) {
		struct port p = {0};
		unsigned steps = 0;

		feed(&p, rows[_i].in, whole ? rows[_i].in.n : 1, &steps);
		ck_assert_int_eq(port_end(&p, count, &steps), 0);
		ck_assert_msg(
			steps == rows[_i].steps, "%s: %u steps", rows[_i].name, steps);
		ck_assert_msg(p.bad_lines == rows[_i].bad, "%s: %u bad lines (%s)",
			rows[_i].name, p.bad_lines, p.why.text);
		ck_assert_msg(!p.report == !rows[_i].result, "%s: report", rows[_i].name);
		if (p.report)
			ck_assert_str_eq(
				json_string_value(json_object_get(p.report, "result")),
				rows[_i].result);
		ck_assert_msg(
			!p.bad_lines == !p.why.text[0], "%s: reason", rows[_i].name);
		port_done(&p);
	}
}
END_TEST

/* `n` times `c` between two texts. */
static void add_run(
	struct strbuf *b, const char *before, char c, size_t n, const char *after)
{
	strbuf_adds(b, before);
	strbuf_pad(b, c, b->n + n);
	strbuf_adds(b, after);
}

START_TEST(test_long_line)
{
	struct strbuf b = {0};
	struct port p = {0};
	unsigned steps = 0;

	add_run(&b, "{\"schema\":1,\"result\":\"failed\",\"x\":\"", 'a', PORT_LINE_MAX,
		"\"}\n");
	strbuf_adds(&b, REPORT "\n");
	feed(&p, strbuf_str(&b), 4096, &steps);
	ck_assert_uint_eq(p.bad_lines, 1);
	ck_assert_int_eq(report_status(p.report), 0);
	ck_assert_uint_le(p.line.cap, 2 * PORT_LINE_MAX + 2);
	port_done(&p);
	strbuf_done(&b);
}
END_TEST

START_TEST(test_ten_megabytes)
{
	struct strbuf b = {0};
	struct port p = {0};
	unsigned steps = 0;

	add_run(&b, "", 'a', 10 * 1024 * 1024, "\n" REPORT "\n");
	feed(&p, strbuf_str(&b), 65536, &steps);
	ck_assert_int_eq(port_end(&p, count, &steps), 0);
	ck_assert(p.deaf);
	ck_assert_ptr_null(p.report);
	ck_assert_uint_eq(p.total, PORT_TOTAL_MAX);
	ck_assert_uint_le(p.line.cap, 2 * PORT_LINE_MAX + 2);
	port_done(&p);
	strbuf_done(&b);
}
END_TEST

/* A report that is just as long as a line may be is one. */
START_TEST(test_longest_line)
{
	static const char before[] = "{\"schema\":1,\"result\":\"failed\",\"x\":\"";
	struct strbuf b = {0};
	struct port p = {0};
	unsigned steps = 0;

	add_run(&b, before, 'a', PORT_LINE_MAX - strlen(before) - 2, "\"}\n");
	feed(&p, strbuf_str(&b), b.n, &steps);
	ck_assert_uint_eq(p.bad_lines, 0);
	ck_assert_ptr_nonnull(p.report);
	port_done(&p);
	strbuf_done(&b);
}
END_TEST

START_TEST(test_many_lines)
{
	struct port p = {0};
	unsigned steps = 0;

	for (unsigned i = 0; i < PORT_LINES_MAX + 10; i++)
		feed(&p, STR(STEP "\n"), 4096, &steps);
	ck_assert_uint_eq(steps, PORT_LINES_MAX);
	ck_assert(p.deaf);
	port_done(&p);
}
END_TEST

static const struct {
	const char *name;
	char open;
	unsigned depth;
	bool ok;
} depths[] = {
	{"as deep as allowed", '[', PORT_DEPTH_MAX, true},
	{"one deeper", '[', PORT_DEPTH_MAX + 1, false},
	{"deeper than the parser's stack", '[', 1000000, false},
	{"a million objects", '{', 1000000, false},
};

START_TEST(test_depth)
{
	struct strbuf b = {0};
	struct err e = {0};
	json_t *v;

	strbuf_pad(&b, depths[_i].open, depths[_i].depth);
	/* Closed, so that the depth is all that can be wrong with it. */
	if (depths[_i].open == '[')
		strbuf_pad(&b, ']', 2 * depths[_i].depth);
	v = port_parse_json(strbuf_str(&b), PORT_DEPTH_MAX, &e);
	ck_assert_msg(!v == !depths[_i].ok, "%s: %s", depths[_i].name, e.text);
	json_decref(v);
	strbuf_done(&b);
}
END_TEST

/* Brackets in strings are no nesting; a quote behind a backslash ends none. */
START_TEST(test_depth_strings)
{
	struct strbuf b = {0};
	json_t *v;

	add_run(&b, "[\"\\\"", '[', 100, "\\\\\",1]");
	v = port_parse_json(strbuf_str(&b), 1, NULL);
	ck_assert_ptr_nonnull(v);
	json_decref(v);
	strbuf_done(&b);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, test_rows, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, test_long_line);
	tcase_add_test(tc, test_ten_megabytes);
	tcase_add_test(tc, test_longest_line);
	tcase_add_test(tc, test_many_lines);
	tcase_add_loop_test(tc, test_depth, 0, ARRAY_SIZE(depths));
	tcase_add_test(tc, test_depth_strings);
}

int main(void)
{
	return check_main("run_port", add);
}

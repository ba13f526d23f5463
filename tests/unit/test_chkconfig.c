/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The line of chkconfig in a script. */
#include "check_main.h"
#include "text/chkconfig.h"

static const struct {
	const char *name;
	struct str in;
	const char *want; /* "levels start stop"; NULL: none */
} rows[] = {
	{"EL 6",
		S("#!/bin/bash\n#\n#\tacpid\n#\n# chkconfig: 345 26 74\n"
		  "# description: Listen\n"),
		"345 26 74"},
	{"tabs, CRLF, no blank", S("#chkconfig:\t2345  8\t92\r\n"), "2345 8 92"},
	{"none by default", S("# chkconfig: - 44 56"), "2345 44 56"},
	{"none", S("#!/bin/sh\nchkconfig: 345 1 2\n"), NULL},
	{"malformed",
		S("# chkconfig: 34x 1 2\n# chkconfig: 3 100 2\n# chkconfig: 3 1\n"
		  "# chkconfig:\n#"),
		NULL},
	{"the next line is", S("# chkconfig: x\n# chkconfig: 3 1 2\n"), "3 1 2"},
	{"empty", S(""), NULL},
};

START_TEST(reading)
{
	struct chkconfig c;
	struct strbuf got = {0};
	bool r = chkconfig_read(rows[_i].in, &c);

	ck_assert_msg(r == (rows[_i].want != NULL), "%s", rows[_i].name);
	if (r)
		strbuf_addf(&got, STR_FMT " %u %u", STR_ARG(c.levels), c.start, c.stop);
	check_bytes(rows[_i].name, strbuf_str(&got), str_from(rows[_i].want));
	strbuf_done(&got);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, reading, 0, ARRAY_SIZE(rows));
}

int main(void)
{
	return check_main("chkconfig", add);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* docs/DISTROS.md says what the tables say. UPDATE_GOLDEN=1 writes it. */
#include <stdio.h>
#include <stdlib.h>

#include "check_main.h"
#include "plan/distros.h"

#define PATH "docs/DISTROS.md"

static void write_page(struct str text)
{
	FILE *f = fopen(PATH, "we");

	ck_assert_msg(f != NULL, "%s: run it where the sources are", PATH);
	ck_assert_uint_eq(fwrite(text.p, 1, text.n, f), text.n);
	ck_assert_int_eq(fclose(f), 0);
}

START_TEST(current)
{
	struct strbuf want = {0}, have = {0};
	char buf[4096];
	size_t n;
	FILE *f;

	distros_describe(&want);
	ck_assert_int_eq(strbuf_err(&want), 0);
	if (getenv("UPDATE_GOLDEN"))
		write_page(strbuf_str(&want));
	f = fopen(PATH, "re");
	ck_assert_msg(f != NULL, "%s is not there", PATH);
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		strbuf_add(&have, (struct str){buf, n});
	fclose(f);
	check_bytes(PATH, strbuf_str(&have), strbuf_str(&want));
	strbuf_done(&want);
	strbuf_done(&have);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_test(tc, current);
}

int main(void)
{
	return check_main("distros", add);
}

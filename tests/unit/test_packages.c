/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What dpkg's database says of a package that a run has noted, and what other tools are asked. */
#include <stdio.h>

#include "apply/packages.h"
#include "base/strbuf.h"
#include "base/strv.h"
#include "sys/file.h"

#include "check_main.h"

static const char database[] = "Package: acpi\n"
			       "Status: install ok installed\n"
			       "Version: 1.7-1\n"
			       "\n"
			       "Package: acpid\n"
			       "Status: install ok half-configured\n"
			       "Description: Package: acpi\n"
			       " Status: install ok installed\n"
			       "Version: 1:2.0.34-1\n"
			       "\n"
			       "Package: libold\n"
			       "Status: deinstall ok config-files\n"
			       "Version: 3\n"
			       "\n"
			       "Package: never\n"
			       "Status: unknown ok not-installed\n"
			       "\n"
			       "Package: last\n"
			       "Status: hold ok installed\n"
			       "Version: 4";

static char dir[64];
static struct root root = ROOT_CLOSED;

static void setup(void)
{
	snprintf(dir, sizeof(dir), "/tmp/xvd2vd-packages-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(root_open(dir, &root, NULL), 0);
}

static void teardown(void)
{
	char cmd[128];

	root_done(&root);
	snprintf(cmd, sizeof(cmd), "rm -rf %s", dir);
	ck_assert_int_eq(system(cmd), 0);
}

static const struct row {
	const char *name, *tool;
	int state;
	const char *version; /* NULL: absent */
} rows[] = {
	{"acpi", "dpkg", PACKAGE_WHOLE, "1.7-1"},
	{"acpid", "dpkg", PACKAGE_HALF, "1:2.0.34-1"},
	{"libold", "dpkg", PACKAGE_ABSENT, NULL},
	{"never", "dpkg", PACKAGE_ABSENT, NULL},
	{"last", "dpkg", PACKAGE_WHOLE, "4"},
	{"acp", "dpkg", PACKAGE_ABSENT, NULL},
	{"any", "unknown", PACKAGE_WHOLE, "noted"},
	{"any", "rpm", PACKAGE_WHOLE, "noted"},
};

static const struct question {
	const char *tool, *argv; /* NULL: not asked */
} questions[] = {
	{"dpkg", NULL},
	{"rpm", "rpm -q acpid"},
	{"apk", "apk info -e acpid"},
	{"unknown", NULL},
};

START_TEST(asks)
{
	const struct question *q = &questions[_i];
	cleanup_(strv_done) struct strv argv = {0};
	cleanup_(strbuf_done) struct strbuf got = {0};

	ck_assert_int_eq(packages_query(q->tool, "acpid", &argv), q->argv ? 1 : 0);
	STRV_FOREACH (word, &argv)
		strbuf_addf(&got, "%s%s", got.n ? " " : "", *word);
	ck_assert_int_eq(strbuf_err(&got), 0);
	if (q->argv)
		ck_assert_str_eq(got.p, q->argv);
	else
		ck_assert_uint_eq(argv.n, 0);
}
END_TEST

static struct package_now look(const struct row *row)
{
	const struct txn_package p = {
		(char *)row->name, (char *)"noted", (char *)row->tool};
	struct package_now now;
	struct err e;

	ck_assert_int_eq(packages_look(&root, &p, &now, &e), 0);
	return now;
}

START_TEST(looks)
{
	const struct row *row = &rows[_i];
	struct package_now now = look(row);

	/* Without a database there is no package. */
	if (strcmp(row->tool, "dpkg") == 0)
		ck_assert_int_eq(now.state, PACKAGE_ABSENT);
	free(now.version);
	ck_assert_int_ge(file_mkdirs(&root, "/var/lib/dpkg", NULL), 0);
	ck_assert_int_eq(file_replace(&root, "/var/lib/dpkg/status", str_from(database),
				 0644, NULL),
		0);
	now = look(row);
	ck_assert_msg(now.state == (unsigned)row->state, "%s: %d", row->name, now.state);
	if (row->version)
		ck_assert_str_eq(now.version, row->version);
	else
		ck_assert_ptr_null(now.version);
	free(now.version);
}
END_TEST

/* Before anything is run: a name that is none, a tool that is not known. */
static const struct txn_package refusals[] = {
	{(char *)"--root=/", (char *)"", (char *)"dpkg"},
	{(char *)"", (char *)"", (char *)"dpkg"},
	{(char *)"a b", (char *)"", (char *)"dpkg"},
	{(char *)"acpid", (char *)"", (char *)"unknown"},
	{(char *)"-i", (char *)"", (char *)"rpm"},
};

START_TEST(refuses)
{
	struct err e = {0};

	ck_assert_int_lt(packages_remove(&root, &refusals[_i], 1, &e), 0);
	ck_assert_ptr_nonnull(strstr(e.text, "no tool is known"));
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, looks, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(tc, asks, 0, ARRAY_SIZE(questions));
	tcase_add_loop_test(tc, refuses, 0, ARRAY_SIZE(refusals));
}

int main(void)
{
	return check_main("packages", add);
}

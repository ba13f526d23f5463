/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Regular expressions over paths. */
#include "check_main.h"
#include "text/path_regex.h"

static const struct {
	const char *regex, *path;
	bool ret;
} rows[] = {
	{"/etc/fstab", "/etc/fstab", true},
	{"/etc/fstab", "/etc/fstab2", false},
	{"/etc/fstab", "/etc/fsta", false},
	{"/etc/rc\\.d/init\\.d/.*", "/etc/rc.d/init.d/x", true},
	{"/etc/rc\\.d/init\\.d/.*", "/etc/rc_d/init.d/x", false},
	{"/etc(/.*)?", "/etc", true},
	{"/etc(/.*)?", "/etc/a/b", true},
	{"/etc(/.*)?", "/etcetera", false},
	{"/[^/]+", "/x", true},
	{"/[^/]+", "/", false},
	{"/[^/]+", "/x/y", false},
	{"/boot/System\\.map(-.*)?", "/boot/System.map-6.1", true},
	{"/dev/[shmxv]d[^/]*", "/dev/vda1", true},
	{"/dev/[shmxv]d[^/]*", "/dev/pda1", false},
	{"/dev/[a-c0-9_-]", "/dev/b", true},
	{"/dev/[a-c0-9_-]", "/dev/-", true},
	{"/dev/[a-c0-9_-]", "/dev/d", false},
	{"/x[]]", "/x]", true},
	{"/x[\\]]", "/x]", true},
	{"/usr/(s?bin|lib(exec)?)/x", "/usr/sbin/x", true},
	{"/usr/(s?bin|lib(exec)?)/x", "/usr/libexec/x", true},
	{"/usr/(s?bin|lib(exec)?)/x", "/usr/lib64/x", false},
	{"/(ab)*c", "/c", true},
	{"/(ab)*c", "/ababc", true},
	{"/(ab)*c", "/abac", false},
	{"/(ab)+c", "/c", false},
	{"/(a|b)+", "/abba", true},
	{"/(a*)*b", "/aab", true},
	{"/(?:a|b)c", "/bc", true},
	{"/a.*?b", "/axxb", true},
	{"^/a$", "/a", true},
	{"/(|a)b", "/b", true},
	{"/a|/b", "/b", true},
	{"/n\\d+\\w", "/n12x", true},
	{"/n\\d", "/nx", false},
	{"/a\\sb", "/a b", true},
	{".*", "", true},
	{"", "", true},
	/* what is not understood matches nothing */
	{"/a{2}", "/aa", false},
	{"/a{2}", "/a{2}", false},
	{"/[[:alpha:]]", "/a", false},
	{"/(?=a)a", "/a", false},
	{"/a*+a", "/aa", false},
	{"/(a", "/a", false},
	{"/a)", "/a", false},
	{"/[a", "/a", false},
	{"/[\\", "/a", false},
	{"*", "*", false},
	{"/a\\", "/a", false},
};

START_TEST(matching)
{
	ck_assert_msg(path_regex_match(str_from(rows[_i].regex),
			      str_from(rows[_i].path)) == rows[_i].ret,
		"\"%s\" over \"%s\"", rows[_i].regex, rows[_i].path);
}
END_TEST

/* What sends matchers that go back on their way is no longer than another one here. */
START_TEST(hostile)
{
	struct strbuf regex = {0}, path = {0};

	for (int i = 0; i < 200; i++) {
		strbuf_adds(&regex, "(a*)*");
		strbuf_addc(&path, 'a');
	}
	strbuf_addc(&path, 'b');
	ck_assert(!path_regex_match(strbuf_str(&regex), strbuf_str(&path)));
	strbuf_reset(&regex);
	for (int i = 0; i < 1000; i++)
		strbuf_addc(&regex, '(');
	ck_assert(!path_regex_match(strbuf_str(&regex), strbuf_str(&path)));
	strbuf_reset(&path);
	strbuf_pad(&path, 'a', 255);
	ck_assert(path_regex_match(STR("a*"), strbuf_str(&path)));
	strbuf_addc(&path, 'a');
	ck_assert(!path_regex_match(STR("a*"), strbuf_str(&path)));
	strbuf_done(&regex);
	strbuf_done(&path);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, matching, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, hostile);
}

int main(void)
{
	return check_main("path_regex", add);
}

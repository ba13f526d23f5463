/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The launcher's own files and children. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check_main.h"
#include "host/child.h"
#include "host/savefile.h"

static char dir[] = "/tmp/test_run_savefile.XXXXXX";

static void enter(void)
{
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(chdir(dir), 0);
}

static void leave(void)
{
	static const char *const names[] = {"file", "link", "pipe"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		unlink(names[i]);
	/* Fails when a temporary file was left behind. */
	ck_assert_int_eq(rmdir(dir), 0);
}

static void check_file(const char *path, const char *want)
{
	struct strbuf b = {0};
	struct err e = {0};

	ck_assert_msg(savefile_read(path, 100, &b, &e) == 0, "%s", e.text);
	check_bytes(path, strbuf_str(&b), str_from(want));
	strbuf_done(&b);
}

START_TEST(test_write)
{
	struct err e = {0};
	struct stat st;

	enter();
	umask(027);
	ck_assert_int_eq(savefile_write("file", STR("one\n"), &e), 0);
	ck_assert_int_eq(savefile_write("file", STR("2"), &e), 0);
	check_file("file", "2");
	ck_assert_int_eq(stat("file", &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0640);
	leave();
}
END_TEST

/* A link stays a link, a pipe a pipe. */
START_TEST(test_write_through)
{
	struct err e = {0};
	struct stat st;
	char buf[8];
	int fd;

	enter();
	ck_assert_int_eq(savefile_write("file", STR("one\n"), &e), 0);
	ck_assert_int_eq(symlink("file", "link"), 0);
	ck_assert_int_eq(savefile_write("link", STR("two\n"), &e), 0);
	ck_assert_int_eq(lstat("link", &st), 0);
	ck_assert(S_ISLNK(st.st_mode));
	check_file("file", "two\n");
	ck_assert_int_eq(mkfifo("pipe", 0600), 0);
	fd = open("pipe", O_RDWR | O_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(savefile_write("pipe", STR("three"), &e), 0);
	ck_assert_int_eq(read(fd, buf, sizeof(buf)), 5);
	close(fd);
	ck_assert_int_eq(lstat("pipe", &st), 0);
	ck_assert(S_ISFIFO(st.st_mode));
	leave();
}
END_TEST

START_TEST(test_refused)
{
	struct strbuf b = {0};
	struct err e = {0};

	enter();
	ck_assert_int_eq(savefile_write("no/file", STR("x"), &e), -ENOENT);
	ck_assert_int_eq(savefile_read("file", 3, &b, &e), -ENOENT);
	ck_assert_int_eq(savefile_write("file", STR("1234"), &e), 0);
	ck_assert_int_eq(savefile_read("file", 3, &b, &e), -EFBIG);
	ck_assert_int_eq(savefile_read(".", 3, &b, &e), -EINVAL);
	/* Neither waits for a writer. */
	ck_assert_int_eq(mkfifo("pipe", 0600), 0);
	ck_assert_int_eq(savefile_read("pipe", 3, &b, &e), -EINVAL);
	strbuf_done(&b);
	leave();
}
END_TEST

static const struct {
	const char *name;
	const char *script;
	int ret;
	const char *out, *err;
} children[] = {
	{"fine", "echo out; echo err >&2", 0, "out\n", "err\n"},
	{"status", "echo err >&2; exit 3", 1, "", "err\n"},
	{"signal", "kill -9 $$", 1, "", ""},
	{"too much", "yes | head -c 1000000", 0, "y\ny\ny\n", ""},
	{"nothing to read", "cat", 0, "", ""},
	{"without end", "sleep 100", -ETIMEDOUT, "", ""},
};

START_TEST(test_child)
{
	char *argv[] = {(char *)"sh", (char *)"-c", (char *)children[_i].script, NULL};
	struct strbuf out = {0}, text = {0};
	struct err e = {0};
	struct child_run run = {
		.argv = argv, .out = &out, .out_max = 6, .err = &text, .timeout_s = 2};
	int r = child_run(&run, &e);

	ck_assert_msg(r == children[_i].ret, "%s: %d %s", children[_i].name, r, e.text);
	check_bytes(children[_i].name, strbuf_str(&out), str_from(children[_i].out));
	check_bytes(children[_i].name, strbuf_str(&text), str_from(children[_i].err));
	strbuf_done(&out);
	strbuf_done(&text);
}
END_TEST

START_TEST(test_child_missing)
{
	char *argv[] = {(char *)"/nonexistent/program", NULL};
	struct strbuf out = {0}, text = {0};
	struct err e = {0};
	struct child_run run = {
		.argv = argv, .out = &out, .out_max = 6, .err = &text, .timeout_s = 2};

	ck_assert_int_eq(child_run(&run, &e), -ENOENT);
	ck_assert(str_contains(str_from(e.text), "/nonexistent/program"));
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_test(tc, test_write);
	tcase_add_test(tc, test_write_through);
	tcase_add_test(tc, test_refused);
	tcase_add_loop_test(tc, test_child, 0, ARRAY_SIZE(children));
	tcase_add_test(tc, test_child_missing);
}

int main(void)
{
	return check_main("run_savefile", add);
}

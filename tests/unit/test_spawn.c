/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/personality.h>
#include <time.h>
#include <unistd.h>

#include "check_main.h"
#include "sys/spawn.h"

#define SH(script)                                                                       \
	(char *[])                                                                       \
	{                                                                                \
		"sh", "-c", (script), NULL                                               \
	}

static const struct {
	const char *name, *script;
	int ret;
	const char *output, *err; /* err: part of the text */
} rows[] = {
	{"ends well", "echo out; echo err >&2", 0, "out\nerr\n", ""},
	{"status", "echo one; echo 'the reason\033'; echo; exit 3", 1,
		"one\nthe reason\033\n\n", "sh ended with status 3: the reason?"},
	{"signal", "kill -SEGV $$", 1, "", "sh was killed by signal 11"},
	{"environment", "env | grep -v -e ^PWD= -e ^_= -e ^SHLVL= | sort", 0,
		"HOME=/\nLC_ALL=C\n"
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n",
		""},
	{"stdin", "read x || echo none", 0, "none\n", ""},
	{"no terminal", "(: </dev/tty) 2>/dev/null || echo none; pwd", 0, "none\n/\n",
		""},
	{"signals", "kill -PIPE $$; echo alive", 1, "", "signal 13"},
};

START_TEST(ends)
{
	struct spawn s = {.argv = SH((char *)rows[_i].script)};
	struct strbuf out = {0};
	struct err e = {0};
	int r;

	setenv("XVD2VD_LEAK", "1", 1);
	signal(SIGPIPE, SIG_IGN);
	r = spawn_run(&s, &out, &e);
	ck_assert_msg(r == rows[_i].ret, "%s: %d %s", rows[_i].name, r, e.text);
	check_bytes(rows[_i].name, strbuf_str(&out), str_from(rows[_i].output));
	ck_assert_msg(strstr(e.text, rows[_i].err) && (r || !*e.text), "%s: %s",
		rows[_i].name, e.text);
	strbuf_done(&out);
}
END_TEST

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

START_TEST(deadline)
{
	/* Deaf to SIGTERM, with a child that holds the pipe. */
	struct spawn s = {.argv = SH("trap '' TERM; echo begun; sleep 60 & sleep 60"),
		.timeout_ms = 300};
	struct err e = {0};
	double begun = seconds();

	ck_assert_int_eq(spawn_run(&s, NULL, &e), 1);
	ck_assert_int_eq(e.code, -ETIMEDOUT);
	ck_assert_ptr_nonnull(strstr(e.text, "begun"));
	ck_assert(seconds() - begun < 10);
}
END_TEST

/* A daemon of its group that keeps the output open must not keep us. */
START_TEST(left_behind)
{
	struct spawn s = {.argv = SH("sleep 60 & echo $!")};
	struct strbuf out = {0};
	struct err e = {0};
	double begun = seconds();
	int pid;

	ck_assert_int_eq(spawn_run(&s, &out, &e), 0);
	ck_assert(seconds() - begun < 10);
	pid = atoi(out.p);
	ck_assert_int_gt(pid, 0);
	for (int i = 0; i < 100 && kill(pid, 0) == 0; i++)
		usleep(10000); /* whoever adopts it reaps it */
	strbuf_done(&out);
}
END_TEST

START_TEST(ring)
{
	struct spawn s = {.argv = SH("head -c 1000000 /dev/zero; echo end")};
	struct strbuf out = {0};

	ck_assert_int_eq(spawn_run(&s, &out, NULL), 0);
	ck_assert_uint_eq(out.n, 64 * 1024);
	ck_assert_str_eq(out.p + out.n - 4, "end\n");
	strbuf_done(&out);
}
END_TEST

START_TEST(cannot_run)
{
	struct spawn s = {.argv = (char *[]){"xvd2vd-no-such-program", NULL}};
	struct err e = {0};

	ck_assert_int_eq(spawn_run(&s, NULL, &e), -ENOENT);
	ck_assert_str_eq(
		e.text, "cannot run xvd2vd-no-such-program: No such file or directory");
	s.chroot = "/nowhere";
	ck_assert_int_lt(spawn_run(&s, NULL, &e), 0);
}
END_TEST

START_TEST(given_environment)
{
	struct spawn s = {
		.argv = SH("echo $PATH $X"), .env = (char *[]){"X=1", "PATH=/bin", NULL}};
	struct strbuf out = {0};

	ck_assert_int_eq(spawn_run(&s, &out, NULL), 0);
	ck_assert_str_eq(out.p, "/bin 1\n");
	strbuf_done(&out);
}
END_TEST

START_TEST(private_namespace)
{
	/* setsid: out of the process group, only the namespace still holds it. */
	struct spawn s = {
		.argv = SH("setsid sleep 60 & ls /proc | grep -c '^[0-9]'; uname -m; "
			   "exit 4"),
		.private_ns = true,
		.persona = PER_LINUX32};
	struct strbuf out = {0};
	struct err e = {0};
	double begun = seconds();

	if (geteuid() != 0)
		return;
	ck_assert_msg(spawn_run(&s, &out, &e) == 1, "%s", e.text);
	ck_assert_int_le(atoi(out.p), 8);
	ck_assert_ptr_nonnull(strstr(e.text, "status 4"));
#ifdef __x86_64__
	ck_assert_ptr_nonnull(strstr(out.p, "i686"));
#endif
	ck_assert(seconds() - begun < 10);
	strbuf_done(&out);
	s.argv = SH("kill -KILL $$");
	ck_assert_int_eq(spawn_run(&s, NULL, &e), 1);
	ck_assert_ptr_nonnull(strstr(e.text, "status 137"));
	s.argv = (char *[]){"xvd2vd-no-such-program", NULL};
	ck_assert_int_eq(spawn_run(&s, NULL, &e), -ENOENT);
}
END_TEST

/* Through links, as the program sees them; what is missing on either side is left out; and
 * nobody else sees any of it. */
START_TEST(binds)
{
	char dir[] = "/tmp/xvd2vd-spawn-XXXXXX", cmd[256], file[64], link[64],
	     neither[64], mnt[64], script[256];
	const struct spawn_bind v[] = {{"/proc/is-not-there", file},
		{"/proc/version", link}, {"/proc/version", neither}, {"/sys/class", mnt}};
	struct spawn s = {.argv = SH(script),
		.private_ns = true,
		.binds = v,
		.n_binds = ARRAY_SIZE(v)};
	struct strbuf out = {0};
	struct err e = {0};

	if (geteuid() != 0)
		return;
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(file, sizeof(file), "%s/file", dir);
	snprintf(link, sizeof(link), "%s/link", dir);
	snprintf(neither, sizeof(neither), "%s/neither", dir);
	snprintf(mnt, sizeof(mnt), "%s/mnt", dir);
	snprintf(script, sizeof(script),
		"cd %s; cat file; test -d mnt/block; echo $?; ls", dir);
	snprintf(cmd, sizeof(cmd),
		"cd %s && echo own >file && ln -s file link && mkdir mnt", dir);
	ck_assert_int_eq(system(cmd), 0);
	ck_assert_msg(spawn_run(&s, &out, &e) == 0, "%s", e.text);
	ck_assert_ptr_nonnull(out.p);
	ck_assert_msg(strncmp(out.p, "Linux version", 13) == 0, "%s", out.p);
	ck_assert_ptr_nonnull(strstr(out.p, "\n0\nfile\nlink\nmnt\n"));
	snprintf(cmd, sizeof(cmd), "cd %s && grep -q own file && rmdir mnt && rm -r %s",
		dir, dir);
	ck_assert_int_eq(system(cmd), 0);
	strbuf_done(&out);
}
END_TEST

static void add(TCase *tc)
{
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, ends, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, deadline);
	tcase_add_test(tc, left_behind);
	tcase_add_test(tc, ring);
	tcase_add_test(tc, cannot_run);
	tcase_add_test(tc, given_environment);
	tcase_add_test(tc, private_namespace);
	tcase_add_test(tc, binds);
}

int main(void)
{
	return check_main("spawn", add);
}

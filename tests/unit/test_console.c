/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "check_main.h"
#include "scratch.h"
#include "sys/console.h"
#include "sys/report_port.h"

static const struct {
	struct str in;
	const char *want;
} rows[] = {
	{S("step 1: fstab"), "step 1: fstab\n"},
	{S("red \033[31m\r\n\a"), "red ?[31m???\n"},
	{S("caf\xc3\xa9 \xe2\x82\xac"), "caf\xc3\xa9 \xe2\x82\xac\n"},
	{S("c1 \xc2\x9b"
	   "31m \x9b"),
		"c1 ??31m ?\n"},
	{S("cut \xe2\x82"), "cut ??\n"},
	{S(""), "\n"},
};

START_TEST(line)
{
	struct console *c;
	struct err e = {0};
	char got[256] = "";
	int p[2], saved = dup(STDERR_FILENO);

	ck_assert_int_eq(pipe(p), 0);
	dup2(p[1], STDERR_FILENO);
	ck_assert_int_eq(console_new(false, &c, &e), 0);
	console_line(c, rows[_i].in);
	dup2(saved, STDERR_FILENO);
	ck_assert_int_gt(read(p[0], got, sizeof(got) - 1), 0);
	ck_assert_str_eq(got, rows[_i].want);
	console_free(c);
}
END_TEST

START_TEST(find_port)
{
	char name[32];

	scratch_make();
	ck_assert_int_eq(report_port_find("/nowhere", "x", name, sizeof(name)), -ENODEV);
	scratch_write("vport1p1/name", "com.redhat.spice.0\n", 19);
	scratch_write("vport1p2/name", "org.xvd2vd.report\n", 18);
	ck_assert_int_eq(
		report_port_find(scratch, "org.xvd2vd.report", name, sizeof(name)), 0);
	ck_assert_str_eq(name, "vport1p2");
	ck_assert_int_eq(
		report_port_find(scratch, "org.xvd2vd", name, sizeof(name)), -ENODEV);
	scratch_remove();
}
END_TEST

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A reader that stops: one wait, then none, and a whole line once it reads again. */
START_TEST(reader_stops)
{
	static char big[200000], got[400000];
	struct report_port port = {.fd = -1};
	struct err e = {0};
	double begun = seconds();
	ssize_t n, all = 0;
	int p[2];

	memset(big, 'x', sizeof(big));
	ck_assert_int_eq(pipe2(p, O_NONBLOCK), 0);
	port.fd = p[1];
	ck_assert_int_eq(report_port_write(&port, STR("a\nb"), 10, &e), -EINVAL);
	ck_assert_int_eq(report_port_write(&port, STR("{\"step\":1}"), 10, &e), 0);
	ck_assert_int_eq(
		report_port_write(&port, (struct str){big, sizeof(big)}, 300, &e),
		-ETIMEDOUT);
	ck_assert(seconds() - begun >= 0.29);
	begun = seconds();
	ck_assert_int_eq(report_port_write(&port, STR("lost"), 5000, &e), -ETIMEDOUT);
	ck_assert(seconds() - begun < 1);
	while ((n = read(p[0], got + all, sizeof(got) - (size_t)all - 1)) > 0)
		all += n;
	ck_assert_int_eq(strncmp(got, "{\"step\":1}\nxxx", 14), 0);
	ck_assert_int_eq(report_port_write(&port, STR("last"), 5000, &e), 0);
	n = read(p[0], got, sizeof(got));
	check_bytes("after", (struct str){got, (size_t)n}, STR("\nlast\n"));
	/* Closed at the other end. */
	close(p[0]);
	signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(report_port_write(&port, STR("x"), 10, &e), -EPIPE);
}
END_TEST

START_TEST(no_port)
{
	struct console *c;
	struct err e = {0};

	ck_assert_int_eq(console_new(true, &c, &e), 0);
	if (access("/sys/class/virtio-ports", F_OK) < 0)
		ck_assert_int_eq(console_report(c, STR("x"), &e), -ENODEV);
	console_free(c);
	console_free(NULL);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, line, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, find_port);
	tcase_add_test(tc, reader_stops);
	tcase_add_test(tc, no_port);
}

int main(void)
{
	return check_main("console", add);
}

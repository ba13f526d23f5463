/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the stand-ins of the commands that start services answer; `enable` reaches the guest's
 * own command, which is next in PATH. */
#include <stdio.h>
#include <sys/wait.h>

#include "apply/shield.h"

#include "check_main.h"

static char dir[64];

static void setup(void)
{
	char cmd[1024];

	snprintf(dir, sizeof(dir), "/tmp/xvd2vd-shield-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(cmd, sizeof(cmd),
		"cd %s && mkdir own && printf '#!/bin/sh\\nexit 42\\n' >own/systemctl && "
		"cp own/systemctl own/invoke-rc.d && chmod 755 own/*",
		dir);
	ck_assert_int_eq(system(cmd), 0);
}

static void teardown(void)
{
	char cmd[128];

	snprintf(cmd, sizeof(cmd), "rm -rf %s", dir);
	ck_assert_int_eq(system(cmd), 0);
}

static const struct row {
	const char *command;
	int status;
} rows[] = {
	{"invoke-rc.d acpid start", 0},
	{"service acpid start", 0},
	{"start-stop-daemon --start --exec /usr/sbin/acpid", 0},
	{"initctl version", 0},
	{"deb-systemd-invoke start acpid.socket", 0},
	{"systemctl --system daemon-reload", 0},
	{"systemctl start acpid.socket", 0},
	{"systemctl --quiet is-active acpid.socket", 3},
	{"systemctl enable acpid.socket", 42},
	{"systemctl --no-reload preset acpid.socket", 42},
};

START_TEST(answers)
{
	char cmd[256];
	struct err e;
	int status;

	/* Twice: the second run finds the first one's. */
	ck_assert_int_eq(shield_make(dir, &e), 0);
	ck_assert_int_eq(shield_make(dir, &e), 0);
	snprintf(cmd, sizeof(cmd), "PATH=%s/bin:%s/own:$PATH %s", dir, dir,
		rows[_i].command);
	status = system(cmd);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == rows[_i].status,
		"%s: %d", rows[_i].command, status);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, answers, 0, ARRAY_SIZE(rows));
}

int main(void)
{
	return check_main("shield", add);
}

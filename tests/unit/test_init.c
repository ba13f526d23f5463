/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which init system starts the guest. */
#include "guest_fixture.h"

#define PROGRAM                                                                          \
	{                                                                                \
		"/sbin/init", "x"                                                        \
	}
#define LINK(target)                                                                     \
	{                                                                                \
		"/sbin/init", .link = target                                             \
	}

static const struct row {
	const char *name;
	struct fx_file files[4];
	enum init_system want;
} rows[] = {
	{"systemd", {LINK("/lib/systemd/systemd")}, INIT_SYSTEMD},
	{"systemd where sysvinit was",
		{LINK("../lib/systemd/systemd"), {"/etc/inittab", ""}}, INIT_SYSTEMD},
	{"systemd is there, sysvinit starts",
		{PROGRAM, {"/etc/inittab", ""}, {"/lib/systemd/systemd", "x"}},
		INIT_SYSVINIT},
	{"sysvinit", {PROGRAM, {"/etc/inittab", ""}}, INIT_SYSVINIT},
	{"Upstart 0.3", {PROGRAM, {"/etc/event.d/"}}, INIT_UPSTART},
	{"Upstart", {PROGRAM, {"/etc/init/"}, {"/sbin/initctl", "x"}}, INIT_UPSTART},
	{"Upstart's link", {LINK("upstart"), {"/lib/systemd/systemd", "x"}},
		INIT_UPSTART},
	{"sysvinit with a left over /etc/init",
		{PROGRAM, {"/etc/init/"}, {"/etc/inittab", ""}}, INIT_SYSVINIT},
	{"OpenRC", {PROGRAM, {"/etc/inittab", ""}, {"/sbin/openrc", "x"}}, INIT_OPENRC},
	{"OpenRC's link", {LINK("/sbin/openrc-init")}, INIT_OPENRC},
	{"BusyBox", {LINK("/bin/busybox"), {"/etc/inittab", ""}}, INIT_BUSYBOX},
	{"nothing", {{"/etc/fstab", ""}}, INIT_UNKNOWN},
};

START_TEST(telling)
{
	const struct row *row = &rows[_i];
	struct guest g = {0};
	struct fx fx;

	fx_load(&fx, "vda", row->files, ARRAY_SIZE(row->files), false);
	guest_read_init(&fx.snap, &g);
	ck_assert_msg(g.init == row->want, "%s: %s", row->name, init_system_name(g.init));
	fx_done(&fx);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, telling, 0, ARRAY_SIZE(rows));
}

int main(void)
{
	return check_main("init", add);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When a guest is left with a script that installs a package, and what that runs. */
#include "plan/packages.h"
#include "plan/rules.h"
#include "plan_fixture.h"

#define SCRIPT "/var/lib/xvd2vd/install"
#define CALLER "/etc/network/if-up.d/xvd2vd-install"
#define INSTALL                                                                          \
	" -q -y -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold"   \
	" -o APT::Keep-Downloaded-Packages=false -o Acquire::Retries=1"                  \
	" -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20"

#define SYSVINIT                                                                         \
	FX_DEBIAN, {"/etc/fstab", "/dev/vda / ext4 d 0 1\n"}, {"/sbin/init", "x"},       \
		{"/etc/network/interfaces", ""},                                         \
	{                                                                                \
		"/etc/inittab", "id:2:initdefault:\n"                                    \
	}
#define FSTAB                                                                            \
	{                                                                                \
		"/etc/fstab", "/dev/vda / ext4 d 0 1\n"                                  \
	}
#define SYSTEMD                                                                          \
	{                                                                                \
		"/sbin/init", .link = "/lib/systemd/systemd"                             \
	}
#define LOGIND                                                                           \
	{                                                                                \
		"/lib/systemd/systemd-logind", "x"                                       \
	}
#define APT                                                                              \
	{                                                                                \
		"/usr/bin/apt-get", "x"                                                  \
	}

static const struct row {
	const char *name;
	struct fx_file files[9];
	const char *set;
	bool payload, offline, failed;
	const char *want; /* steps, pending, warnings */
} rows[] = {
	{"no program may run", {SYSVINIT, APT}, .offline = true,
		.want = "install " SCRIPT "\ninstall " CALLER "\npending acpid\n"},
	{"it was tried, and failed", {SYSVINIT, APT}, .failed = true,
		.want = "install " SCRIPT "\ninstall " CALLER "\npending acpid\n"},
	{"the payload alone, and none is there", {SYSVINIT, APT},
		.set = "packages=offline",
		.want = "install " SCRIPT "\ninstall " CALLER "\npending acpid\n"},
	{"it is tried first", {SYSVINIT, APT},
		.want = "packages !/usr/bin/apt-get\nacpid !/usr/bin/apt-get\n"},
	{"the payload alone", {SYSVINIT, APT}, .set = "packages=offline", .payload = true,
		.want = "packages !/usr/bin/apt-get\nacpid !/usr/bin/apt-get\n"},
	{"nothing is wanted", {SYSVINIT, APT}, .set = "packages=off",
		.want = "pending acpid\n"},
	{"logind without a bus", {FX_DEBIAN, FSTAB, SYSTEMD, LOGIND, APT},
		.want = "packages !/usr/bin/apt-get\ndbus !/usr/bin/apt-get\n"},
	{"logind with a bus",
		{FX_DEBIAN, FSTAB, SYSTEMD, LOGIND, APT, {"/usr/bin/dbus-daemon", "x"}},
		.want = ""},
	{"logind with another bus",
		{FX_DEBIAN, FSTAB, SYSTEMD, LOGIND, APT, {"/usr/bin/dbus-broker", "x"}},
		.want = ""},
	{"no logind: nobody knows", {FX_DEBIAN, FSTAB, SYSTEMD, APT}, .want = ""},
	{"no package tool", {SYSVINIT}, .offline = true, .want = "pending acpid\n"},
	{"nothing lacks",
		{SYSVINIT, APT, {"/usr/sbin/acpid", "x"},
			{"/etc/acpi/events/button", "x"}},
		.offline = true, .want = ""},
	{"no place for what calls it", {SYSVINIT, APT, {"/etc/network/if-up.d", "x"}},
		.offline = true, .want = "pending acpid\nwarnings 1\n"},
};

static void build(struct plan_fx *p, const struct row *row)
{
	struct err e = {0};

	plan_fx_load(p, "vda ext4 aaaa /\nroot /dev/vda", row->files,
		ARRAY_SIZE(row->files), row->set);
	p->fx.machine.has_payload = row->payload;
	p->in.offline = row->offline;
	p->in.packages_failed = row->failed;
	ck_assert_msg(rule_acpi(&p->in, &p->plan, &e) == 0, "%s: %s", row->name, e.text);
	ck_assert_msg(
		rule_install(&p->in, &p->plan, &e) == 0, "%s: %s", row->name, e.text);
}

START_TEST(leaving)
{
	const struct row *row = &rows[_i];
	struct strbuf got = {0};
	struct plan_fx p;

	build(&p, row);
	plan_fx_list(&p.plan, &got);
	check_bytes(row->name, strbuf_str(&got), str_from(row->want));
	strbuf_done(&got);
	plan_fx_done(&p);
}
END_TEST

static const struct fx_file yum[] = {
	{"/etc/redhat-release", "CentOS release 5.11 (Final)\n"}, FSTAB,
	{"/sbin/init", "x"}, {"/etc/inittab", "id:3:initdefault:\n"},
	{"/etc/rc.d/init.d/"}, {"/usr/bin/yum", "x"}};

/* It ends well where nobody has the package: rpm is asked. */
START_TEST(commands_yum)
{
	struct row row = {"yum", .offline = true};
	struct strbuf got = {0};
	struct plan_fx p;

	memcpy(row.files, yum, sizeof(yum));
	build(&p, &row);
	ck_assert_int_eq(
		plan_install_script(p.in.guest, &p.plan.to_install, " || exit 0", &got),
		0);
	check_bytes("commands", strbuf_str(&got),
		str_from("yum -y --disableexcludes=all install acpid\n"
			 "rpm -q acpid || exit 0\n"));
	strbuf_done(&got);
	plan_fx_done(&p);
}
END_TEST

/* The commands; the rest of the script is run by tests/guests/check. */
START_TEST(commands)
{
	struct strbuf got = {0};
	struct plan_fx p;

	build(&p, &rows[0]);
	ck_assert_int_eq(
		plan_install_script(p.in.guest, &p.plan.to_install, " || exit 0", &got),
		0);
	check_bytes("commands", strbuf_str(&got),
		str_from("dpkg --configure -a\n"
			 "apt-get" INSTALL " update\n"
			 "apt-get" INSTALL " --no-install-recommends install "
			 "acpi-support-base || exit 0\n"));
	strbuf_done(&got);
	plan_fx_done(&p);
}
END_TEST

/* What follows the installation, so that this start hears the button already. */
static const struct {
	const char *name;
	struct fx_file files[8];
	const char *want;
} begins[] = {
	{"yum starts nothing",
		{{"/etc/redhat-release", "CentOS release 5.11 (Final)\n"}, FSTAB,
			{"/sbin/init", "x"}, {"/etc/inittab", "id:3:initdefault:\n"},
			{"/etc/rc.d/init.d/"}, {"/usr/bin/yum", "x"}},
		"rpm -q acpid || exit 0\n\nservice acpid start\n\nrm -f"},
	{"nor does it under Upstart",
		{{"/etc/redhat-release", "CentOS release 6.10 (Final)\n"}, FSTAB,
			{"/sbin/init", "x"}, {"/sbin/initctl", "x"}, {"/etc/init/"},
			{"/usr/bin/yum", "x"}},
		"rpm -q acpid || exit 0\n\nservice acpid start\n\nrm -f"},
	{"nor zypper",
		{{"/etc/SuSE-release", "SUSE Linux Enterprise Server 11 (x86_64)\n"},
			FSTAB, {"/sbin/init", "x"},
			{"/etc/inittab", "id:3:initdefault:\n"},
			{"/etc/sysconfig/network/"}, {"/usr/bin/zypper", "x"}},
		"rpm -q acpid || exit 0\n\nservice acpid start\n\nrm -f"},
	{"Debian's does", {SYSVINIT, APT}, "acpi-support-base || exit 0\n\nrm -f"},
	{"logind has given up", {FX_DEBIAN, FSTAB, SYSTEMD, LOGIND, APT},
		"dbus || exit 0\n\nsystemctl daemon-reload\n"
		"systemctl start dbus.socket\nsystemctl restart systemd-logind\n\n"
		"rm -f"},
};

START_TEST(beginning)
{
	struct row row = {.name = begins[_i].name, .offline = true};
	struct step *s;
	struct plan_fx p;

	memcpy(row.files, begins[_i].files, sizeof(begins[_i].files));
	build(&p, &row);
	s = plan_step_for(&p.plan, SCRIPT);
	ck_assert_msg(s && str_contains(strbuf_str(&s->content), begins[_i].want),
		"%s: %s", row.name, s ? s->content.p : "no script");
	plan_fx_done(&p);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, leaving, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, commands);
	tcase_add_test(tc, commands_yum);
	tcase_add_loop_test(tc, beginning, 0, ARRAY_SIZE(begins));
}

int main(void)
{
	return check_main("rule_install", add);
}

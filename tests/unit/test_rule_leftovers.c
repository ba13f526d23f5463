/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How services of Xen's are disabled in each init system, and which files are looked at. What
 * the editors do to the bytes is their own tests'. */
#include "plan/rules.h"
#include "plan_fixture.h"

#define FSTAB(text)                                                                      \
	{                                                                                \
		"/etc/fstab", text                                                       \
	}
#define LINUX FSTAB("/dev/vda / ext4 d 0 1\n")
#define SUSE                                                                             \
	{                                                                                \
		"/etc/SuSE-release",                                                     \
			"SUSE Linux Enterprise Server 11 (x86_64)\nVERSION = 11\n"       \
	}
#define EL6                                                                              \
	{                                                                                \
		"/etc/redhat-release", "CentOS release 6.10 (Final)\n"                   \
	}

/* A step as "-path", "path -> target" or "path: text". */
static const struct row {
	const char *name;
	struct fx_file files[8];
	const char *want;
} rows[] = {
	{"nothing of Xen's",
		{FX_DEBIAN, LINUX, {"/etc/modules", "loop\n"}, {"/etc/init/"},
			{"/etc/rc2.d/S20exim4", .link = "../init.d/exim4"}},
		""},
	{"files",
		{FX_DEBIAN, FSTAB("/dev/vda / ext4 d 0 1\nnone /proc/xen xenfs d 0 0\n"),
			{"/etc/modules", "xenblk\n"},
			{"/etc/modules-load.d/x.conf", "xen-netfront\n"},
			{"/etc/sysctl.d/x.conf", "xen.a=1\n"},
			{"/etc/rc.local", "modprobe xenblk\n"},
			{"/etc/modprobe.d/x", "alias eth0 xennet\n"},
			{"/etc/modprobe.d/x.d/"}},
		"/etc/fstab: /dev/vda / ext4 d 0 1\n#none /proc/xen xenfs d 0 0\n\n"
		"/etc/modules: #xenblk\n\n"
		"/etc/modules-load.d/x.conf: #xen-netfront\n\n"
		"/etc/rc.local: : modprobe xenblk\n\n"
		"/etc/sysctl.d/x.conf: #xen.a=1\n\n"
		"/etc/modprobe.d/x: alias eth0 virtio_net\n\n"},
	{"units",
		{FX_DEBIAN, LINUX,
			{"/etc/systemd/system/multi-user.target.wants/"
			 "xe-daemon.service",
				.link = "/lib/systemd/system/xe-daemon.service"},
			{"/etc/systemd/system/multi-user.target.wants/xexec.service",
				.link = "/lib/systemd/system/xexec.service"},
			{"/etc/systemd/system/basic.target.wants/nova-agent.timer",
				.link = "/lib/systemd/system/nova-agent.timer"}},
		"-/etc/systemd/system/multi-user.target.wants/xe-daemon.service\n"},
	{"runlevels of Debian",
		{FX_DEBIAN, LINUX,
			{"/etc/rc2.d/S14xe-linux-distribution",
				.link = "../init.d/xe-linux-distribution"},
			{"/etc/rc3.d/S00nova-agent", .link = "../init.d/nova-agent"},
			{"/etc/rc6.d/K86xe-linux-distribution",
				.link = "../init.d/xe-linux-distribution"}},
		"-/etc/rc2.d/S14xe-linux-distribution\n"
		"/etc/rc2.d/K86xe-linux-distribution -> ../init.d/xe-linux-distribution\n"
		"-/etc/rc3.d/S00nova-agent\n"
		"/etc/rc3.d/K00nova-agent -> ../init.d/nova-agent\n"},
	{"one that is to be stopped there as well",
		{FX_DEBIAN, LINUX, {"/etc/rc2.d/S14xend", .link = "../init.d/xend"},
			{"/etc/rc2.d/K01xend", .link = "../init.d/xend"}},
		"-/etc/rc2.d/S14xend\n"},
	{"runlevels of Red Hat, which have two names",
		{EL6, LINUX, {"/etc/rc.d/"},
			{"/etc/rc.d/rc3.d/S05kudzu", .link = "../init.d/kudzu"},
			{"/etc/rc3.d", .link = "rc.d/rc3.d"},
			{"/etc/rc3.d/S05kudzu", .link = "../init.d/kudzu"}},
		"-/etc/rc.d/rc3.d/S05kudzu\n"
		"/etc/rc.d/rc3.d/K95kudzu -> ../init.d/kudzu\n"},
	{"runlevels of SUSE, which have three",
		{SUSE, LINUX, {"/etc/rc.d", .link = "init.d"},
			{"/etc/init.d/rc3.d/S05xendomains", .link = "../xendomains"},
			{"/etc/rc.d/rc3.d/S05xendomains", .link = "../xendomains"}},
		"-/etc/init.d/rc3.d/S05xendomains\n"
		"/etc/init.d/rc3.d/K95xendomains -> ../xendomains\n"},
	{"Upstart's jobs",
		{FX_DEBIAN, LINUX, {"/sbin/initctl", "x"}, {"/etc/init/"},
			{"/etc/init/nova-agent.conf", "start on runlevel 2\n"},
			{"/etc/init/xe-daemon.conf", "start on runlevel 2\n"},
			{"/etc/init/xe-daemon.override", "manual\n"}},
		"/etc/init/nova-agent.override: manual\n\n"},
	{"OpenRC",
		{{"/etc/gentoo-release", "Gentoo Base System release 2.1\n"}, LINUX,
			{"/etc/runlevels/default/xenstored",
				.link = "/etc/init.d/xenstored"},
			{"/etc/runlevels/default/xe-guest-utilities",
				.link = "/etc/init.d/xe-guest-utilities"},
			{"/etc/runlevels/boot/xenfoo", .link = "/etc/init.d/xenfoo"}},
		"-/etc/runlevels/default/xe-guest-utilities\n"
		"-/etc/runlevels/default/xenstored\n"},
};

START_TEST(disabling)
{
	const struct row *row = &rows[_i];
	struct strbuf got = {0};
	struct plan_fx p;
	struct err e = {0};

	plan_fx_load(&p, "vda ext4 aaaa /\nroot /dev/vda", row->files,
		ARRAY_SIZE(row->files), NULL);
	ck_assert_msg(
		rule_leftovers(&p.in, &p.plan, &e) == 0, "%s: %s", row->name, e.text);
	for (size_t i = 0; i < p.plan.n_steps; i++) {
		const struct step *s = &p.plan.steps[i];

		ck_assert_str_eq(s->id, "leftovers");
		if (s->kind == STEP_REMOVE)
			strbuf_addf(&got, "-%s\n", s->path);
		else
			strbuf_addf(&got, "%s%s%s\n", s->path,
				s->kind == STEP_LINK ? " -> " : ": ", s->content.p);
	}
	check_bytes(row->name, strbuf_str(&got), str_from(row->want));
	ck_assert_msg(p.plan.warnings.n == 0, "%s: %s", row->name,
		p.plan.warnings.n ? p.plan.warnings.v[0] : "");
	strbuf_done(&got);
	plan_fx_done(&p);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, disabling, 0, ARRAY_SIZE(rows));
}

int main(void)
{
	return check_main("rule_leftovers", add);
}

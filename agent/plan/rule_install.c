/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A package that could not be installed now is installed by the guest itself, at its first
 * start with a network. */
#include "plan/packages.h"
#include "plan/rules.h"
#include "plan/start_hook.h"

/* For every sh since 2008. init may hang up when its scripts are through. */
static const char head[] =
	"#!/bin/sh\n"
	"# xvd2vd: this guest was repaired to run on KVM, and lacks a package. A start "
	"with\n"
	"# a network installs it; then this script and what calls it are removed.\n"
	"PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive\n"
	"export PATH DEBIAN_FRONTEND\n"
	"trap '' HUP\n"
	"umask 022\n"
	"\n"
	"# Services are not started before the start itself is past its first part.\n"
	"ready() {\n"
	"\tcase $(runlevel 2>/dev/null) in\n"
	"\t*S | unknown) return 1 ;;\n"
	"\tesac\n"
	"\twhile read -r card destination rest; do\n"
	"\t\t[ \"$destination\" != 00000000 ] || return 0\n"
	"\tdone </proc/net/route\n"
	"\treturn 1\n"
	"}\n"
	"# After five minutes it is tried all the same: there may be a way that this "
	"does not see.\n"
	"tries=0\n"
	"until ready || [ \"$tries\" = 30 ]; do\n"
	"\tsleep 10\n"
	"\ttries=$((tries + 1))\n"
	"done\n"
	"\n"
	"# Where it fails, the next start tries again.\n";

/* What makes this very start hear the button. Debian's packages start what they bring, others'
 * do not; nor does any start systemd-logind, which this start went without. */
static const struct beginning {
	enum init_system init;
	enum family family; /* FAMILY_UNKNOWN: any */
	const char *text;
} beginnings[] = {
	{INIT_SYSTEMD, FAMILY_UNKNOWN,
		"\nsystemctl daemon-reload\n"
		"systemctl start dbus.socket\n"
		"systemctl restart systemd-logind\n"},
	{INIT_SYSVINIT, FAMILY_REDHAT, "\nservice acpid start\n"},
	{INIT_UPSTART, FAMILY_REDHAT, "\nservice acpid start\n"},
	{INIT_SYSVINIT, FAMILY_SUSE, "\nservice acpid start\n"},
	{INIT_BUSYBOX, FAMILY_ALPINE, "\nrc-service acpid start\n"},
};

static const char *beginning(const struct guest *g)
{
	for (size_t i = 0; i < ARRAY_SIZE(beginnings); i++)
		if (beginnings[i].init == g->init &&
			(beginnings[i].family == FAMILY_UNKNOWN ||
				beginnings[i].family == g->family))
			return beginnings[i].text;
	return "";
}

static int make_script(const struct plan_input *in, const struct plan *p,
	const struct start_hook *hook, struct strbuf *ret)
{
	strbuf_adds(ret, head);
	if (plan_install_script(in->guest, &p->to_install, " || exit 0", ret) < 0)
		return -ENOMEM;
	strbuf_adds(ret, beginning(in->guest));
	strbuf_addc(ret, '\n');
	start_hook_removal(hook, ret);
	strbuf_adds(ret, "\nsync\nexit 0\n");
	return strbuf_err(ret);
}

int rule_install(const struct plan_input *in, struct plan *p, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf script = {0}, note = {0};
	struct start_hook hook = {
		.name = "install",
		.what = "Install what the repaired guest lacks",
		.otherwise = "the guest's starts will not install what it lacks",
		.slow = true,
	};

	if (!p->to_install.n)
		return 0;
	STRV_FOREACH (name, &p->to_install)
		strbuf_addf(&note, "%s %s", name == p->to_install.v ? "installs" : " and",
			*name);
	strbuf_adds(&note, " at the first start with a network, then removes itself");
	if (strbuf_err(&note) < 0 || make_script(in, p, &hook, &script) < 0)
		return err_oom(e);
	hook.note = note.p;
	return start_hook_plan(in, p, &hook, &script, e);
}

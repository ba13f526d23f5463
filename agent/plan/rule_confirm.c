/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The first start of a repaired guest says so itself: a script notes it beside the journal and
 * removes itself with what had called it. Until then the repair counts as not confirmed
 * (main/guard.c). Everything is a new file of its own, so that an undo is the same before and
 * after: both find nothing to put back but absence. */
#include <string.h>

#include "plan/draft.h"
#include "plan/rules.h"

#define NAME "xvd2vd-confirm"
#define STATE "/var/lib/xvd2vd"
#define SCRIPT STATE "/confirm"

/* For every sh since 2008, with what every guest has; nothing in it may hold up or fail a
 * boot. */
static const char script[] =
	"#!/bin/sh\n"
	"# xvd2vd: this guest was repaired to run on KVM. Its first start since is "
	"noted\n"
	"# here, for \"xvd2vd status\"; then this script and what calls it are removed.\n"
	"exec 2>/dev/null\n"
	"umask 077\n"
	"cd " STATE " || exit 0\n"
	"\n"
	"# Started by the rescue system's own kernel (mode=boot): that proves little.\n"
	"[ ! -d /run/xvd2vd ] || exit 0\n"
	"cmdline=\n"
	"read -r cmdline </proc/cmdline\n"
	"case \" $cmdline\" in\n"
	"*' xvd2vd.'*) exit 0 ;;\n"
	"esac\n"
	"\n"
	"run=\n"
	"for dir in [0-9]*; do\n"
	"\t[ ! -d \"$dir\" ] || run=$dir\n"
	"done\n"
	"root=\n"
	"while read -r device point rest; do\n"
	"\t[ \"$point\" != / ] || root=$device\n"
	"done </proc/mounts\n"
	"case $root in\n"
	"'' | rootfs | /dev/root)\n"
	"\tset -f\n"
	"\tfor word in $cmdline; do\n"
	"\t\tcase $word in\n"
	"\t\troot=*) root=${word#root=} ;;\n"
	"\t\tesac\n"
	"\tdone\n"
	"\tset +f\n"
	"\t;;\n"
	"esac\n"
	"\n"
	"# Where nothing can be written, the next start tries again.\n"
	"when=$(date -u +%Y-%m-%dT%H:%M:%SZ)\n"
	"printf 'run=%s\\nwhen=%s\\nkernel=%s\\nroot=%s\\n' \\\n"
	"\t\"$run\" \"$when\" \"$(uname -r)\" \"$root\" >.confirmed.new &&\n"
	"\tsync && mv -f .confirmed.new confirmed || exit 0\n"
	"rm -f /etc/systemd/system/basic.target.wants/" NAME ".service \\\n"
	"\t/etc/systemd/system/" NAME ".service /etc/init/" NAME ".conf \\\n"
	"\t/etc/event.d/" NAME " /etc/network/if-up.d/" NAME " \\\n"
	"\t/etc/rc.d/rc[0-9].d/S99" NAME " /etc/rc.d/init.d/" NAME " \\\n"
	"\t/etc/runlevels/default/" NAME " /etc/init.d/" NAME " found confirm\n"
	"sync\n"
	"exit 0\n";

/* Not before the local file systems are there, and nothing waits for it. basic.target is part
 * of each start, whatever default.target is, but of none that ends in a rescue shell. */
static const char systemd_unit[] =
	"# xvd2vd: removes itself after the first start.\n"
	"[Unit]\n"
	"Description=Note that the repaired guest has started\n"
	"DefaultDependencies=no\n"
	"After=basic.target local-fs.target\n"
	"Conflicts=shutdown.target\n"
	"Before=shutdown.target\n"
	"ConditionPathExists=" SCRIPT "\n"
	"\n"
	"[Service]\n"
	"Type=oneshot\n"
	"ExecStart=-/bin/sh " SCRIPT "\n";

static const char upstart_job[] =
	"# xvd2vd: removes itself after the first start.\n"
	"description \"note that the repaired guest has started\"\n"
	"start on runlevel [2345]\n"
	"exec /bin/sh " SCRIPT "\n";

/* Upstart before 0.6. */
static const char event_job[] = "# xvd2vd: removes itself after the first start.\n"
				"start on stopped rc2\n"
				"start on stopped rc3\n"
				"start on stopped rc4\n"
				"start on stopped rc5\n"
				"exec /bin/sh " SCRIPT "\n";

/* Debian's sysvinit: behind the local file systems each start brings up an interface, if only
 * lo. A script in init.d would have to be in insserv's list as well, which it writes anew. */
static const char ifup_script[] = "#!/bin/sh\n"
				  "# xvd2vd: removes itself after the first start.\n"
				  "[ ! -f " SCRIPT " ] || /bin/sh " SCRIPT "\n"
				  "exit 0\n";

static const char rc_script[] =
	"#!/bin/sh\n"
	"# xvd2vd: removes itself after the first start.\n"
	"[ \"$1\" != start ] || [ ! -f " SCRIPT " ] || /bin/sh " SCRIPT "\n"
	"exit 0\n";

static const char openrc_service[] =
	"#!/sbin/openrc-run\n"
	"# xvd2vd: removes itself after the first start.\n"
	"description=\"Note that the repaired guest has started\"\n"
	"\n"
	"depend() {\n"
	"\tneed localmount\n"
	"}\n"
	"\n"
	"start() {\n"
	"\t[ ! -f " SCRIPT " ] || /bin/sh " SCRIPT "\n"
	"\treturn 0\n"
	"}\n";

/* What calls the script. The first row that fits counts. */
static const struct hook {
	enum init_system init;
	const char *needs; /* a path that must be there; NULL: none */
	const char *path, *text;
	unsigned mode;
	const char *link, *target; /* makes it start; '?' is the runlevel; NULL: none */
} hooks[] = {
	{.init = INIT_SYSTEMD,
		.path = "/etc/systemd/system/" NAME ".service",
		.text = systemd_unit,
		.mode = 0644,
		.link = "/etc/systemd/system/basic.target.wants/" NAME ".service",
		.target = "../" NAME ".service"},
	{.init = INIT_UPSTART,
		.needs = "/etc/init",
		.path = "/etc/init/" NAME ".conf",
		.text = upstart_job,
		.mode = 0644},
	{.init = INIT_UPSTART,
		.needs = "/etc/event.d",
		.path = "/etc/event.d/" NAME,
		.text = event_job,
		.mode = 0644},
	{.init = INIT_SYSVINIT,
		.needs = "/etc/network/interfaces",
		.path = "/etc/network/if-up.d/" NAME,
		.text = ifup_script,
		.mode = 0755},
	{.init = INIT_SYSVINIT,
		.needs = "/etc/rc.d/init.d",
		.path = "/etc/rc.d/init.d/" NAME,
		.text = rc_script,
		.mode = 0755,
		.link = "/etc/rc.d/rc?.d/S99" NAME,
		.target = "../init.d/" NAME},
	{.init = INIT_OPENRC,
		.path = "/etc/init.d/" NAME,
		.text = openrc_service,
		.mode = 0755,
		.link = "/etc/runlevels/default/" NAME,
		.target = "/etc/init.d/" NAME},
};

static const struct hook *hook_for(const struct plan_input *in)
{
	for (size_t i = 0; i < ARRAY_SIZE(hooks); i++)
		if (hooks[i].init == in->guest->init &&
			(!hooks[i].needs || snapshot_exists(in->snap, hooks[i].needs)))
			return &hooks[i];
	return NULL;
}

/* Left alone where an earlier repair, whose guest has not started since, has put it there. */
static int put(const struct plan_input *in, struct plan *p, const char *path,
	const char *text, unsigned mode, const char *note, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf content = {0};
	struct str old;

	if (draft_read(in, p, path, &old) && str_is(old, text))
		return 0;
	strbuf_adds(&content, text);
	return draft_write(in, p, "confirm", path, &content, mode, e, "%s", note);
}

/* The runlevel that the guest starts into. */
static char runlevel(const struct plan_input *in, const struct plan *p)
{
	struct str text = STR("");

	draft_read(in, p, "/etc/inittab", &text);
	STR_FOREACH_LINE (line, text) {
		struct str id, level, rest;

		if (*line.p != '#' && str_cut(line, ':', &id, &rest) &&
			str_cut(rest, ':', &level, &rest) && level.n == 1 &&
			str_starts(rest, "initdefault:"))
			return *level.p;
	}
	return '3';
}

static int put_link(
	const struct plan_input *in, struct plan *p, const struct hook *h, struct err *e)
{
	cleanup_(free_charp) char *link = str_dup(str_from(h->link));
	char *at;

	if (!link)
		return err_oom(e);
	at = strchr(link, '?');
	if (at)
		*at = runlevel(in, p);
	return draft_link(in, p, "confirm", link, h->target, e);
}

int rule_confirm(const struct plan_input *in, struct plan *p, struct err *e)
{
	const struct hook *h = hook_for(in);
	int r;

	if (!plan_repairs(p))
		return 0;
	if (!h)
		return plan_warn(p, e,
			"the guest's first start will not be noted: its init system is "
			"not one that is known");
	r = put(in, p, SCRIPT, script, 0755,
		"notes the guest's first start, then removes itself", e);
	if (r >= 0)
		r = put(in, p, h->path, h->text, h->mode, "runs that at the start", e);
	if (r >= 0 && h->link)
		r = put_link(in, p, h, e);
	return r;
}

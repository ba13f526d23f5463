/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See start_hook.h. */
#include <errno.h>
#include <string.h>

#include "plan/draft.h"
#include "plan/start_hook.h"

/* In paths and texts: @N the name, @W what it does, @T systemd's type of service, @B puts a slow
 * one into the background; in paths @R is the runlevel that the guest starts into. */
#define SCRIPT START_HOOK_STATE "/@N"
#define REMOVED "# xvd2vd: removes itself when it has done its work.\n"

/* Not before the local file systems are there, and nothing waits for it. basic.target is part
 * of each start, whatever default.target is, but of none that ends in a rescue shell. */
static const char systemd_unit[] = REMOVED "[Unit]\n"
					   "Description=@W\n"
					   "DefaultDependencies=no\n"
					   "After=basic.target local-fs.target\n"
					   "Conflicts=shutdown.target\n"
					   "Before=shutdown.target\n"
					   "ConditionPathExists=" SCRIPT "\n"
					   "\n"
					   "[Service]\n"
					   "Type=@T\n"
					   "ExecStart=-/bin/sh " SCRIPT "\n";

static const char upstart_job[] = REMOVED "description \"@W\"\n"
					  "start on runlevel [2345]\n"
					  "exec /bin/sh " SCRIPT "\n";

/* Upstart before 0.6. */
static const char event_job[] = REMOVED "start on stopped rc2\n"
					"start on stopped rc3\n"
					"start on stopped rc4\n"
					"start on stopped rc5\n"
					"exec /bin/sh " SCRIPT "\n";

/* Debian's sysvinit: behind the local file systems each start brings up an interface, if only
 * lo. A script in init.d would have to be in insserv's list as well, which it writes anew. */
static const char ifup_script[] =
	"#!/bin/sh\n" REMOVED "[ ! -f " SCRIPT " ] || /bin/sh " SCRIPT "@B\n"
	"exit 0\n";

static const char rc_script[] =
	"#!/bin/sh\n" REMOVED "[ \"$1\" != start ] || [ ! -f " SCRIPT
	" ] || /bin/sh " SCRIPT "@B\n"
	"exit 0\n";

#define OPENRC_SERVICE                                                                   \
	REMOVED "description=\"@W\"\n"                                                   \
		"\n"                                                                     \
		"depend() {\n"                                                           \
		"\tneed localmount\n"                                                    \
		"}\n"                                                                    \
		"\n"                                                                     \
		"start() {\n"                                                            \
		"\t[ ! -f " SCRIPT " ] || /bin/sh " SCRIPT "@B\n"                        \
		"\treturn 0\n"                                                           \
		"}\n"
static const char openrc_service[] = "#!/sbin/openrc-run\n" OPENRC_SERVICE;
/* Before 0.13. */
static const char runscript_service[] = "#!/sbin/runscript\n" OPENRC_SERVICE;

/* What calls the script. The first row that fits counts. */
static const struct caller {
	enum init_system init, or_init; /* INIT_UNKNOWN: no other */
	const char *needs;              /* a path that must be there; NULL: none */
	const char *path, *text;
	unsigned mode;
	const char *link, *target; /* makes it start; NULL: none */
} callers[] = {
	{.init = INIT_SYSTEMD,
		.path = "/etc/systemd/system/xvd2vd-@N.service",
		.text = systemd_unit,
		.mode = 0644,
		.link = "/etc/systemd/system/basic.target.wants/xvd2vd-@N.service",
		.target = "../xvd2vd-@N.service"},
	{.init = INIT_UPSTART,
		.needs = "/etc/init",
		.path = "/etc/init/xvd2vd-@N.conf",
		.text = upstart_job,
		.mode = 0644},
	{.init = INIT_UPSTART,
		.needs = "/etc/event.d",
		.path = "/etc/event.d/xvd2vd-@N",
		.text = event_job,
		.mode = 0644},
	{.init = INIT_SYSVINIT,
		.needs = "/etc/network/interfaces",
		.path = "/etc/network/if-up.d/xvd2vd-@N",
		.text = ifup_script,
		.mode = 0755},
	{.init = INIT_SYSVINIT,
		.needs = "/etc/rc.d/init.d",
		.path = "/etc/rc.d/init.d/xvd2vd-@N",
		.text = rc_script,
		.mode = 0755,
		.link = "/etc/rc.d/rc@R.d/S99xvd2vd-@N",
		.target = "../init.d/xvd2vd-@N"},
	/* SUSE's has insserv, too. On Red Hat's, which come first, that is a file. */
	{.init = INIT_SYSVINIT,
		.needs = "/etc/sysconfig/network",
		.path = "/etc/sysconfig/network/if-up.d/xvd2vd-@N",
		.text = ifup_script,
		.mode = 0755},
	/* Alpine's init is busybox'; its services are OpenRC's all the same. */
	{.init = INIT_OPENRC,
		.or_init = INIT_BUSYBOX,
		.needs = "/sbin/openrc-run",
		.path = "/etc/init.d/xvd2vd-@N",
		.text = openrc_service,
		.mode = 0755,
		.link = "/etc/runlevels/default/xvd2vd-@N",
		.target = "/etc/init.d/xvd2vd-@N"},
	{.init = INIT_OPENRC,
		.or_init = INIT_BUSYBOX,
		.needs = "/sbin/runscript",
		.path = "/etc/init.d/xvd2vd-@N",
		.text = runscript_service,
		.mode = 0755,
		.link = "/etc/runlevels/default/xvd2vd-@N",
		.target = "/etc/init.d/xvd2vd-@N"},
};

static void expand(const struct start_hook *h, const char *runlevel, const char *text,
	struct strbuf *ret)
{
	for (const char *at; (at = strchr(text, '@')); text = at + 2) {
		strbuf_add(ret, (struct str){text, (size_t)(at - text)});
		switch (at[1]) {
		case 'N':
			strbuf_adds(ret, h->name);
			break;
		case 'W':
			strbuf_adds(ret, h->what);
			break;
		case 'T':
			strbuf_adds(ret, h->slow ? "simple" : "oneshot");
			break;
		case 'B':
			strbuf_adds(ret, h->slow ? " </dev/null >/dev/null 2>&1 &" : "");
			break;
		case 'R':
			strbuf_adds(ret, runlevel);
			break;
		}
	}
	strbuf_adds(ret, text);
}

static void add_removed(const struct start_hook *h, const char *path, struct strbuf *ret)
{
	strbuf_adds(ret, " \\\n\t");
	expand(h, "[0-9]", path, ret);
}

void start_hook_removal(const struct start_hook *h, struct strbuf *ret)
{
	strbuf_adds(ret, "rm -f");
	for (size_t i = 0; i < ARRAY_SIZE(callers); i++) {
		if (i && strcmp(callers[i].path, callers[i - 1].path) == 0)
			continue;
		if (callers[i].link)
			add_removed(h, callers[i].link, ret);
		add_removed(h, callers[i].path, ret);
	}
	add_removed(h, SCRIPT, ret);
}

static bool is_of(const struct caller *c, enum init_system init)
{
	return c->init == init || (c->or_init != INIT_UNKNOWN && c->or_init == init);
}

static const struct caller *caller_for(const struct plan_input *in)
{
	for (size_t i = 0; i < ARRAY_SIZE(callers); i++)
		if (is_of(&callers[i], in->guest->init) &&
			(!callers[i].needs ||
				snapshot_exists(in->snap, callers[i].needs)))
			return &callers[i];
	return NULL;
}

/* Whether `path` is something else than a folder. What is not there will be made. */
static bool is_obstacle(const struct snapshot *snap, const char *path)
{
	const struct snap_entry *ent = snapshot_find(snap, path);

	if (!ent || ent->kind != SNAP_LINK)
		return ent && ent->kind != SNAP_DIR;
	return !ent->real || is_obstacle(snap, ent->real);
}

/* 1 where something stands in the way to `path`, warned of. */
static int look_above(const struct plan_input *in, struct plan *p,
	const struct start_hook *h, const char *path, struct err *e)
{
	for (const char *end = strchr(path + 1, '/'); end; end = strchr(end + 1, '/')) {
		cleanup_(free_charp) char *above = str_dup(str_range(path, end));

		if (!above)
			return err_oom(e);
		if (is_obstacle(in->snap, above))
			return plan_warn(p, e, "%s: %s is not a folder", h->otherwise,
				       above) < 0
				       ? -ENOMEM
				       : 1;
	}
	return 0;
}

/* Left alone where an earlier repair, whose guest has not started since, has put it there. */
static int put(const struct plan_input *in, struct plan *p, const struct start_hook *h,
	const char *path, struct strbuf *text, unsigned mode, const char *note,
	struct err *e)
{
	struct str old;

	if (draft_read(in, p, path, &old) && str_eq(old, strbuf_str(text)))
		return 0;
	return draft_write(in, p, h->name, path, text, mode, e, "%s", note);
}

/* The runlevel that the guest starts into. */
static const char *runlevel(
	const struct plan_input *in, const struct plan *p, char buf[2])
{
	struct str text = STR("");

	buf[0] = '3';
	buf[1] = '\0';
	draft_read(in, p, "/etc/inittab", &text);
	STR_FOREACH_LINE (line, text) {
		struct str id, level, rest;

		if (*line.p != '#' && str_cut(line, ':', &id, &rest) &&
			str_cut(rest, ':', &level, &rest) && level.n == 1 &&
			str_starts(rest, "initdefault:"))
			buf[0] = *level.p;
	}
	return buf;
}

int start_hook_plan(const struct plan_input *in, struct plan *p,
	const struct start_hook *h, struct strbuf *script, struct err *e)
{
	const struct caller *c = caller_for(in);
	cleanup_(strbuf_done) struct strbuf at = {0}, path = {0}, text = {0}, link = {0},
					    target = {0};
	char level[2];
	int r = 0;

	if (!c)
		return plan_warn(p, e, "%s: its init system is not one that is known",
			h->otherwise);
	expand(h, "", SCRIPT, &at);
	expand(h, "", c->path, &path);
	expand(h, "", c->text, &text);
	expand(h, runlevel(in, p, level), c->link ? c->link : "", &link);
	expand(h, "", c->target ? c->target : "", &target);
	if (strbuf_err(&at) < 0 || strbuf_err(&path) < 0 || strbuf_err(&text) < 0 ||
		strbuf_err(&link) < 0 || strbuf_err(&target) < 0 ||
		strbuf_err(script) < 0)
		return err_oom(e);
	r = look_above(in, p, h, at.p, e);
	if (r == 0)
		r = look_above(in, p, h, path.p, e);
	if (r == 0 && c->link)
		r = look_above(in, p, h, link.p, e);
	if (r != 0)
		return r < 0 ? r : 0;
	r = put(in, p, h, at.p, script, 0755, h->note, e);
	if (r >= 0)
		r = put(in, p, h, path.p, &text, c->mode, "runs that at the start", e);
	if (r >= 0 && c->link)
		r = draft_link(in, p, h->name, link.p, target.p, e);
	return r;
}

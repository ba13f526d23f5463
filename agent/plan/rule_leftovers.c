/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is left of Xen in a guest and is of no use here, or in the way: services that speak to
 * xenstore, modules and settings of Xen's. Taken out of service, not deleted: what is needed to
 * have it back stands beside it. Words of kernel lines are rule_boot_config.c's. */
#include <string.h>

#include "plan/draft.h"
#include "plan/rules.h"
#include "text/fstab.h"
#include "text/modprobe_conf.h"
#include "text/xen_lines.h"

typedef int (*line_editor)(struct str in, struct strbuf *ret_out, struct err *e);

static int fstab_without_xenfs(struct str in, struct strbuf *ret_out, struct err *e)
{
	return fstab_comment_out(in, "xenfs", ret_out, e);
}

static const struct {
	const char *pattern;
	line_editor edit;
	const char *note;
} files[] = {
	{"/etc/fstab", fstab_without_xenfs, "xenfs cannot be mounted here"},
	{"/etc/modules", xen_lines_modules, "Xen's drivers cannot be loaded here"},
	{"/etc/modules-load.d/*.conf", xen_lines_modules,
		"Xen's drivers cannot be loaded here"},
	{"/etc/rc.modules", xen_lines_commands, "Xen's drivers cannot be loaded here"},
	{"/etc/rc.d/rc.modules", xen_lines_commands,
		"Xen's drivers cannot be loaded here"},
	{"/etc/rc.local", xen_lines_commands, "Xen's drivers cannot be loaded here"},
	{"/etc/rc.d/rc.local", xen_lines_commands, "Xen's drivers cannot be loaded here"},
	{"/etc/sysconfig/modules/*.modules", xen_lines_commands,
		"Xen's drivers cannot be loaded here"},
	{"/etc/sysctl.conf", xen_lines_sysctl, "settings that only Xen's kernels have"},
	{"/etc/sysctl.d/*.conf", xen_lines_sysctl,
		"settings that only Xen's kernels have"},
	{"/etc/modprobe.conf", modprobe_conf_virtio, "virtio's drivers for Xen's"},
	{"/etc/modprobe.conf.local", modprobe_conf_virtio, "virtio's drivers for Xen's"},
	{"/etc/modprobe.d/*", modprobe_conf_virtio, "virtio's drivers for Xen's"},
};

/* Agents of the host's, which wait for xenstore or fail without it; and kudzu of EL4 and EL5,
 * which finds other hardware and asks what to do about it while the boot waits, then takes the
 * network's configuration away. */
static const char *const services[] = {
	"xe-linux-distribution",
	"xe-daemon",
	"xe-guest-utilities",
	"xen-guest-agent",
	"xenstored",
	"xenconsoled",
	"xencommons",
	"xend",
	"xendomains",
	"xen-watchdog",
	"nova-agent",
	"nova-agent-watcher",
	"kudzu",
};

static bool is_service(struct str name)
{
	for (size_t i = 0; i < ARRAY_SIZE(services); i++)
		if (str_is(name, services[i]))
			return true;
	return false;
}

static int run_editor(
	struct str in, const void *request, struct strbuf *out, struct err *e)
{
	return (*(const line_editor *)request)(in, out, e);
}

static int edit_files(const struct plan_input *in, struct plan *p, struct err *e)
{
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(files) && r >= 0; i++) {
		const struct snap_entry *ent;
		size_t pos = 0;

		while (r >= 0 && (ent = snapshot_glob(in->snap, files[i].pattern, &pos)))
			if (ent->kind != SNAP_DIR)
				r = draft_edit(in, p, "leftovers", ent->path, run_editor,
					&files[i].edit, files[i].note, e);
	}
	return r;
}

static struct str base_name(const char *path)
{
	return str_from(strrchr(path, '/') + 1);
}

/* Enabled by a link of the service's name in a folder of the target or runlevel. */
static int disable_links(const struct plan_input *in, struct plan *p, const char *pattern,
	const char *suffix, struct err *e)
{
	const struct snap_entry *ent;
	size_t pos = 0;
	int r = 0;

	while (r >= 0 && (ent = snapshot_glob(in->snap, pattern, &pos))) {
		struct str name = base_name(ent->path);

		if (!str_ends(name, suffix))
			continue;
		name.n -= strlen(suffix);
		if (ent->kind == SNAP_LINK && is_service(name))
			r = draft_remove(in, p, "leftovers", ent->path, e,
				"of no use without Xen");
	}
	return r;
}

/* S20name of a runlevel becomes K80name, as chkconfig and update-rc.d disable. Without any link
 * the next update of its package would enable it again. */
static int stop_in_runlevel(const struct plan_input *in, struct plan *p,
	const struct snap_entry *ent, struct str name, struct err *e)
{
	const unsigned order = (unsigned)(name.p[-2] - '0') * 10 + (name.p[-1] - '0');
	const struct str folder = str_range(ent->path, name.p - strlen("S20"));
	cleanup_(free_charp) char *any =
		str_printf(STR_FMT "K*" STR_FMT, STR_ARG(folder), STR_ARG(name));
	cleanup_(free_charp) char *stop = str_printf(STR_FMT "K%02u" STR_FMT,
		STR_ARG(folder), (100 - order) % 100, STR_ARG(name));
	size_t pos = 0;
	int r;

	if (!any || !stop)
		return err_oom(e);
	r = draft_remove(in, p, "leftovers", ent->path, e, "of no use without Xen");
	return r < 0 || snapshot_glob(in->snap, any, &pos)
		       ? r
		       : draft_link(in, p, "leftovers", stop, ent->target, e);
}

static int disable_in_runlevels(
	const struct plan_input *in, struct plan *p, const char *pattern, struct err *e)
{
	const struct snap_entry *ent;
	size_t pos = 0;
	int r = 0;

	while (r >= 0 && (ent = snapshot_glob(in->snap, pattern, &pos))) {
		struct str name = str_from_pos(base_name(ent->path), strlen("S20"));

		if (ent->kind == SNAP_LINK && is_service(name))
			r = stop_in_runlevel(in, p, ent, name, e);
	}
	return r;
}

/* Where the links of the runlevels lie. Red Hat's and SUSE's have them under other names, too,
 * by links to the folders. */
static int disable_scripts(const struct plan_input *in, struct plan *p, struct err *e)
{
	const struct snap_entry *rc_d = snapshot_find(in->snap, "/etc/rc.d");

	if (rc_d && rc_d->kind == SNAP_DIR)
		return disable_in_runlevels(in, p, "/etc/rc.d/rc[0-6].d/S[0-9][0-9]*", e);
	if (in->guest->family == FAMILY_SUSE)
		return disable_in_runlevels(
			in, p, "/etc/init.d/rc[0-6].d/S[0-9][0-9]*", e);
	return disable_in_runlevels(in, p, "/etc/rc[0-6].d/S[0-9][0-9]*", e);
}

/* Upstart has known overrides since 1.3; before that nobody wrote jobs for these. */
static int disable_jobs(const struct plan_input *in, struct plan *p, struct err *e)
{
	static const char folder[] = "/etc/init/";
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(services) && r >= 0; i++) {
		cleanup_(free_charp) char *job =
			str_printf("%s%s.conf", folder, services[i]);
		cleanup_(free_charp) char *path =
			str_printf("%s%s.override", folder, services[i]);
		cleanup_(strbuf_done) struct strbuf text = {0};

		if (!job || !path)
			return err_oom(e);
		if (!snapshot_exists(in->snap, job) || draft_exists(in, p, path))
			continue;
		strbuf_adds(&text, "manual\n");
		r = draft_write(in, p, "leftovers", path, &text, 0644, e,
			"of no use without Xen");
	}
	return r;
}

int rule_leftovers(const struct plan_input *in, struct plan *p, struct err *e)
{
	int r = edit_files(in, p, e);

	if (r >= 0)
		r = disable_links(in, p, "/etc/systemd/system/*.wants/*", ".service", e);
	if (r >= 0)
		r = disable_links(in, p, "/etc/runlevels/*/*", "", e);
	if (r >= 0)
		r = disable_scripts(in, p, e);
	if (r >= 0 && in->guest->init == INIT_UPSTART)
		r = disable_jobs(in, p, e);
	return r;
}

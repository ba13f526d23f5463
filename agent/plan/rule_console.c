/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Logins on Xen's consoles hvc0 and xvc0 move to the serial line, in each init system's own
 * files. Kernel command lines are rule_boot_config.c's. */
#include <string.h>

#include "plan/draft.h"
#include "plan/rules.h"
#include "text/inittab.h"
#include "text/securetty.h"
#include "text/upstart.h"

static const char *const xen_consoles[] = {"hvc0", "xvc0"};

static int edit_inittab(
	struct str in, const void *request, struct strbuf *out, struct err *e)
{
	return inittab_console(in, request, out, e);
}

static int edit_securetty(
	struct str in, const void *request, struct strbuf *out, struct err *e)
{
	return securetty_add(in, request, out, e);
}

/* One job file becomes that of the new console. */
static int move_job(const struct plan_input *in, struct plan *p, const char *folder,
	const char *suffix, const char *from, struct err *e)
{
	const char *to = in->options->console;
	cleanup_(free_charp) char *old = str_printf("%s/%s%s", folder, from, suffix);
	cleanup_(free_charp) char *new = str_printf("%s/%s%s", folder, to, suffix);
	cleanup_(strbuf_done) struct strbuf out = {0};
	struct str text;
	int r;

	if (!old || !new)
		return err_oom(e);
	if (!draft_read(in, p, old, &text))
		return 0;
	if (!draft_exists(in, p, new)) {
		const struct snap_entry *ent = snapshot_file(in->snap, old);

		r = upstart_console(text, from, to, &out, e);
		if (r == 0)
			strbuf_add(&out, text);
		if (r >= 0)
			r = draft_write(in, p, "console", new, &out,
				ent ? ent->mode : 0644, e, "%s -> %s", from, to);
		if (r < 0)
			return r;
	}
	return draft_remove(in, p, "console", old, e, "%s -> %s", from, to);
}

/* What starts a getty by a link of the console's name: serial-getty@hvc0.service ->
 * /lib/systemd/system/serial-getty@.service, agetty.hvc0 -> agetty. */
static const struct link {
	const char *folder, *prefix, *suffix;
	const char *new_prefix; /* where it becomes another unit's */
} links[] = {
	{"/etc/systemd/system/getty.target.wants/", "serial-getty@", ".service",
		"serial-getty@"},
	{"/etc/systemd/system/getty.target.wants/", "getty@", ".service",
		"serial-getty@"},
	{"/etc/init.d/", "agetty.", "", "agetty."},
	{"/etc/runlevels/default/", "agetty.", "", "agetty."},
};

static int move_link(const struct plan_input *in, struct plan *p, const struct link *l,
	const char *from, struct err *e)
{
	const char *to = in->options->console;
	cleanup_(free_charp) char *old =
		str_printf("%s%s%s%s", l->folder, l->prefix, from, l->suffix);
	cleanup_(free_charp) char *new =
		str_printf("%s%s%s%s", l->folder, l->new_prefix, to, l->suffix);
	cleanup_(strbuf_done) struct strbuf target = {0};
	const struct snap_entry *ent;
	int r;

	if (!old || !new)
		return err_oom(e);
	ent = snapshot_find(in->snap, old);
	if (!ent)
		return 0;
	r = draft_remove(in, p, "console", old, e, "%s -> %s", from, to);
	if (r < 0 || ent->kind != SNAP_LINK)
		return r;
	r = upstart_console(str_from(ent->target), from, to, &target, e);
	if (r < 0)
		return r;
	return draft_link(in, p, "console", new, r ? target.p : ent->target, e);
}

static bool mentions_xen_console(struct str text)
{
	STR_FOREACH_LINE (line, text)
		for (size_t i = 0; i < ARRAY_SIZE(xen_consoles); i++)
			if (str_is(str_trim(line), xen_consoles[i]))
				return true;
	return false;
}

int rule_console(const struct plan_input *in, struct plan *p, struct err *e)
{
	const char *to = in->options->console;
	struct str text;
	int r;

	if (strcmp(to, "keep") == 0)
		return 0;
	r = draft_edit(in, p, "console", "/etc/inittab", edit_inittab, to,
		"getty on the serial line", e);
	for (size_t i = 0; i < ARRAY_SIZE(xen_consoles) && r >= 0; i++) {
		r = move_job(in, p, "/etc/init", ".conf", xen_consoles[i], e);
		if (r >= 0)
			r = move_job(in, p, "/etc/event.d", "", xen_consoles[i], e);
		for (size_t l = 0; l < ARRAY_SIZE(links) && r >= 0; l++)
			r = move_link(in, p, &links[l], xen_consoles[i], e);
	}
	if (r >= 0 && draft_read(in, p, "/etc/securetty", &text) &&
		mentions_xen_console(text))
		r = draft_edit(in, p, "console", "/etc/securetty", edit_securetty, to,
			"root may log in there", e);
	return r;
}

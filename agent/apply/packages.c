/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See packages.h. */
#include <errno.h>
#include <string.h>

#include "apply/packages.h"
#include "base/strv.h"
#include "sys/mount.h"
#include "sys/spawn.h"

#define TIMEOUT_MS (20 * 60 * 1000)

static const struct tool {
	const char *name, *program;
	const char *remove; /* its argument; names follow */
	const char *removal, *completion;
	char *const *env;
} tools[] = {
	{"dpkg", "dpkg", "--remove", "dpkg --remove", "dpkg --configure -a",
		(char *const[]){"DEBIAN_FRONTEND=noninteractive", NULL}},
};

static const struct tool *find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(tools); i++)
		if (!strcmp(tools[i].name, name))
			return &tools[i];
	return NULL;
}

const char *packages_removal(const char *tool)
{
	const struct tool *t = find(tool);

	return t ? t->removal : NULL;
}

const char *packages_completion(const char *tool)
{
	const struct tool *t = find(tool);

	return t ? t->completion : NULL;
}

/* The names come from a journal that lies in the guest: none may be an option. */
static bool is_name(const char *s)
{
	return *s && *s != '-' && *s != '+' &&
	       !s[strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			    "0123456789+-._:")];
}

/* All of one tool at once: they may need each other. */
static int remove_by(const struct tool *t, const struct root *r,
	const struct txn_package *v, size_t n, struct err *e)
{
	cleanup_(strv_done) struct strv argv = {0};
	struct spawn what = {
		.chroot = r->path,
		.env = t->env,
		.timeout_ms = TIMEOUT_MS,
		.private_ns = true,
	};
	size_t names = 0;
	int q;

	if (strv_adds(&argv, t->program) < 0 || strv_adds(&argv, t->remove) < 0)
		return err_oom(e);
	for (size_t i = 0; i < n; i++) {
		if (find(v[i].tool) != t)
			continue;
		if (strv_adds(&argv, v[i].name) < 0)
			return err_oom(e);
		names++;
	}
	if (!names)
		return 0;
	what.argv = argv.v;
	q = spawn_run(&what, NULL, e);
	return q > 0 ? -EIO : q;
}

int packages_remove(
	const struct root *r, const struct txn_package *v, size_t n, struct err *e)
{
	int q;

	for (size_t i = 0; i < n; i++)
		if (!find(v[i].tool) || !is_name(v[i].name))
			return err_set(e, -EINVAL, "%s: no tool is known that removes it",
				v[i].name);
	q = mount_bind(r->path, e);
	if (q < 0)
		return q;
	for (size_t i = 0; i < ARRAY_SIZE(tools) && q >= 0; i++)
		q = remove_by(&tools[i], r, v, n, e);
	if (mount_unbind(r->path, NULL) < 0 && q >= 0)
		q = err_set(e, -EBUSY, "a program of the guest's keeps its tree busy");
	return q;
}

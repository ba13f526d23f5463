/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See packages.h. */
#include <errno.h>
#include <string.h>

#include "apply/packages.h"
#include "apply/programs.h"

#define MAX_STATUS ((size_t)64 << 20)

/* A paragraph a package: lines "Package: acpid", "Status: install ok installed",
 * "Version: 1:2.0.34-1" (dpkg-query(1)). */
static int dpkg_look(
	const struct root *r, const char *name, struct package_now *ret, struct err *e)
{
	cleanup_(free_charp) char *text = NULL;
	struct str status = {0}, version = {0};
	bool ours = false;
	size_t n;
	int q = root_read(r, "/var/lib/dpkg/status", MAX_STATUS, &text, &n, e);

	if (q == -ENOENT)
		return 0;
	if (q < 0)
		return q;
	STR_FOREACH_LINE (line, ((struct str){text, n})) {
		line = str_chomp(line);
		if (str_skip(&line, "Package: "))
			ours = str_is(line, name);
		else if (ours && str_skip(&line, "Status: "))
			status = line;
		else if (ours && str_skip(&line, "Version: "))
			version = line;
	}
	if (!status.n || str_ends(status, " not-installed") ||
		str_ends(status, " config-files"))
		return 0;
	ret->state = str_ends(status, " installed") ? PACKAGE_WHOLE : PACKAGE_HALF;
	ret->version = str_dup(version);
	return ret->version ? 0 : err_oom(e);
}

static const struct tool {
	const char *name;   /* of the program */
	const char *remove; /* its argument; names follow */
	const char *removal, *completion;
	const char *const query[4]; /* fails where the name behind it is not installed */
	int (*look)(const struct root *r, const char *name, struct package_now *ret,
		struct err *e); /* reads its database; NULL: only the tool itself can */
} tools[] = {
	{"dpkg", "--remove", "dpkg --remove", "dpkg --configure -a", {NULL}, dpkg_look},
	{"rpm", "-e", "rpm -e", NULL, {"rpm", "-q"}, NULL},
	{"apk", "del", "apk del", NULL, {"apk", "info", "-e"}, NULL},
};

static const struct tool *find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(tools); i++)
		if (!strcmp(tools[i].name, name))
			return &tools[i];
	return NULL;
}

int packages_query(const char *tool, const char *name, struct strv *ret_argv)
{
	const struct tool *t = find(tool);
	int r = 0;

	if (!t || !t->query[0])
		return 0;
	for (const char *const *word = t->query; *word && r >= 0; word++)
		r = strv_adds(ret_argv, *word);
	if (r >= 0)
		r = strv_adds(ret_argv, name);
	return r < 0 ? r : 1;
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

/* What failed to be installed is noted all the same, and rpm removes nothing where one is not
 * there. */
static bool is_gone(const struct tool *t, const struct root *r, const char *name)
{
	cleanup_(strv_done) struct strv argv = {0};

	return packages_query(t->name, name, &argv) > 0 &&
	       programs_call(r, argv.v, NULL) == -EIO;
}

/* All of one tool at once: they may need each other. */
static int remove_by(const struct tool *t, const struct root *r,
	const struct txn_package *v, size_t n, struct err *e)
{
	cleanup_(strv_done) struct strv argv = {0};
	size_t names = 0;

	if (strv_adds(&argv, t->name) < 0 || strv_adds(&argv, t->remove) < 0)
		return err_oom(e);
	for (size_t i = 0; i < n; i++) {
		if (find(v[i].tool) != t || is_gone(t, r, v[i].name))
			continue;
		if (strv_adds(&argv, v[i].name) < 0)
			return err_oom(e);
		names++;
	}
	return names ? programs_call(r, argv.v, e) : 0;
}

int packages_remove(
	const struct root *r, const struct txn_package *v, size_t n, struct err *e)
{
	int q = 0;

	for (size_t i = 0; i < n; i++)
		if (!find(v[i].tool) || !is_name(v[i].name))
			return err_set(e, -EINVAL, "%s: no tool is known that removes it",
				v[i].name);
	for (size_t i = 0; i < ARRAY_SIZE(tools) && q >= 0; i++)
		q = remove_by(&tools[i], r, v, n, e);
	return q;
}

int packages_look(const struct root *r, const struct txn_package *p,
	struct package_now *ret, struct err *e)
{
	const struct tool *t = find(p->tool);

	*ret = (struct package_now){PACKAGE_ABSENT, NULL};
	if (t && t->look)
		return t->look(r, p->name, ret, e);
	ret->state = PACKAGE_WHOLE;
	ret->version = strdup(p->version);
	return ret->version ? 0 : err_oom(e);
}

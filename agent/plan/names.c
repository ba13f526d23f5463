/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See names.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guest/files.h"
#include "plan/names.h"
#include "text/cmdline.h"
#include "text/fstab.h"
#include "text/shell_vars.h"

#define MAX_NAMES 256

void names_done(struct names *n)
{
	for (size_t i = 0; i < n->n; i++) {
		free(n->v[i].name);
		free(n->v[i].mount);
		free(n->v[i].vfstype);
		strv_done(&n->v[i].uses);
	}
	free(n->v);
	*n = (struct names){0};
}

const struct name_use *names_find(const struct names *n, struct str name)
{
	for (size_t i = 0; i < n->n; i++)
		if (str_is(name, n->v[i].name))
			return &n->v[i];
	return NULL;
}

/* Names that this machine has itself are not old ones: its sd disks have links, too. */
static bool is_old(const struct plan_input *in, struct str name)
{
	struct dev_name parsed;

	if (!dev_name_parse(name, &parsed))
		return false;
	for (size_t i = 0; i < in->machine->n_disks; i++)
		if (str_starts(str_from(in->machine->disks[i].name), "sd") &&
			(parsed.is_link || str_is(parsed.prefix, "sd")))
			return false;
	return true;
}

/* The use of `name`, made where it is new. *ret NULL (and 0) for what is no old name. */
static int use(const struct plan_input *in, struct names *n, struct str name,
	const char *where, struct name_use **ret, struct err *e)
{
	struct name_use *found = NULL, *v;

	*ret = NULL;
	if (!is_old(in, name))
		return 0;
	found = (struct name_use *)names_find(n, name);
	if (!found) {
		if (n->n >= MAX_NAMES)
			return err_set(e, -E2BIG, "the guest names more than %d disks",
				MAX_NAMES);
		v = reallocarray(n->v, n->n + 1, sizeof(*v));
		if (!v)
			return err_oom(e);
		n->v = v;
		found = memset(&v[n->n], 0, sizeof(*found));
		found->name = str_dup(name);
		if (!found->name)
			return err_oom(e);
		n->n++;
	}
	*ret = found;
	return strv_add_new(&found->uses, str_from(where)) < 0 ? err_oom(e) : 0;
}

static int from_fstab(const struct plan_input *in, struct names *n, struct err *e)
{
	struct fstab_entry ent;
	struct str rest = {0};
	size_t line = 0;

	snapshot_data(in->snap, "/etc/fstab", &rest);
	while (fstab_next(&rest, &line, &ent)) {
		bool swap = fstab_is_swap(&ent);
		cleanup_(free_charp) char *where =
			swap ? strdup("fstab:swap")
			     : str_printf("fstab:" STR_FMT, STR_ARG(ent.file));
		struct name_use *u;
		int r;

		if (!where)
			return err_oom(e);
		r = use(in, n, ent.spec, where, &u, e);
		if (r < 0)
			return r;
		if (!u || u->vfstype)
			continue;
		u->needed = true;
		u->swap = swap;
		u->vfstype = str_dup(ent.vfstype);
		u->mount = swap ? NULL : str_dup(ent.file);
		if (!u->vfstype || (!swap && !u->mount))
			return err_oom(e);
	}
	return 0;
}

static int from_cmdline(
	const struct plan_input *in, struct names *n, struct str args, struct err *e)
{
	static const struct {
		const char *key, *where;
	} words[] = {{"root", "cmdline:root"}, {"resume", "cmdline:resume"}};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		struct name_use *u;
		struct str value;
		int r;

		if (!(i == 0 ? cmdline_root(args, &value)
			     : cmdline_get(args, words[i].key, &value)))
			continue;
		r = use(in, n, value, words[i].where, &u, e);
		if (r < 0)
			return r;
		if (u && i == 0)
			u->needed = true;
		else if (u && !u->vfstype)
			u->swap = true;
	}
	return 0;
}

/* GRUB_CMDLINE_LINUX and _DEFAULT of /etc/default/grub as one command line. */
static int default_grub(const struct plan_input *in, struct strbuf *ret, struct err *e)
{
	struct str text;

	if (!snapshot_data(in->snap, "/etc/default/grub", &text))
		return 0;
	shell_vars_get(text, "GRUB_CMDLINE_LINUX", ret);
	strbuf_addc(ret, ' ');
	shell_vars_get(text, "GRUB_CMDLINE_LINUX_DEFAULT", ret);
	return strbuf_err(ret) < 0 ? err_oom(e) : 0;
}

static int from_menu(const struct plan_input *in, struct names *n, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf words = {0};
	int r = default_grub(in, &words, e);

	for (size_t i = 0; i < in->guest->n_menu && r >= 0; i++)
		r = from_cmdline(in, n, in->guest->menu[i].args, e);
	return r < 0 ? r : from_cmdline(in, n, strbuf_str(&words), e);
}

static int add_resume(struct str args, struct strv *ret)
{
	struct str value;

	return cmdline_get(args, "resume", &value) ? strv_add_new(ret, value) : 0;
}

static int add_variable(struct str text, struct strv *ret)
{
	cleanup_(strbuf_done) struct strbuf value = {0};

	return shell_vars_get(text, "RESUME", &value)
		       ? strv_add_new(ret, strbuf_str(&value))
		       : strbuf_err(&value);
}

/* What an initramfs was built to resume from: it may be older than the files. */
static const struct {
	const char *path;
	int (*add)(struct str text, struct strv *ret);
} baked[] = {
	{"conf/conf.d/resume", add_variable},
	{"conf/conf.d/zz-resume-auto", add_variable},
	{"etc/cmdline.d/*.conf", add_resume},
};

static int add_baked(const struct snap_archive *a, struct strv *ret)
{
	for (size_t i = 0; i < a->n_contents; i++) {
		struct str path = str_from(a->contents[i].path);

		str_skip(&path, "usr/");
		for (size_t k = 0; k < ARRAY_SIZE(baked); k++)
			if (str_glob(baked[k].path, path) &&
				baked[k].add(strbuf_str(&a->contents[i].data), ret) < 0)
				return -ENOMEM;
	}
	return 0;
}

/* What initramfs-tools' files resume from, and the images that are there. */
static int resume_values(const struct plan_input *in, struct strv *ret, struct err *e)
{
	for (size_t i = 0; i < n_resume_files; i++) {
		const struct snap_entry *ent;
		size_t pos = 0;

		while ((ent = snapshot_glob(in->snap, resume_files[i], &pos)))
			if (ent->has_data &&
				add_variable(strbuf_str(&ent->data), ret) < 0)
				return err_oom(e);
	}
	for (size_t i = 0; i < in->snap->n_archives; i++)
		if (add_baked(&in->snap->archives[i], ret) < 0)
			return err_oom(e);
	return 0;
}

int names_resumed(const struct plan_input *in, struct strv *ret, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf words = {0};
	int r = default_grub(in, &words, e);

	if (r < 0)
		return r;
	r = add_resume(strbuf_str(&words), ret);
	for (size_t i = 0; i < in->guest->n_menu && r >= 0; i++)
		r = add_resume(in->guest->menu[i].args, ret);
	return r < 0 ? err_oom(e) : resume_values(in, ret, e);
}

static int from_resume(const struct plan_input *in, struct names *n, struct err *e)
{
	cleanup_(strv_done) struct strv values = {0};
	int r = resume_values(in, &values, e);

	for (size_t i = 0; i < values.n && r >= 0; i++) {
		struct name_use *u;

		r = use(in, n, str_from(values.v[i]), "initramfs:resume", &u, e);
		if (r >= 0 && u && !u->vfstype)
			u->swap = true;
	}
	return r;
}

/* Files whose active lines may hold a device name anywhere. */
static const struct {
	const char *path, *where;
	bool needed;
	const char *content;
} scanned[] = {
	{"/etc/crypttab", "crypttab", true, "crypto_LUKS"},
	{"/boot/grub/menu.lst", "menu.lst", false, NULL}, /* # kopt= and relatives */
	{"/boot/grub/grub.conf", "menu.lst", false, NULL},
	{"/boot/grub/grub.cfg", "grub.cfg", false, NULL},
	{"/boot/grub2/grub.cfg", "grub.cfg", false, NULL},
	{"/boot/grub/device.map", "device.map", false, NULL},
	{"/boot/grub2/device.map", "device.map", false, NULL},
	{"/etc/mdadm/mdadm.conf", "mdadm.conf", false, "linux_raid_member"},
	{"/etc/mdadm.conf", "mdadm.conf", false, "linux_raid_member"},
	{"/etc/lvm/lvm.conf", "lvm.conf", false, "LVM2_member"},
	{"/etc/lvm/devices/system.devices", "system.devices", false, "LVM2_member"},
	{"/etc/smartd.conf", "smartd.conf", false, NULL},
	{"/etc/hdparm.conf", "hdparm.conf", false, NULL},
};

static bool is_comment(struct str line)
{
	line = str_trim(line);
	/* Debian's update-grub keeps its options in comments: "# kopt=root=/dev/xvda1". */
	return str_starts(line, "#") && !str_starts(line, "# kopt");
}

/* A whole name: what stands behind it must not go on (a wildcard, a path). */
static bool ends_name(struct str s, size_t n)
{
	return n >= s.n || !strchr("/*[.?-_", s.p[n]);
}

static int scan_line(const struct plan_input *in, struct names *n, struct str line,
	size_t source, struct err *e)
{
	for (size_t i = 0; i < line.n;) {
		struct str at = str_from_pos(line, i);
		size_t len = dev_name_length(at);
		struct name_use *u;
		int r;

		if (!len || !ends_name(at, len)) {
			i += len ? len : 1;
			continue;
		}
		r = use(in, n, str_upto(at, len), scanned[source].where, &u, e);
		if (r < 0)
			return r;
		if (u && scanned[source].needed)
			u->needed = true;
		if (u && !u->content)
			u->content = scanned[source].content;
		i += len;
	}
	return 0;
}

static int from_scan(const struct plan_input *in, struct names *n, struct err *e)
{
	for (size_t i = 0; i < ARRAY_SIZE(scanned); i++) {
		const struct snap_entry *ent = snapshot_find(in->snap, scanned[i].path);
		struct str text;

		if (!ent || ent->kind != SNAP_FILE ||
			!snapshot_data(in->snap, scanned[i].path, &text))
			continue;
		STR_FOREACH_LINE (line, text) {
			int r = is_comment(line) ? 0 : scan_line(in, n, line, i, e);

			if (r < 0)
				return r;
		}
	}
	return 0;
}

static int by_name(const void *a, const void *b)
{
	struct dev_name x, y;

	dev_name_parse(str_from(((const struct name_use *)a)->name), &x);
	dev_name_parse(str_from(((const struct name_use *)b)->name), &y);
	return dev_name_cmp(&x, &y);
}

int names_collect(const struct plan_input *in, struct names *ret, struct err *e)
{
	static int (*const sources[])(const struct plan_input *, struct names *,
		struct err *) = {from_fstab, from_menu, from_resume, from_scan};
	struct names n = {0};
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(sources) && r >= 0; i++)
		r = sources[i](in, &n, e);
	if (r < 0) {
		names_done(&n);
		return r;
	}
	if (n.n)
		qsort(n.v, n.n, sizeof(*n.v), by_name);
	*ret = n;
	return 0;
}

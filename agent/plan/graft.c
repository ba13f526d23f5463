/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See graft.h. The kernel unpacks segment over segment, so a later file replaces an earlier
 * one; but a folder entry would also replace a link of that name (lib -> usr/lib), so only
 * folders that the image does not have are written. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "plan/draft.h"
#include "plan/graft.h"
#include "plan/rules.h"
#include "text/initramfs_tools.h"
#include "text/kmod_index.h"
#include "text/lvm_conf.h"
#include "text/modules_dep.h"

struct graft {
	const struct plan_input *in;
	const struct kernel *k;
	const struct snap_archive *a;
	struct plan *plan;
	struct step *step;     /* NULL until there is something to graft */
	struct str dep, alias; /* of the guest's /lib/modules */
	char *folder;          /* "usr/lib/modules/6.1.0-18-amd64" in the image */
	struct strv modules;   /* new ones, as modules.dep names them */
	struct strv folders;   /* that this segment makes */
};

static int by_bytes(const void *key, const void *item)
{
	return strcmp(key, *(char *const *)item);
}

static bool has_member(const struct snap_archive *a, const char *path)
{
	return a->members.n &&
	       bsearch(path, a->members.v, a->members.n, sizeof(*a->members.v), by_bytes);
}

/* Folders above `path` that neither the image nor this segment has yet. */
static int add_folders(struct graft *g, const char *path, struct err *e)
{
	for (const char *slash = strchr(path, '/'); slash;
		slash = strchr(slash + 1, '/')) {
		cleanup_(free_charp) char *folder = str_dup(str_range(path, slash));

		if (!folder)
			return err_oom(e);
		if (has_member(g->a, folder) || strv_has(&g->folders, str_from(folder)))
			continue;
		if (strv_adds(&g->folders, folder) < 0 ||
			!step_add_member(g->step, folder, S_IFDIR | 0755))
			return err_oom(e);
	}
	return 0;
}

/* The member `path`, its folders before it. *ret stays valid until the next one is added. */
static int add_member(
	struct graft *g, const char *path, struct graft_member **ret, struct err *e)
{
	int r;

	if (!g->step)
		g->step = plan_add(g->plan, STEP_GRAFT, "initramfs", g->k->initramfs);
	if (!g->step)
		return err_oom(e);
	r = add_folders(g, path, e);
	if (r < 0)
		return r;
	*ret = step_add_member(g->step, path, S_IFREG | 0644);
	return *ret ? 0 : err_oom(e);
}

static int add_content(
	struct graft *g, const char *path, struct str content, struct err *e)
{
	struct graft_member *m;
	int r = add_member(g, path, &m, e);

	if (r < 0)
		return r;
	strbuf_add(&m->content, content);
	if (!strstr(path, "/modules."))
		step_note(g->step, "%s", path);
	return strbuf_err(&m->content) < 0 ? err_oom(e) : 0;
}

/* Where the image keeps this kernel's modules. */
static int find_folder(struct graft *g, struct err *e)
{
	const char *const tops[] = {"usr/lib/modules", "lib/modules"};

	for (size_t i = 0; i < ARRAY_SIZE(tops); i++) {
		free(g->folder);
		g->folder = str_printf("%s/%s", tops[i], g->k->release);
		if (!g->folder)
			return err_oom(e);
		if (has_member(g->a, g->folder))
			return 0;
	}
	/* None yet. Never below a link: "lib" in a merged image. */
	free(g->folder);
	g->folder = str_printf(
		"%s/%s", has_member(g->a, "usr/lib") ? tops[0] : tops[1], g->k->release);
	return g->folder ? 0 : err_oom(e);
}

static bool image_has_module(const struct graft *g, const char *name)
{
	STRV_FOREACH (m, &g->a->members)
		if (module_name_is(str_from(*m), name))
			return true;
	return false;
}

static int find_modules(struct graft *g, struct err *e)
{
	for (size_t i = 0; i < N_ROOT_DRIVERS; i++) {
		cleanup_(strv_done) struct strv closure = {0};
		int r;

		if (g->k->drivers[i] != DRIVER_ON_DISK)
			continue;
		r = modules_dep_closure(g->dep, root_drivers[i], &closure);
		if (r < 0)
			return err_set(e, r,
				"modules.dep of %s cannot be followed from %s",
				g->k->release, root_drivers[i]);
		if (modules_missing(&closure, &g->a->members, &g->modules) < 0)
			return err_oom(e);
	}
	return 0;
}

/* modules.dep's path below its own folder: old module-init-tools write it absolute. */
static struct str below_folder(const struct graft *g, struct str path)
{
	if (str_skip(&path, "/lib/modules/") && str_skip(&path, g->k->release))
		str_skip(&path, "/");
	return path;
}

static int add_modules(struct graft *g, struct err *e)
{
	STRV_FOREACH (it, &g->modules) {
		struct str path = below_folder(g, str_from(*it));
		cleanup_(free_charp) char *to =
			str_printf("%s/" STR_FMT, g->folder, STR_ARG(path));
		struct graft_member *m;
		int r;

		if (!to)
			return err_oom(e);
		r = add_member(g, to, &m, e);
		if (r < 0)
			return r;
		m->from = str_printf(
			"/lib/modules/%s/" STR_FMT, g->k->release, STR_ARG(path));
		if (!m->from)
			return err_oom(e);
		step_note(g->step, STR_FMT, STR_ARG(module_name(path)));
	}
	return 0;
}

/* All modules that the indexes must name: the new ones, and where the image brought no text
 * of its own indexes, the ones it has. */
static int indexed_modules(
	const struct graft *g, bool all, struct strv *ret, struct err *e)
{
	STRV_FOREACH (m, &g->modules)
		if (strv_adds(ret, *m) < 0)
			return err_oom(e);
	if (all && modules_dep_paths(g->dep, &g->a->members, ret) < 0)
		return err_oom(e);
	return 0;
}

typedef int (*index_merge)(struct str have, struct str all, const struct strv *paths,
	struct strbuf *ret_out);

/* One index, as text and as modprobe reads it. */
static int add_index(struct graft *g, const char *name, struct str all, index_merge merge,
	enum kmod_index_kind kind, struct err *e)
{
	cleanup_(free_charp) char *text_path = str_printf("%s/%s", g->folder, name);
	cleanup_(free_charp) char *bin_path = str_printf("%s/%s.bin", g->folder, name);
	cleanup_(strbuf_done) struct strbuf text = {0}, bin = {0};
	cleanup_(strv_done) struct strv paths = {0};
	struct str have = STR("");
	bool had;
	int r;

	if (!text_path || !bin_path)
		return err_oom(e);
	had = snap_archive_data(g->a, text_path, &have);
	r = indexed_modules(g, !had, &paths, e);
	if (r < 0)
		return r;
	if (merge(have, all, &paths, &text) < 0)
		return err_oom(e);
	r = kmod_index_build(strbuf_str(&text), kind, &bin, e);
	if (r < 0)
		return err_wrap(e, r, "%s of %s", name, g->k->release);
	r = add_content(g, text_path, strbuf_str(&text), e);
	return r < 0 ? r : add_content(g, bin_path, strbuf_str(&bin), e);
}

/* initramfs-tools loads what conf/modules names before it starts udev. */
static int add_load_list(struct graft *g, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf out = {0};
	cleanup_(strv_done) struct strv names = {0};
	struct str have = STR("");
	int r;

	for (size_t i = 0; i < N_ROOT_DRIVERS; i++)
		if (g->k->drivers[i] != DRIVER_BUILTIN &&
			strv_adds(&names, root_drivers[i]) < 0)
			return err_oom(e);
	snap_archive_data(g->a, "conf/modules", &have);
	r = initramfs_modules_add(have, &names, &out, e);
	return r <= 0 ? r : add_content(g, "conf/modules", strbuf_str(&out), e);
}

static int edit_resume(
	const struct plan *p, struct str have, struct strbuf *out, struct err *e)
{
	const struct dev_map map = plan_dev_map(p);

	return initramfs_resume_edit(have, &map, &p->gone_specs, out, e);
}

static int edit_lvm_conf(
	const struct plan *p, struct str have, struct strbuf *out, struct err *e)
{
	const struct dev_map map = plan_dev_map(p);

	return lvm_conf_rename(have, &map, out, e);
}

/* Files that name Xen's devices as they were when the image was built: it would wait for a
 * swap that is gone, or not see its volume group. */
static const struct baked {
	const char *path;
	int (*edit)(
		const struct plan *p, struct str have, struct strbuf *out, struct err *e);
} baked[] = {
	{"conf/conf.d/resume", edit_resume},
	{"conf/conf.d/zz-resume-auto", edit_resume},
	{"etc/lvm/lvm.conf", edit_lvm_conf},
};

static int add_baked(struct graft *g, struct err *e)
{
	for (size_t i = 0; i < ARRAY_SIZE(baked); i++) {
		cleanup_(strbuf_done) struct strbuf out = {0};
		struct str have;
		int r;

		if (!snap_archive_data(g->a, baked[i].path, &have))
			continue;
		r = baked[i].edit(g->plan, have, &out, e);
		if (r > 0)
			r = add_content(g, baked[i].path, strbuf_str(&out), e);
		if (r < 0)
			return r;
	}
	return 0;
}

/* An image that drives the network card names it, too: by the same .link files. */
static int add_links(struct graft *g, struct err *e)
{
	cleanup_(free_charp) char *builtin_path =
		str_printf("/lib/modules/%s/modules.builtin", g->k->release);
	struct str builtin = STR("");
	int r = 0;

	if (!builtin_path)
		return err_oom(e);
	snapshot_data(g->in->snap, builtin_path, &builtin);
	if (!image_has_module(g, "virtio_net") &&
		!modules_builtin_has(builtin, "virtio_net"))
		return 0;
	for (size_t i = 0; i < g->plan->n_steps && r >= 0; i++) {
		const struct step *s = &g->plan->steps[i];
		cleanup_(strbuf_done) struct strbuf text = {0};

		if (s->kind != STEP_WRITE || strcmp(s->id, "network") != 0 ||
			!str_ends(str_from(s->path), ".link"))
			continue;
		/* Adding a step may move the plan's steps: copy first. */
		strbuf_add(&text, strbuf_str(&s->content));
		cleanup_(free_charp) char *path = strdup(s->path + 1);
		if (!path || strbuf_err(&text) < 0)
			return err_oom(e);
		r = add_content(g, path, strbuf_str(&text), e);
	}
	return r;
}

static int read_indexes(struct graft *g, struct err *e)
{
	cleanup_(free_charp) char *dep =
		str_printf("/lib/modules/%s/modules.dep", g->k->release);
	cleanup_(free_charp) char *alias =
		str_printf("/lib/modules/%s/modules.alias", g->k->release);

	if (!dep || !alias)
		return err_oom(e);
	snapshot_data(g->in->snap, dep, &g->dep);
	snapshot_data(g->in->snap, alias, &g->alias);
	return 0;
}

int graft_plan(const struct plan_input *in, const struct kernel *k,
	const struct snap_archive *a, struct plan *p, struct err *e)
{
	struct graft g = {.in = in, .k = k, .a = a, .plan = p};
	bool idle = false;
	int r;

	for (size_t i = 0; i < N_ROOT_DRIVERS; i++)
		idle |= k->drivers[i] > DRIVER_LOADED;
	r = read_indexes(&g, e);
	if (r >= 0)
		r = find_folder(&g, e);
	if (r >= 0)
		r = find_modules(&g, e);
	if (r >= 0 && g.modules.n)
		r = add_modules(&g, e);
	if (r >= 0 && g.modules.n)
		r = add_index(
			&g, "modules.dep", g.dep, modules_dep_merge, KMOD_INDEX_DEP, e);
	if (r >= 0 && g.modules.n)
		r = add_index(&g, "modules.alias", g.alias, modules_alias_merge,
			KMOD_INDEX_ALIAS, e);
	if (r >= 0 && idle)
		r = add_load_list(&g, e);
	if (r >= 0)
		r = add_baked(&g, e);
	if (r >= 0)
		r = add_links(&g, e);
	free(g.folder);
	strv_done(&g.modules);
	strv_done(&g.folders);
	return r;
}

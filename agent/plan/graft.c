/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See graft.h. The kernel unpacks segment over segment, so a later file replaces an earlier
 * one; but a folder entry would also replace a link of that name (lib -> usr/lib), so only
 * folders that the image does not have are written. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "plan/draft.h"
#include "plan/graft_work.h"
#include "plan/rules.h"
#include "text/kmod_index.h"
#include "text/modules_dep.h"

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
static int add_member(struct graft *g, const char *path, unsigned mode,
	struct graft_member **ret, struct err *e)
{
	int r;

	if (!g->step)
		g->step = plan_add(g->plan, STEP_GRAFT, "initramfs", g->k->initramfs);
	if (!g->step)
		return err_oom(e);
	r = add_folders(g, path, e);
	if (r < 0)
		return r;
	*ret = step_add_member(g->step, path, S_IFREG | mode);
	return *ret ? 0 : err_oom(e);
}

int graft_add_content(struct graft *g, const char *path, unsigned mode,
	struct str content, const char *what, struct err *e)
{
	struct graft_member *m;
	int r = add_member(g, path, mode, &m, e);

	if (r < 0)
		return r;
	strbuf_add(&m->content, content);
	if (*what)
		step_note(g->step, "%s", what);
	return strbuf_err(&m->content) < 0 ? err_oom(e) : 0;
}

/* nash's insmod gets a path, and reads no index. */
static bool is_flat(const struct graft *g)
{
	return g->k->flavour == FLAVOUR_MKINITRD;
}

/* Where the image keeps this kernel's modules. */
static int find_folder(struct graft *g, struct err *e)
{
	const char *const tops[] = {"usr/lib/modules", "lib/modules"};

	if (is_flat(g)) {
		g->folder = strdup("lib");
		return g->folder ? 0 : err_oom(e);
	}
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

		if (g->k->drivers[i] <= DRIVER_LOADED)
			continue;
		r = modules_dep_closure(g->dep, root_drivers[i], &closure);
		if (r < 0)
			return err_set(e, r,
				"modules.dep of %s cannot be followed from %s",
				g->k->release, root_drivers[i]);
		STRV_FOREACH (it, &closure)
			if (strv_add_new(&g->wanted, str_from(*it)) < 0)
				return err_oom(e);
	}
	return modules_missing(&g->wanted, &g->a->members, &g->modules) < 0 ? err_oom(e)
									    : 0;
}

/* modules.dep's path below its own folder: old module-init-tools write it absolute. */
static struct str below_folder(const struct graft *g, struct str path)
{
	if (str_skip(&path, "/lib/modules/") && str_skip(&path, g->k->release))
		str_skip(&path, "/");
	return path;
}

static struct str file_name(struct str path)
{
	const char *slash = memrchr(path.p, '/', path.n);

	return slash ? str_range(slash + 1, path.p + path.n) : path;
}

static int add_modules(struct graft *g, struct err *e)
{
	STRV_FOREACH (it, &g->modules) {
		struct str path = below_folder(g, str_from(*it));
		struct str in_folder = is_flat(g) ? file_name(path) : path;
		cleanup_(free_charp) char *to =
			str_printf("%s/" STR_FMT, g->folder, STR_ARG(in_folder));
		struct graft_member *m;
		int r;

		if (!to)
			return err_oom(e);
		r = add_member(g, to, 0644, &m, e);
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

/* All modules that the indexes must name: the wanted ones, and where the image brought no index
 * of its own, those it has. */
static int indexed_modules(
	const struct graft *g, bool all, struct strv *ret, struct err *e)
{
	STRV_FOREACH (m, &g->wanted)
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
	cleanup_(strbuf_done) struct strbuf have = {0}, text = {0}, bin = {0};
	cleanup_(strv_done) struct strv paths = {0};
	int r;

	if (!text_path || !bin_path)
		return err_oom(e);
	r = initramfs_index(g->a, text_path, &have);
	if (r < 0)
		return err_oom(e);
	r = indexed_modules(g, r == 0, &paths, e);
	if (r < 0)
		return r;
	r = merge(strbuf_str(&have), all, &paths, &text);
	if (r < 0)
		return err_oom(e);
	if (r == 0)
		return 0; /* it names them: a copy of the guest's own */
	r = kmod_index_build(strbuf_str(&text), kind, &bin, e);
	if (r < 0)
		return err_wrap(e, r, "%s of %s", name, g->k->release);
	r = graft_add_content(g, text_path, 0644, strbuf_str(&text), "", e);
	return r < 0 ? r : graft_add_content(g, bin_path, 0644, strbuf_str(&bin), "", e);
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
		r = graft_add_content(g, path, 0644, strbuf_str(&text), path, e);
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

static int add_indexes(struct graft *g, struct err *e)
{
	int r;

	if (is_flat(g) || !(g->modules.n || !initramfs_load_list(g->a, g->k->flavour)))
		return 0;
	r = add_index(g, "modules.dep", g->dep, modules_dep_merge, KMOD_INDEX_DEP, e);
	return r < 0 ? r
		     : add_index(g, "modules.alias", g->alias, modules_alias_merge,
			       KMOD_INDEX_ALIAS, e);
}

static int add_drivers(struct graft *g, struct err *e)
{
	int r = find_modules(g, e);

	if (r < 0 || !g->wanted.n)
		return r;
	r = add_modules(g, e);
	if (r >= 0)
		r = add_indexes(g, e);
	return r < 0 ? r : graft_load_list(g, e);
}

int graft_plan(const struct plan_input *in, const struct kernel *k,
	const struct snap_archive *a, struct plan *p, struct err *e)
{
	struct graft g = {.in = in, .k = k, .a = a, .plan = p};
	int r;

	r = read_indexes(&g, e);
	if (r >= 0)
		r = find_folder(&g, e);
	if (r >= 0)
		r = add_drivers(&g, e);
	if (r >= 0)
		r = graft_baked(&g, e);
	if (r >= 0)
		r = add_links(&g, e);
	free(g.folder);
	strv_done(&g.modules);
	strv_done(&g.wanted);
	strv_done(&g.folders);
	return r;
}

/* nash's insmod unpacks nothing. */
static bool is_packed(const struct graft *g)
{
	STRV_FOREACH (it, &g->wanted)
		if (!str_ends(str_from(*it), ".ko"))
			return true;
	return false;
}

bool graft_can(
	const struct plan_input *in, const struct kernel *k, const struct snap_archive *a)
{
	struct graft g = {.in = in, .k = k, .a = a};
	bool can = k->flavour > FLAVOUR_UNKNOWN &&
		   (initramfs_load_list(a, k->flavour) ||
			   initramfs_has_hotplug(a, k->flavour));

	can = can && read_indexes(&g, NULL) >= 0 && find_modules(&g, NULL) >= 0 &&
	      !(is_flat(&g) && is_packed(&g));
	strv_done(&g.modules);
	strv_done(&g.wanted);
	return can;
}

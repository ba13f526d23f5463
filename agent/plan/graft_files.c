/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of an image that a graft says anew: the list of drivers that it loads, and what was
 * baked into it while its devices had Xen's names. */
#include <string.h>

#include "plan/draft.h"
#include "plan/graft_work.h"
#include "text/cmdline.h"
#include "text/initramfs_tools.h"
#include "text/lvm_conf.h"
#include "text/mdadm_conf.h"
#include "text/modules_dep.h"
#include "text/nash_init.h"
#include "text/word_list.h"

static int edit_lines(
	struct str have, const struct strv *drivers, struct strbuf *out, struct err *e)
{
	return initramfs_modules_add(have, drivers, out, e);
}

static int edit_variable(
	struct str have, const struct strv *drivers, struct strbuf *out, struct err *e)
{
	return word_list_edit(
		have, &(struct word_list_edit){"MODULES", drivers, NULL}, out, e);
}

static int (*const list_editors[])(struct str have, const struct strv *drivers,
	struct strbuf *out, struct err *e) = {
	[LOAD_LINES] = edit_lines,
	[LOAD_VARIABLE] = edit_variable,
	[LOAD_NASH] = NULL, /* names files, and devices besides */
};

static int find_drivers(const struct kernel *k, struct strv *ret, struct err *e)
{
	for (size_t i = 0; i < N_ROOT_DRIVERS; i++)
		if (k->drivers[i] != DRIVER_BUILTIN &&
			strv_adds(ret, root_drivers[i]) < 0)
			return err_oom(e);
	return 0;
}

/* A list of initramfs-tools' is read before udev starts: it is kept even where that would find
 * the same. */
int graft_load_list(struct graft *g, struct err *e)
{
	const enum load_format format = initramfs_kind(g->k->flavour)->format;
	const char *path = initramfs_load_list(g->a, g->k->flavour);
	cleanup_(strbuf_done) struct strbuf out = {0};
	cleanup_(strv_done) struct strv names = {0};
	struct str have = STR("");
	int r;

	if (!path || !list_editors[format])
		return 0;
	r = find_drivers(g->k, &names, e);
	if (r < 0)
		return r;
	snap_archive_data(g->a, path, &have);
	r = list_editors[format](have, &names, &out, e);
	return r <= 0 ? r : graft_add_content(g, path, 0644, strbuf_str(&out), path, e);
}

/* Where the script of nash finds the modules: all in one folder. */
static int nash_paths(const struct graft *g, struct strv *ret, struct err *e)
{
	STRV_FOREACH (it, &g->wanted) {
		struct str name = module_name(str_from(*it));

		if (strv_addf(ret, "/" GRAFT_NASH_FOLDER STR_FMT ".ko", STR_ARG(name)) <
			0)
			return err_oom(e);
	}
	return 0;
}

static int edit_nash(
	const struct graft *g, struct str have, struct strbuf *out, struct err *e)
{
	cleanup_(strv_done) struct strv paths = {0};
	const struct dev_map map = plan_dev_map(g->plan);
	int r;

	if (g->k->flavour != FLAVOUR_MKINITRD)
		return 0;
	r = nash_paths(g, &paths, e);
	return r < 0 ? r
		     : nash_init_edit(have, &(struct nash_edit){&paths, &map}, out, e);
}

static int edit_resume(
	const struct graft *g, struct str have, struct strbuf *out, struct err *e)
{
	const struct dev_map map = plan_dev_map(g->plan);

	return initramfs_resume_edit(have, &map, &g->plan->gone_specs, out, e);
}

static int edit_lvm_conf(
	const struct graft *g, struct str have, struct strbuf *out, struct err *e)
{
	const struct dev_map map = plan_dev_map(g->plan);

	return lvm_conf_rename(have, &map, out, e);
}

static int edit_mdadm_conf(
	const struct graft *g, struct str have, struct strbuf *out, struct err *e)
{
	const struct dev_map map = plan_dev_map(g->plan);

	return mdadm_conf_rename(have, &map, out, e);
}

/* dracut takes words from there, which those of the loader go before. */
static int edit_cmdline(
	const struct graft *g, struct str have, struct strbuf *out, struct err *e)
{
	const struct dev_map map = plan_dev_map(g->plan);

	return cmdline_edit(have, &(struct cmdline_edit){.map = &map}, out, e);
}

/* It would wait for a swap that is gone, or not see its volume group or its array. */
static const struct baked {
	const char *path;
	int (*edit)(const struct graft *g, struct str have, struct strbuf *out,
		struct err *e);
	unsigned mode;
} baked[] = {
	{"conf/conf.d/resume", edit_resume, 0644},
	{"conf/conf.d/zz-resume-auto", edit_resume, 0644},
	{"etc/cmdline.d/*.conf", edit_cmdline, 0644},
	{"etc/lvm/lvm.conf", edit_lvm_conf, 0644},
	{"etc/mdadm.conf", edit_mdadm_conf, 0644},
	{"etc/mdadm/mdadm.conf", edit_mdadm_conf, 0644},
	{"init", edit_nash, 0755},
};

static int edit_baked(struct graft *g, const struct baked *b,
	const struct snap_entry *ent, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf out = {0};
	int r = b->edit(g, strbuf_str(&ent->data), &out, e);

	if (r < 0)
		return err_wrap(e, r, "%s in %s", ent->path, g->k->initramfs);
	return r ? graft_add_content(
			   g, ent->path, b->mode, strbuf_str(&out), ent->path, e)
		 : 0;
}

int graft_baked(struct graft *g, struct err *e)
{
	for (size_t i = 0; i < g->a->n_contents; i++) {
		const struct snap_entry *ent = &g->a->contents[i];
		struct str path = str_from(ent->path);

		str_skip(&path, "usr/");
		for (size_t k = 0; k < ARRAY_SIZE(baked); k++) {
			int r = str_glob(baked[k].path, path)
					? edit_baked(g, &baked[k], ent, e)
					: 0;

			if (r < 0)
				return r;
		}
	}
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /etc/fstab: new names, no line for swap that is gone, no boot that waits for a disk that
 * is gone. */
#include <errno.h>
#include <string.h>

#include "plan/draft.h"
#include "plan/rules.h"
#include "text/fstab.h"

#define FSTAB "/etc/fstab"

static int rename_specs(
	struct str in, const void *request, struct strbuf *out, struct err *e)
{
	return fstab_rename(in, request, out, e);
}

static int drop_swap(
	struct str in, const void *request, struct strbuf *out, struct err *e)
{
	return fstab_drop_swap(in, request, out, e);
}

static int add_nofail(
	struct str in, const void *request, struct strbuf *out, struct err *e)
{
	return fstab_nofail(in, request, out, e);
}

/* True for a line whose device is not on this machine and will not be: gone with its name, or
 * named by a UUID or label that nothing has. */
static bool is_gone(const struct plan_input *in, const struct plan *p, struct str spec,
	const char *plain)
{
	const struct map_row *row = plan_map_find(p, spec);

	if (row)
		return !row->to;
	return spec_is_content(str_from(plain)) &&
	       !machine_resolve(in->machine, str_from(plain));
}

/* Splits what is gone by what its line is to become. */
static int find_gone(const struct plan_input *in, struct plan *p, struct strv *swap,
	struct strv *other, struct err *e)
{
	const bool keep = in->options->swap == SWAP_KEEP;
	struct fstab_entry ent;
	struct str rest = {0};
	size_t line = 0;

	snapshot_data(in->snap, FSTAB, &rest);
	while (fstab_next(&rest, &line, &ent)) {
		cleanup_(free_charp) char *spec = spec_plain(ent.spec);
		bool drop = fstab_is_swap(&ent) && !keep;

		if (!spec)
			return err_oom(e);
		if (!is_gone(in, p, ent.spec, spec) ||
			fstab_has_option(ent.mntops, "noauto"))
			continue;
		if (strv_add_new(drop ? swap : other, str_from(spec)) < 0)
			return err_oom(e);
		if (!drop &&
			plan_warn(p, e,
				FSTAB " line %zu: the disk " STR_FMT " of " STR_FMT
				      " is not on this machine; with nofail the boot "
				      "goes on without it",
				ent.line, STR_ARG(ent.spec), STR_ARG(ent.file)) < 0)
			return -ENOMEM;
	}
	return 0;
}

/* "/dev/xvda2 -> /dev/vda" for each renamed spec. */
static void note_renames(const struct plan_input *in, struct plan *p)
{
	struct step *s = plan_step_for(p, FSTAB);
	struct fstab_entry ent;
	struct str rest = {0};
	size_t line = 0;

	snapshot_data(in->snap, FSTAB, &rest);
	while (s && fstab_next(&rest, &line, &ent)) {
		const struct map_row *row = plan_map_find(p, ent.spec);

		if (row && row->to)
			step_note(s, "%s -> %s", row->from,
				row->spec ? row->spec : row->to);
	}
}

int rule_fstab(const struct plan_input *in, struct plan *p, struct err *e)
{
	cleanup_(strv_done) struct strv swap = {0}, other = {0};
	struct dev_map map = plan_dev_map(p);
	int r;

	r = find_gone(in, p, &swap, &other, e);
	if (r >= 0 && swap.n)
		r = draft_edit(
			in, p, "fstab", FSTAB, drop_swap, &swap, "swap line removed", e);
	if (r >= 0 && other.n)
		r = draft_edit(
			in, p, "fstab", FSTAB, add_nofail, &other, "nofail added", e);
	if (r >= 0)
		r = draft_edit(in, p, "fstab", FSTAB, rename_specs, &map, "renamed", e);
	if (r >= 0)
		note_renames(in, p);
	return r;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* initramfs-tools' own configuration: RESUME of a swap that is gone would make each boot
 * wait for it; the next image it builds must hold the virtio drivers. */
#include "guest/files.h"
#include "plan/draft.h"
#include "plan/rules.h"
#include "text/initramfs_tools.h"

#define MODULES "/etc/initramfs-tools/modules"

struct resume_request {
	struct dev_map map;
	const struct strv *gone_specs;
};

static int edit_resume(
	struct str in, const void *request, struct strbuf *out, struct err *e)
{
	const struct resume_request *req = request;

	return initramfs_resume_edit(in, &req->map, req->gone_specs, out, e);
}

static int add_modules(
	struct str in, const void *request, struct strbuf *out, struct err *e)
{
	return initramfs_modules_add(in, request, out, e);
}

int rule_resume(const struct plan_input *in, struct plan *p, struct err *e)
{
	struct resume_request req = {plan_dev_map(p), &p->gone_specs};
	cleanup_(strv_done) struct strv drivers = {0};
	int r = 0;

	for (size_t i = 0; i < n_resume_files && r >= 0; i++) {
		const struct snap_entry *ent;
		size_t pos = 0;

		while (r >= 0 && (ent = snapshot_glob(in->snap, resume_files[i], &pos)))
			if (ent->kind == SNAP_FILE)
				r = draft_edit(in, p, "resume", ent->path, edit_resume,
					&req, "RESUME", e);
	}
	for (size_t i = 0; i < N_ROOT_DRIVERS && r >= 0; i++)
		r = strv_adds(&drivers, root_drivers[i]) < 0 ? err_oom(e) : 0;
	if (r >= 0)
		r = draft_edit(in, p, "initramfs-tools", MODULES, add_modules, &drivers,
			"virtio drivers for future images", e);
	return r;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* initramfs-tools' RESUME: that of a swap that is gone would make each boot wait for it. */
#include "guest/files.h"
#include "plan/draft.h"
#include "plan/rules.h"
#include "text/initramfs_tools.h"

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

int rule_resume(const struct plan_input *in, struct plan *p, struct err *e)
{
	struct resume_request req = {plan_dev_map(p), &p->gone_specs};
	int r = 0;

	for (size_t i = 0; i < n_resume_files && r >= 0; i++) {
		const struct snap_entry *ent;
		size_t pos = 0;

		while (r >= 0 && (ent = snapshot_glob(in->snap, resume_files[i], &pos)))
			if (ent->kind == SNAP_FILE)
				r = draft_edit(in, p, "resume", ent->path, edit_resume,
					&req, "RESUME", e);
	}
	return r;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See undo_text.h. */
#include "main/undo_text.h"
#include "base/printable.h"
#include "main/disk_work.h"
#include "main/history.h"

/* One repair can be several runs, and each is taken back by itself. */
static void others_text(const struct txn_history *h, struct strbuf *ret)
{
	for (size_t i = h->n; i; i--) {
		const struct txn_run *run = &h->v[i - 1];

		if (run->state != TXN_DONE && run->state != TXN_PARTLY_UNDONE)
			continue;
		printable_line(ret,
			"run %s is still in place: undo once more takes it back, too",
			run->id);
		return;
	}
}

void undo_text(const struct session *s, const struct strv *paths, struct strbuf *ret)
{
	cleanup_(history_done) struct history h = {0};

	STRV_FOREACH (path, paths)
		printable_line(ret, "put back %s", *path);
	STRV_FOREACH (path, &s->undo_changed)
		printable_line(ret, "changed since: %s", *path);
	if (s->undo_changed.n)
		strbuf_adds(ret,
			"xvd2vd undo PATH... puts these back all the same; what was "
			"done to them since is lost. --set undo=force: all of them\n");
	if (s->undo_only.n && s->result == RESULT_UNDONE)
		strbuf_adds(ret, "the rest of the repair stays as it is\n");
	if (s->result == RESULT_UNDONE && history_read(&s->root, &h, NULL) >= 0) {
		history_packages(&h, ret);
		if (!s->undo_only.n)
			others_text(&h.runs, ret);
	}
	if (s->result == RESULT_UNDONE)
		disk_work_text(&s->root, ret);
}

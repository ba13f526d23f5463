/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the journals that are kept tell of earlier runs. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "txn/state.h"

void txn_packages_free(struct txn_package *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(v[i].name);
		free(v[i].version);
		free(v[i].tool);
	}
	free(v);
}

void txn_history_done(struct txn_history *h)
{
	for (size_t i = 0; i < h->n; i++) {
		free(h->v[i].version);
		txn_packages_free(h->v[i].packages, h->v[i].n_packages);
	}
	free(h->v);
	*h = (struct txn_history){0};
}

static enum txn_state state_of(const struct txn *t, size_t undone)
{
	if (t->phase == PHASE_DONE)
		return undone ? TXN_PARTLY_UNDONE : TXN_DONE;
	if (t->phase == PHASE_UNDONE)
		return t->done ? TXN_UNDONE : TXN_TAKEN_BACK;
	return TXN_UNFINISHED;
}

/* Takes over what the transaction owns. */
static void describe(struct txn *t, struct txn_run *ret)
{
	for (size_t i = 0; i < t->n; i++) {
		ret->changes += t->v[i].touched;
		ret->undone += t->v[i].returned;
	}
	for (size_t i = 0; i < t->n_sectors; i++)
		ret->undone += t->sectors[i].returned;
	ret->changes += t->n_sectors;
	ret->state = state_of(t, ret->undone);
	ret->when = t->when;
	ret->version = t->version;
	ret->packages = t->packages;
	ret->n_packages = t->n_packages;
	ret->packages_gone = t->packages_gone;
	t->version = NULL;
	t->packages = NULL;
	t->n_packages = 0;
}

int txn_history(const struct root *r, struct txn_history *ret, struct err *e)
{
	cleanup_(strv_done) struct strv ids = {0};
	struct txn_history h = {0};
	int q = runs_ids(r, &ids, e);

	if (q < 0)
		return q;
	h.v = calloc(ids.n + 1, sizeof(*h.v));
	if (!h.v)
		return err_oom(e);
	STRV_FOREACH (id, &ids) {
		struct txn_run *run = &h.v[h.n++];
		struct txn *t;

		(void)snprintf(run->id, sizeof(run->id), "%s", *id);
		q = state_load(r, *id, &t, e);
		if (q == -ENOMEM) {
			txn_history_done(&h);
			return q;
		}
		if (q < 0) {
			run->state = TXN_DAMAGED;
			continue;
		}
		describe(t, run);
		state_free(t);
	}
	*ret = h;
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One run over one guest tree: recover, look, plan, apply, verify. What the command line and
 * the rescue system share. */
#pragma once

#include "main/bootdisk.h"
#include "main/payload.h"
#include "plan/plan.h"
#include "plan/verify.h"
#include "report/report.h"
#include "sys/root.h"
#include "txn/txn.h"

struct session {
	struct options options;
	struct root root;
	struct machine machine;
	struct fs_checks filesystems; /* that were checked on the way here */
	bool offline;                 /* run no program of the guest's */
	bool elsewhere;               /* the machine is described, and is not this one */
	bool looks;   /* the guest is mounted for a look: run_apply() changes that */
	bool *writes; /* set before a guest that was looked at is written to; or NULL */
	struct strv undo_only;    /* what an undo is to put back; none: all */
	struct strv undo_changed; /* why it refused: what was changed since */
	struct payload payload;
	struct bootdisk bootdisk; /* where boot=self asks for boot code */
	bool own_grub_failed;     /* in this run */
	void (*progress)(
		void *ctx, const struct plan *p, size_t step, const char *status);
	void *ctx;

	struct snapshot snap; /* as last looked at */
	struct guest guest;
	bool has_guest, has_plan, has_verdict;
	struct plan plan;
	struct verdict verdict;
	enum txn_recovery recovered; /* what session_recover() found and did */
	enum result result;
	struct err err; /* why the result is failed or refused */
	struct timing timing;
	char finished[32]; /* when the run ended, once it was reported */
};

void session_init(struct session *s);
void session_done(struct session *s);
/* What was scanned and planned. */
void session_forget(struct session *s);

/* Each sets result (and err) and goes on from what the one before it found; false: it ended
 * there. */
bool session_recover(struct session *s);
bool session_scan(struct session *s);
bool session_plan(struct session *s);
bool session_apply(struct session *s); /* with the verification behind it */
bool session_verify(struct session *s);
bool session_undo(struct session *s, struct strv *ret_paths);

/* The report as it stands now; borrows from the session. */
struct report session_report(struct session *s, const char *mode, bool planned_only);
/* Writes /var/lib/xvd2vd/report.json of the guest. */
int session_save_report(
	const struct session *s, struct str json, struct err *e) must_check;

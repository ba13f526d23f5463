/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A run over the machine's own disks: what the rescue system does by itself, and what the
 * command line does without --root. */
#pragma once

#include "apply/found.h"
#include "main/session.h"
#include "probe/probe.h"
#include "sys/console.h"

#define RUN_TARGET "/run/xvd2vd/guest" /* where the guest is mounted */

struct run {
	struct options options;
	struct console *console; /* NULL: no progress, no report port */
	bool as_init;
	unsigned kernel_ms, devices_ms; /* before the run, for the report */
	bool headed;                    /* the console has been told what the guest is */
	bool writes;                    /* it has begun what may change the guest */
	bool whole;                     /* there was nothing to repair */
	enum result result;
	int status;    /* exit status 0..4 */
	bool reported; /* the report port has been given the report */
};

/* Finds and mounts the guest, does what options.mode says (auto, plan, verify, undo), reports
 * on the console, in the guest and on the port, unmounts. Never exits; result and status
 * are set in every case. 0, or a negative errno whose text is what was reported. */
int run_machine(struct run *run, struct err *e);

/* Leaves the report of an apply in the guest, where something was committed to it, for good or
 * until it was taken back; nothing else is written. A run that failed has its own message:
 * then 0 in any case. */
int run_save_report(const struct session *s, struct str json, struct err *e) must_check;

/* After a worker that did not come to its end: mounts the guest anew, and takes back or
 * finishes what it left, so that nothing half-done is there whatever starts next. Answers which of
 * them, as enum txn_recovery. */
int run_recover(const struct options *o, struct err *e) must_check;

/* Probes this machine and mounts its guest at RUN_TARGET (the session's root and machine; the
 * machine also where the guest was not found); run_release() undoes it. */
int run_open(struct session *s, enum probe_mount how, struct err *e) must_check;
/* The same for a repair: a look, or, where that cannot even be had, the guest mounted for writing,
 * since a check may put right what is in the way of it. */
int run_begin(struct session *s, struct err *e) must_check;
void run_release(struct session *s);
/* What a run that got no further than run_open() came to. */
enum result run_open_result(int r);

/* Each as those of session.h. */

/* Recovers, scans and plans. On a guest that is mounted for a look this writes nothing, if the
 * plan is refused, or file systems and journal are at rest. */
bool run_plan(struct session *s);
/* Does what is planned, on a guest that is writable from here on, and notes what guard_pass() wants
 * noted. The session has the result. */
void run_apply(struct session *s, const struct found *found);

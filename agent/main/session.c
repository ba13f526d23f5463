/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See session.h. */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "apply/apply.h"
#include "apply/bootsector.h"
#include "apply/disks.h"
#include "apply/packages.h"
#include "main/network.h"
#include "main/run.h"
#include "plan/own_grub.h"
#include "probe/probe.h"
#include "sys/clock.h"
#include "sys/file.h"

/* A kernel comes, gets its entry, and then its drivers. */
enum { MOST_ROUNDS = 4 };

void session_init(struct session *s)
{
	*s = (struct session){.root = ROOT_CLOSED};
	options_init(&s->options);
}

static void forget_plan(struct session *s)
{
	if (s->has_plan)
		plan_done(&s->plan);
	s->has_plan = false;
}

static void forget_scan(struct session *s)
{
	if (s->has_verdict)
		verdict_done(&s->verdict);
	if (s->has_guest)
		guest_done(&s->guest);
	s->has_verdict = s->has_guest = false;
	snapshot_done(&s->snap);
}

void session_forget(struct session *s)
{
	forget_plan(s);
	forget_scan(s);
}

void session_done(struct session *s)
{
	session_forget(s);
	payload_done(&s->payload);
	bootdisk_done(&s->bootdisk);
	machine_done(&s->machine);
	fs_checks_done(&s->filesystems);
	strv_done(&s->undo_only);
	strv_done(&s->undo_changed);
	root_done(&s->root);
}

static bool end(struct session *s, enum result result)
{
	s->result = result;
	return false;
}

/* The guest lies on this machine's disks, and is mounted for this run alone. */
static bool own_disks(const struct session *s)
{
	return !s->elsewhere && s->root.path && strcmp(s->root.path, RUN_TARGET) == 0;
}

/* Those that boot sectors in the guest's journal may be looked for on. */
static int find_disks(const struct session *s, struct disks *ret, struct err *e)
{
	return s->elsewhere ? 0 : disks_list(&s->machine, own_disks(s), ret, e);
}

bool session_recover(struct session *s)
{
	cleanup_(disks_done) struct disks disks = {0};
	struct txn_disks all;

	/* A run that was killed may have left the report it was writing. */
	(void)!file_unlink(&s->root, "/var/lib/xvd2vd/.report.json.xvd2vd", NULL);
	if (find_disks(s, &disks, &s->err) < 0)
		return end(s, RESULT_FAILED);
	all = (struct txn_disks){disks.v, disks.n};
	return txn_recover(&s->root, &all, &s->recovered, &s->err) >= 0 ||
	       end(s, RESULT_FAILED);
}

bool session_scan(struct session *s)
{
	const int64_t from = clock_ms(CLOCK_MONOTONIC);
	/* Unpacking initramfs images is most of the cost, and few of their bytes change. */
	struct snapshot known = {
		.archives = s->snap.archives, .n_archives = s->snap.n_archives};
	int r;

	s->snap.archives = NULL;
	s->snap.n_archives = 0;
	forget_scan(s);
	r = probe_snapshot_again(&s->root, &known, &s->snap, &s->err);
	snapshot_done(&known);
	if (r < 0)
		return end(s, RESULT_FAILED);
	r = guest_read(&s->snap, &s->machine, &s->guest, &s->err);
	s->timing.scan += clock_since(from);
	if (r < 0)
		return end(s, r == -ENOMEM ? RESULT_FAILED : RESULT_REFUSED);
	s->has_guest = true;
	return true;
}

/* What apply comes to if every step goes well. */
static enum result expected(const struct plan *p)
{
	if (p->n_pending)
		return RESULT_DEGRADED;
	return p->n_steps ? RESULT_REPAIRED : RESULT_UNCHANGED;
}

/* The guest as it will be with boot code of its own: that has commands that ours has not, and
 * reads no other menu. */
static int read_guest_again(struct session *s, struct err *e)
{
	struct guest g;
	int r = guest_read_as(&s->snap, &s->machine, "grub2", &g, e);

	if (r < 0)
		return r;
	guest_done(&s->guest);
	s->guest = g;
	return 0;
}

/* What is decided from, with what lies on the disk now. */
static int input_of(struct session *s, struct plan_input *ret, struct err *e)
{
	*ret = (struct plan_input){
		.snap = &s->snap,
		.machine = &s->machine,
		.guest = &s->guest,
		.options = &s->options,
		.offline = s->offline,
		.own_disks = own_disks(s),
		.packages_failed = s->has_plan && plan_lacks_package(&s->plan),
		.own_grub_failed = s->own_grub_failed,
	};
	int r;

	if (!bootcode_wanted(ret))
		return 0;
	ret->bootcode = &s->bootdisk.source;
	r = bootdisk_load(&s->machine, &s->guest, &s->root, &s->bootdisk, e);
	if (r >= 0)
		ret->own_grub = own_grub_find(ret);
	return r >= 0 && ret->own_grub ? read_guest_again(s, e) : r;
}

bool session_plan(struct session *s)
{
	struct plan_input in;
	int r;

	forget_plan(s);
	r = input_of(s, &in, &s->err);
	s->machine.has_payload = !s->offline && s->options.packages != PACKAGES_OFF &&
				 payload_find(&s->machine, &s->guest, &s->payload);
	if (r >= 0)
		r = plan_build(&in, &s->plan, &s->err);
	if (r < 0)
		return end(s, r == -ENOMEM ? RESULT_FAILED : RESULT_REFUSED);
	s->has_plan = true;
	s->result = expected(&s->plan);
	return true;
}

/* The first thing in the way of a boot. */
static const struct check *first_failure(const struct verdict *v)
{
	for (size_t i = 0; i < v->n; i++)
		if (!v->v[i].ok)
			return &v->v[i];
	return NULL;
}

bool session_verify(struct session *s)
{
	const int64_t from = clock_ms(CLOCK_MONOTONIC);
	const struct check *why;

	if (verify_guest(&s->snap, &s->machine, &s->guest, &s->options, &s->verdict,
		    &s->err) < 0)
		return end(s, RESULT_FAILED);
	s->has_verdict = true;
	s->timing.verify += clock_since(from);
	why = first_failure(&s->verdict);
	if (!why)
		return true;
	err_set(&s->err, -EIO, "it would not boot here: %s: %s", why->id, why->detail);
	return end(s, RESULT_FAILED);
}

/* True where a program of the guest's that is still to run decides whether it boots. */
static bool awaits_program(const struct plan *p)
{
	for (size_t i = 0; i < p->n_steps; i++)
		if (p->steps[i].status == STEP_PENDING && !p->steps[i].optional)
			return true;
	return false;
}

/* It was planned wrongly, or the guest is not what it seemed. */
static bool take_back(struct session *s)
{
	cleanup_(disks_done) struct disks disks = {0};
	struct txn_disks all;
	const struct txn_undo how = {.force = true, .disks = &all};
	struct err e;
	int r = find_disks(s, &disks, &e);

	all = (struct txn_disks){disks.v, disks.n};
	if (r >= 0)
		r = txn_undo(&s->root, &how, NULL, &e);
	if (r < 0) {
		err_wrap(&s->err, -EIO, "NOT taken back (%s)", e.text);
		return false;
	}
	for (size_t i = 0; i < s->plan.n_steps; i++)
		if (s->plan.steps[i].status == STEP_DONE)
			s->plan.steps[i].status = STEP_UNDONE;
	return true;
}

static int bring_network(void *ctx, struct err *e)
{
	const struct session *s = ctx;

	return network_up(&s->machine, &s->snap, e);
}

static int stage_payload(void *ctx, struct err *e)
{
	struct session *s = ctx;

	return payload_stage(&s->payload, e);
}

static bool has_bootsector(const struct plan *p)
{
	for (size_t i = 0; i < p->n_steps; i++)
		if (p->steps[i].kind == STEP_BOOTSECTOR)
			return true;
	return false;
}

static void find_places(
	const struct session *s, const struct disks *disks, struct bootsector *b)
{
	const struct device *boot = s->guest.bootfs;

	b->disk = disks->v[boot->disk];
	for (size_t i = 0; i < s->machine.n_parts; i++)
		if (&s->machine.parts[i] == boot)
			b->part = disks->v[s->machine.n_disks + i];
}

/* Does what is planned; *runs counts the transactions. */
static int apply_once(struct session *s, unsigned *runs)
{
	struct apply a = {&s->root, &s->plan, s->progress, s->ctx, bring_network, s,
		stage_payload, *runs > 0, false, NULL};
	const int64_t from = clock_ms(CLOCK_MONOTONIC);
	cleanup_(disks_done) struct disks disks = {0};
	struct bootsector b = {.source = &s->bootdisk.source};
	int r = 0;

	if (has_bootsector(&s->plan)) {
		r = find_disks(s, &disks, &s->err);
		if (r >= 0)
			find_places(s, &disks, &b);
		a.bootsector = &b;
	}
	if (r >= 0)
		r = apply_plan(&a, &s->err);
	if (r > 0 && a.bootsector)
		r = bootdisk_look_again(&s->machine, &s->err);
	*runs += a.committed;
	s->timing.apply += clock_since(from);
	return r;
}

/* What is to be done now that what was planned is done. */
static bool plan_more(struct session *s)
{
	struct plan_input in;
	struct plan next;
	int r = input_of(s, &in, &s->err);

	if (r >= 0)
		r = plan_build(&in, &next, &s->err);
	if (r < 0)
		return false;
	r = plan_continue(&s->plan, &next, &s->err);
	plan_done(&next);
	return r >= 0;
}

/* *ret_back: the guest is as it was, where it failed. */
static bool apply_all(struct session *s, bool *ret_back)
{
	const enum layout found = s->guest.layout;
	unsigned runs = 0, rounds = 0;
	bool good_now = true, again = s->plan.n_steps > 0;

	while (good_now && again) {
		good_now = apply_once(s, &runs) >= 0 && session_scan(s);
		again = s->plan.again && ++rounds < MOST_ROUNDS;
		if (good_now && again)
			good_now = plan_more(s);
	}
	if (good_now) {
		/* What was found is reported; the new names no longer tell it. */
		s->guest.layout = found;
		good_now = session_verify(s) || awaits_program(&s->plan);
	}
	if (good_now) {
		s->result = expected(&s->plan);
		return true;
	}
	*ret_back = !runs || take_back(s);
	return end(s, RESULT_FAILED);
}

/* Plans and does it once more, with boot code of ours. */
static bool apply_without_own_grub(struct session *s)
{
	const struct err why = s->err;
	bool back;

	s->own_grub_failed = true;
	if (bootdisk_look_again(&s->machine, &s->err) < 0)
		return end(s, RESULT_FAILED);
	if (!session_scan(s) || !session_plan(s)) {
		err_wrap(&s->err, s->err.code, "%s; and boot code of ours", why.text);
		return end(s, RESULT_FAILED); /* not refused: it was written to */
	}
	return plan_warn(&s->plan, &s->err,
		       "boot code of ours, for the guest's own was of no use: %s",
		       why.text) >= 0
		       ? apply_all(s, &back)
		       : end(s, RESULT_FAILED);
}

bool session_apply(struct session *s)
{
	const struct check *check;
	bool back = false;

	if (apply_all(s, &back))
		return true;
	check = s->has_verdict ? first_failure(&s->verdict) : NULL;
	if (!back || !own_grub_failed(&s->plan, check ? check->id : NULL))
		return false;
	return apply_without_own_grub(s);
}

struct removal {
	struct session *s;
	int r;
};

static int remove_packages(void *ctx, const struct txn_package *v, size_t n)
{
	struct removal *rm = ctx;

	rm->r = packages_remove(&rm->s->root, v, n, &rm->s->err);
	return rm->r;
}

static enum result undo_result(int r)
{
	return r == -ENOENT   ? RESULT_UNCHANGED
	       : r == -ESTALE ? RESULT_REFUSED
	       : r == -EINVAL ? RESULT_USAGE
			      : RESULT_FAILED;
}

bool session_undo(struct session *s, struct strv *ret_paths)
{
	const int policy = s->options.undo;
	const bool packages = policy == UNDO_PACKAGES || policy == UNDO_ALL;
	cleanup_(disks_done) struct disks disks = {0};
	struct txn_disks all;
	struct removal rm = {s, 0};
	const struct txn_undo how = {
		.force = policy == UNDO_FORCE || policy == UNDO_ALL,
		.only = s->undo_only.n ? &s->undo_only : NULL,
		.disks = &all,
		.ret_changed = &s->undo_changed,
		.packages = packages ? remove_packages : NULL,
		.ctx = &rm,
	};
	int r;

	if (packages && s->offline) {
		err_set(&s->err, -EINVAL,
			"undo=%s runs the guest's package tool, and --offline runs "
			"nothing; nothing was touched",
			policy == UNDO_ALL ? "all" : "packages");
		return end(s, RESULT_USAGE);
	}
	r = find_disks(s, &disks, &s->err);
	all = (struct txn_disks){disks.v, disks.n};
	if (r >= 0)
		r = txn_undo(&s->root, &how, ret_paths, &s->err);
	if (r < 0)
		return end(s, undo_result(r));
	if (rm.r < 0) {
		err_wrap(&s->err, rm.r, "the files are back, but packages stay");
		return end(s, RESULT_FAILED);
	}
	s->result = RESULT_UNDONE;
	return true;
}

struct report session_report(struct session *s, const char *mode, bool planned_only)
{
	const bool bad = s->result == RESULT_FAILED || s->result == RESULT_REFUSED ||
			 s->result == RESULT_USAGE;
	const time_t now = time(NULL);
	struct tm utc;

	strftime(s->finished, sizeof(s->finished), "%Y-%m-%dT%H:%M:%SZ",
		gmtime_r(&now, &utc));
	return (struct report){
		.mode = mode,
		.result = s->result,
		.planned_only = planned_only,
		.message = bad && s->err.text[0] ? s->err.text : NULL,
		.guest = s->has_guest ? &s->guest : NULL,
		.machine = &s->machine,
		.filesystems = &s->filesystems,
		.plan = s->has_plan ? &s->plan : NULL,
		.verdict = s->has_verdict ? &s->verdict : NULL,
		.timing = s->timing,
		.finished = s->finished,
	};
}

int session_save_report(const struct session *s, struct str json, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf line = {0};

	strbuf_add(&line, json);
	strbuf_addc(&line, '\n');
	if (strbuf_err(&line) < 0)
		return err_oom(e);
	return file_replace(
		&s->root, "/var/lib/xvd2vd/report.json", strbuf_str(&line), 0600, e);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See programs.h. */
#include <elf.h>
#include <errno.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apply/packages.h"
#include "apply/programs.h"
#include "apply/shield.h"
#include "apply/steps.h"
#include "plan/packages.h"
#include "sys/clock.h"
#include "sys/mount.h"
#include "sys/spawn.h"

enum { TIMEOUT_MS = 20 * 60 * 1000, GUARD_MAX = 1 << 30 };

static const struct spawn_bind binds[] = {
	{"/run/xvd2vd/resolv.conf", "/etc/resolv.conf"},
	{PROGRAMS_PAYLOAD, PACKAGES_PAYLOAD},
};

static bool awaits(const struct step *s, bool optional)
{
	return s->status == STEP_PLANNED && s->kind == STEP_RUN &&
	       s->optional == optional;
}

bool programs_await(const struct plan *p, bool optional)
{
	for (size_t i = 0; i < p->n_steps; i++)
		if (awaits(&p->steps[i], optional))
			return true;
	return false;
}

int programs_note(const struct plan *p, struct txn *t, struct err *e)
{
	int r = 0;

	for (size_t i = 0; i < p->n_steps && r >= 0; i++) {
		const struct step *s = &p->steps[i];
		const struct txn_package package = {s->package, (char *)"", s->database};

		if (s->status == STEP_PLANNED && s->package)
			r = txn_note_package(t, &package, e);
	}
	return r;
}

/* A 32-bit guest's programs ask uname(2) what they install for. */
static unsigned long persona_of(const struct root *root)
{
	cleanup_(free_charp) char *head = NULL;
	size_t n;

	if (root_read_at(root, "/bin/sh", 0, EI_NIDENT, &head, &n, NULL) < 0 ||
		n < EI_NIDENT || memcmp(head, ELFMAG, SELFMAG) != 0)
		return 0;
	return head[EI_CLASS] == ELFCLASS32 ? PER_LINUX32 : 0;
}

static int call(const struct root *root, char *const *argv, struct err *e)
{
	static char *const env[] = {"PATH=" SHIELD_PATH, "APT_CONFIG=" SHIELD_APT_CONFIG,
		"DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=", "SYSTEMD_OFFLINE=1", NULL};
	const struct spawn what = {
		.argv = argv,
		.chroot = root->path,
		.env = env,
		.timeout_ms = TIMEOUT_MS,
		.persona = persona_of(root),
		.private_ns = true,
		.binds = binds,
		.n_binds = ARRAY_SIZE(binds),
	};
	const int r = spawn_run(&what, NULL, e);

	return r > 0 ? -EIO : r;
}

static bool has_fallen_back(const struct plan *p)
{
	for (size_t i = 0; i < p->n_steps; i++)
		if (p->steps[i].fell_back)
			return true;
	return false;
}

/* The step that tells the package tool what there is has to have asked the payload, too. */
static int ask_payload(const struct apply *a, struct step *s, struct err *e)
{
	int r = a->payload ? a->payload(a->network_ctx, e) : 0;

	for (size_t i = 0; i < a->plan->n_steps && r >= 0; i++) {
		struct step *t = &a->plan->steps[i];

		if (!t->from_payload.n || t->fell_back || (t->package && t != s))
			continue;
		t->fell_back = true;
		r = call(a->root, t->from_payload.v, e);
		if (r >= 0)
			step_note(t, "from the payload");
	}
	return r;
}

/* Once the network was of no use, it is not asked again. */
static int run(const struct apply *a, struct step *s, struct err *e)
{
	struct err why = {0};
	int r = 0;

	if (s->from_payload.n && (!s->argv.n || has_fallen_back(a->plan)))
		return s->fell_back ? 0 : ask_payload(a, s, e);
	if (s->network && a->network)
		r = a->network(a->network_ctx, e);
	if (r >= 0)
		r = call(a->root, s->argv.v, e);
	if (r >= 0 || !s->from_payload.n)
		return r;
	r = ask_payload(a, s, &why);
	return r < 0 ? err_wrap(e, r, "%s; before that, from the network", why.text) : 0;
}

/* Whether the package is there now. yum of EL5 ends well where nobody has it; zypper ends badly
 * where one repository of several is gone. */
static int judge(const struct apply *a, const struct step *s, int r, struct err *e)
{
	cleanup_(strv_done) struct strv argv = {0};
	struct err why;
	int q;

	if (!s->package || r == -ENOMEM)
		return r;
	q = packages_query(s->database, s->package, &argv);
	if (q <= 0)
		return q < 0 ? err_oom(e) : r;
	if (call(a->root, argv.v, &why) >= 0)
		return 0;
	return r < 0 ? r : err_set(e, -EIO, "%s is not installed after it", s->package);
}

static int start(const struct root *root, struct err *e)
{
	int r;

	mkdir("/run/xvd2vd", 0755);
	r = shield_make(PROGRAMS_PAYLOAD, e);
	return r < 0 ? r : mount_bind(root->path, e);
}

static int end(const struct root *root, struct err *e)
{
	if (mount_unbind(root->path, NULL) < 0)
		return err_set(e, -EBUSY, "a program of the guest's keeps its tree busy");
	return 0;
}

int programs_call(const struct root *root, char *const *argv, struct err *e)
{
	int r = start(root, e), q;

	if (r < 0)
		return r;
	r = call(root, argv, e);
	q = end(root, r < 0 ? NULL : e);
	return r < 0 ? r : q;
}

static int guard(struct txn *t, const struct step *s, struct err *e)
{
	int r = 0;

	STRV_FOREACH (path, &s->guard)
		if (r >= 0)
			r = str_ends(str_from(*path), "/")
				    ? txn_guard_tree(t, *path, GUARD_MAX, s->whole, e)
				    : txn_guard(t, *path, e);
	return r;
}

int programs_run(const struct apply *a, struct txn *t, struct err *e)
{
	int r = txn_publish(t, e), q;

	if (r >= 0)
		r = start(a->root, e);
	if (r < 0)
		return r;
	for (size_t i = 0; i < a->plan->n_steps && r >= 0; i++) {
		struct step *s = &a->plan->steps[i];
		const int64_t from = clock_ms(CLOCK_MONOTONIC);

		if (!awaits(s, false))
			continue;
		step_tell(a, i, "start");
		r = guard(t, s, e);
		if (r >= 0)
			r = judge(a, s, run(a, s, e), e);
		s->ms = clock_since(from);
		if (r < 0)
			r = step_fail(s, r, e);
	}
	q = end(a->root, r < 0 ? NULL : e);
	return r < 0 ? r : q;
}

static int leave_pending(struct plan *p, struct step *s, const char *why, struct err *e)
{
	s->status = STEP_PENDING;
	/* What the next step needs is told of there. */
	if (!s->package)
		return 0;
	p->again = true;
	return plan_pend(p, s->id, e, "run in the guest: " STR_FMT " (%s)",
		STR_ARG(strbuf_str(&s->detail)), why);
}

int programs_run_optional(const struct apply *a, struct err *e)
{
	struct err why = {0};
	int r = start(a->root, &why), q = 0;
	const bool mounted = r >= 0;

	/* One that failed: those behind it need what it would have brought. */
	for (size_t i = 0; i < a->plan->n_steps && q >= 0; i++) {
		struct step *s = &a->plan->steps[i];
		const int64_t from = clock_ms(CLOCK_MONOTONIC);

		if (!awaits(s, true))
			continue;
		step_tell(a, i, "start");
		if (r >= 0)
			r = judge(a, s, run(a, s, &why), &why);
		s->ms = clock_since(from);
		if (r < 0)
			q = leave_pending(a->plan, s, why.text, e);
	}
	if (mounted && end(a->root, &why) < 0 && q >= 0)
		q = err_set(e, -EBUSY, "%s", why.text);
	return q;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The first start of a repaired guest says so itself: a script notes it beside the journal. Until
 * then the repair counts as not confirmed (main/guard.c). */
#include "plan/rules.h"
#include "plan/start_hook.h"

/* For every sh since 2008, with what every guest has; nothing in it may hold up or fail a
 * boot. */
static const char script[] =
	"#!/bin/sh\n"
	"# xvd2vd: this guest was repaired to run on KVM. Its first start since is "
	"noted\n"
	"# here, for \"xvd2vd status\"; then this script and what calls it are removed.\n"
	"exec 2>/dev/null\n"
	"umask 077\n"
	"cd " START_HOOK_STATE " || exit 0\n"
	"\n"
	"# Started by the rescue system's own kernel (mode=boot): that proves little.\n"
	"[ ! -d /run/xvd2vd ] || exit 0\n"
	"cmdline=\n"
	"read -r cmdline </proc/cmdline\n"
	"case \" $cmdline\" in\n"
	"*' xvd2vd.'*) exit 0 ;;\n"
	"esac\n"
	"\n"
	"run=\n"
	"for dir in [0-9]*; do\n"
	"\t[ ! -d \"$dir\" ] || run=$dir\n"
	"done\n"
	"root=\n"
	"while read -r device point rest; do\n"
	"\t[ \"$point\" != / ] || root=$device\n"
	"done </proc/mounts\n"
	"case $root in\n"
	"'' | rootfs | /dev/root)\n"
	"\tset -f\n"
	"\tfor word in $cmdline; do\n"
	"\t\tcase $word in\n"
	"\t\troot=*) root=${word#root=} ;;\n"
	"\t\tesac\n"
	"\tdone\n"
	"\tset +f\n"
	"\t;;\n"
	"esac\n"
	"\n"
	"# Where nothing can be written, the next start tries again.\n"
	"when=$(date -u +%Y-%m-%dT%H:%M:%SZ)\n"
	"printf 'run=%s\\nwhen=%s\\nkernel=%s\\nroot=%s\\n' \\\n"
	"\t\"$run\" \"$when\" \"$(uname -r)\" \"$root\" >.confirmed.new &&\n"
	"\tsync && mv -f .confirmed.new confirmed || exit 0\n";

static const struct start_hook hook = {
	.name = "confirm",
	.what = "Note that the repaired guest has started",
	.note = "notes the guest's first start, then removes itself",
	.otherwise = "the guest's first start will not be noted",
};

int rule_confirm(const struct plan_input *in, struct plan *p, struct err *e)
{
	cleanup_(strbuf_done) struct strbuf text = {0};

	if (!plan_repairs(p))
		return 0;
	strbuf_adds(&text, script);
	start_hook_removal(&hook, &text);
	strbuf_adds(&text, " found\nsync\nexit 0\n");
	return start_hook_plan(in, p, &hook, &text, e);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* grow=yes: the root's partition and file system take what room there is on the disk. */
#include "plan/growth.h"
#include "plan/rules.h"

static unsigned mib(uint64_t bytes)
{
	return (unsigned)(bytes >> 20);
}

int rule_grow(const struct plan_input *in, struct plan *p, struct err *e)
{
	const struct device *root = in->guest->root;
	cleanup_(free_charp) char *path = NULL;
	struct growth g;
	struct err why;
	struct step *s;

	if (in->options->grow != YES)
		return 0;
	if (growth_find(in->machine, root, &g, &why) < 0)
		return refuse(e, "grow=yes: /dev/%s: %s", root->name, why.text);
	if (!g.partition && !g.filesystem)
		return 0;
	if (!in->own_disks)
		return plan_pend(p, "grow", e,
			"grow=yes: /dev/%s has room to grow to %u MiB: that is done in "
			"the rescue system, not in a tree that is mounted elsewhere",
			root->name, mib(g.size));
	path = str_printf("/dev/%s", root->name);
	s = path ? plan_add(p, STEP_DISK, "grow", path) : NULL;
	if (!s)
		return err_oom(e);
	if (g.partition)
		step_note(s, "partition %u -> %u MiB", mib(root->size), mib(g.size));
	step_note(s, "file system %u -> %u MiB", mib(root->fs_size), mib(g.size));
	return strbuf_err(&s->detail) < 0 ? err_oom(e) : 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The device map while it is being made: what devmap.c and devmap_content.c share. */
#pragma once

#include "plan/names.h"

/* What is known of one name so far. */
struct slot {
	const struct name_use *use;
	const struct device *to;
	const char *why; /* evidence: "root-fs", "uuid"; NULL while open */
	bool settled;    /* decided, even if gone */
	bool parts;
};

struct work {
	const struct plan_input *in;
	struct names names;
	struct slot *v; /* one for each of names */
};

/* Decides a name: its device (NULL: gone) and the evidence for it. */
void slot_settle(struct slot *s, const struct device *to, const char *why);
struct dev_name slot_name(const struct slot *s);
bool work_is_taken(const struct work *w, const struct device *d);
/* Partitions of disks that are known by now. */
void work_by_parent(struct work *w);

/* The weaker evidence, for what the stronger left open: what lies on the devices, then their
 * order, then names that only lesser files use. -EUSERS: refused. */
int work_by_content(struct work *w, struct err *e) must_check;

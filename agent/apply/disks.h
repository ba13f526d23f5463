/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The machine's disks as a transaction knows them: where boot code may be written, and where
 * what a journal tells of is looked for. */
#pragma once

#include "guest/machine.h"
#include "txn/txn.h"

struct disks {
	struct txn_disk *v; /* in the order of machine.disks, then its partitions */
	size_t n;
	struct strv paths;
};

/* All of them with their partitions, or only the one that the guest's root lies on: a journal is the guest's, and
 * where its tree is worked on by a machine that is not its own, the other disks are none of
 * its business. The ids borrow from the machine. */
int disks_list(
	const struct machine *m, bool all, struct disks *ret, struct err *e) must_check;
void disks_done(struct disks *d);

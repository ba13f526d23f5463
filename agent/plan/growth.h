/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far a device and the file system on it can grow in place. Pure. */
#pragma once

#include "guest/machine.h"

struct growth {
	bool partition, filesystem; /* which of them is to grow */
	uint64_t size;              /* of the device then, bytes */
};
/* -EINVAL: it cannot, or it is not known how far; the text says why. */
int growth_find(const struct machine *m, const struct device *d, struct growth *ret,
	struct err *e) must_check;

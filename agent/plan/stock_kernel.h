/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel package that a distribution installs on a machine of its own, which brings virtio
 * drivers: what a guest gets whose own kernel runs on Xen alone. */
#pragma once

#include "guest/guest.h"

struct stock_kernel {
	enum family family;
	const char *id;                    /* NULL: any of the family */
	const char *arch, *last, *package; /* up to this release; NULL: any */
};
extern const struct stock_kernel stock_kernels[];
extern const size_t n_stock_kernels;

/* The package's name; NULL where none is known for that system, release and architecture. */
const char *stock_kernel(const struct guest *g);

/* Why no other kernel may start a guest that has this one, but those with the same mark in their
 * release; NULL: any may. */
const char *kernel_bond(const struct kernel *k);
/* Whether `k` may start the guest in the place of `old`. */
bool kernel_may_follow(const struct kernel *k, const struct kernel *old);

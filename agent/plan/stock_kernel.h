/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel package that a distribution installs on a machine of its own, which brings virtio
 * drivers: what a guest gets whose own kernel runs on Xen alone. */
#pragma once

#include "guest/guest.h"

/* The package's name; NULL where none is known for that system, release and architecture. */
const char *stock_kernel(const struct guest *g);

/* Why no other kernel may start a guest that has this one, but those with the same mark in their
 * release; NULL: any may. */
const char *kernel_bond(const struct kernel *k);
/* Whether `k` may start the guest in the place of `old`. */
bool kernel_may_follow(const struct kernel *k, const struct kernel *old);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel package that a distribution installs on a machine of its own, which brings virtio
 * drivers: what a guest gets whose own kernel runs on Xen alone. */
#pragma once

#include "guest/guest.h"

/* The package's name; NULL where none is known for that system, release and architecture. */
const char *stock_kernel(const struct guest *g);

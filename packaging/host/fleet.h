/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libvirt domains, one or many, each booted once into the rescue system; those whose report
 * in the folder says that they are repaired are skipped, so that an interrupted run goes on
 * where it stopped. */
#pragma once

#include "host/launch.h"

/* The status to exit with: the agent's for one domain, the worst of many; a negative errno
 * when nothing was started. */
int fleet_run(const struct launch *c, struct err *e) must_check;

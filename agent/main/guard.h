/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way out of a circle: a host that goes on starting the rescue system where it should start
 * the repaired guest. */
#pragma once

#include "main/session.h"

/* After session_plan(), in the rescue system: false, with result and err, where the run would
 * restart the machine only to come here again. A warning in the plan where that may be so. */
bool guard_pass(struct session *s);

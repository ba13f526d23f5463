/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way out of a circle: a host that goes on starting the rescue system where it should start
 * the repaired guest. */
#pragma once

#include "apply/found.h"
#include "main/session.h"

/* After session_plan(): false, with result and err, where the run would
 * restart the machine only to come here again; nothing is written then. Where that may be so, a
 * warning in the plan, and what is to be noted in the guest: ret->times is not 0. */
bool guard_pass(struct session *s, struct found *ret);

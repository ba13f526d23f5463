/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A mounted tree as the target of a command, and the machine it is to boot on. */
#pragma once

#include "main/session.h"

/* Opens the session's root, and reads its machine from the file `disks`, or looks at the
 * machine that this is (NULL). */
int target_open(
	struct session *s, const char *root, const char *disks, struct err *e) must_check;

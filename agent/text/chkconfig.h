/* SPDX-License-Identifier: GPL-2.0-or-later */
/* chkconfig(8): the line in a script of init.d that says where it is started. */
#pragma once

#include "base/str.h"

struct chkconfig {
	struct str levels; /* digits: "2345" */
	unsigned start, stop;
};

/* "# chkconfig: 2345 44 56"; "-" for the levels stands for none by default, and gives those that
 * `chkconfig NAME on` means. False where there is no such line. */
bool chkconfig_read(struct str script, struct chkconfig *ret);

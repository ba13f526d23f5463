/* SPDX-License-Identifier: GPL-2.0-or-later */
/* inittab(5) of sysvinit and busybox: id:runlevels:action:process. */
#pragma once

#include "base/err.h"
#include "base/str.h"
#include "base/strbuf.h"

/* Moves the getty of hvc0 and xvc0 to `console` ("ttyS0"): the device word of the process
 * (and a busybox id that is the device) is replaced. Where an active line runs a getty on
 * `console` already, the line is commented out instead. */
int inittab_console(struct str in, const char *console, struct strbuf *ret_out,
	struct err *e) must_check;
/* True if an active line runs a getty on tty `name`. */
bool inittab_has_getty(struct str in, const char *name);

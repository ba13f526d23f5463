/* SPDX-License-Identifier: GPL-2.0-or-later */
/* securetty(5): one tty a line. */
#pragma once

#include "base/err.h"
#include "base/strbuf.h"

/* Appends `tty` where no line names it. */
int securetty_add(
	struct str in, const char *tty, struct strbuf *ret_out, struct err *e) must_check;

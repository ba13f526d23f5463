/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Upstart jobs that run a getty: /etc/event.d/hvc0 (0.3) and /etc/init/hvc0.conf (0.6+).
 */
#pragma once

#include "base/err.h"
#include "base/strbuf.h"

/* Replaces the words `from` ("hvc0") by `to` ("ttyS0"), in comments too: the file is one
 * console's job and is renamed with it. Words end at bytes that are not alphanumeric. */
int upstart_console(struct str in, const char *from, const char *to,
	struct strbuf *ret_out, struct err *e) must_check;

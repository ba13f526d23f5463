/* SPDX-License-Identifier: GPL-2.0-or-later */
/* extlinux.conf / syslinux.cfg (Syslinux, doc/syslinux.txt): APPEND lines, and the
 * default_kernel_opts=, root= of Alpine's update-extlinux.conf by shell_vars.h. */
#pragma once

#include "base/err.h"
#include "text/cmdline.h"

int extlinux_edit(struct str in, const struct cmdline_edit *req, struct strbuf *ret_out,
	struct err *e) must_check;

struct extlinux_entry {
	struct str label, kernel, args, initrd;
	size_t line;
};
bool extlinux_next(struct str *rest, size_t *line, struct extlinux_entry *ret);
/* The label that DEFAULT names; empty where missing. */
struct str extlinux_default(struct str in);

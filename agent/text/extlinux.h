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
/* The next LABEL. *line counts lines, start with 0. initrd is also taken from initrd= in
 * args; of mboot.c32's list (xen --- kernel --- initrd) the kernel's part is given. An
 * APPEND before the first label is not seen. */
bool extlinux_next(struct str *rest, size_t *line, struct extlinux_entry *ret);
/* The label that starts when nobody presses a key: ONTIMEOUT's where there is a TIMEOUT; else
 * DEFAULT's, or, where that names a menu program (menu.c32) or is missing, the one with MENU
 * DEFAULT; empty where there is none of these. */
struct str extlinux_default(struct str in);
/* Makes it start that label; what DEFAULT, ONTIMEOUT and, for a menu program, MENU DEFAULT say is
 * changed. -ENOENT where only the label itself could say it, and it stands in another file. */
int extlinux_set_default(struct str in, struct str label, struct strbuf *ret_out,
	struct err *e) must_check;
/* The APPEND before the first label, which holds for labels without one; empty. */
struct str extlinux_global_append(struct str in);
/* The file that a line INCLUDE or MENU INCLUDE names; empty for other lines. */
struct str extlinux_include(struct str line);

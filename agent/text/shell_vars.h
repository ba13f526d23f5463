/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of NAME=value lines read by a shell: os-release(5), /etc/default/grub, sysconfig,
 * initramfs-tools' conf.d, ifcfg. Values may be bare, in single or in double quotes. */
#pragma once

#include "base/err.h"
#include "text/cmdline.h"

/* Value of the last active assignment (quotes and backslashes resolved, what NAME+= adds
 * to it included), added to *ret; true if there is one. "export NAME=" counts. */
bool shell_vars_get(struct str in, const char *name, struct strbuf *ret);

/* Sets NAME in its last active assignment, its way of quoting kept; appended at the end
 * where missing (-EINVAL where the file ends in the middle of a quoted value). */
int shell_vars_set(struct str in, const char *name, struct str value,
	struct strbuf *ret_out, struct err *e) must_check;

/* Renames the device that NAME names; one that is gone stays. */
int shell_vars_rename(struct str in, const char *name, const struct dev_map *map,
	struct strbuf *ret_out, struct err *e) must_check;

/* Edits, as kernel command lines, the values of all active assignments whose name matches
 * the wildcard pattern (GRUB_CMDLINE_LINUX*); `NAME+=` too. */
int shell_vars_edit_cmdline(struct str in, const char *pattern,
	const struct cmdline_edit *req, struct strbuf *ret_out, struct err *e) must_check;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines that ask for what only a Xen guest has, taken out of service where they stand. Each
 * editor answers 0 same, 1 changed, -ENOMEM. */
#pragma once

#include "base/err.h"
#include "base/strbuf.h"

/* Lists of modules, one a line (modules(5), modules-load.d(5)): '#' before the lines of Xen's
 * drivers (xen-blkfront, xen_netfront, xenfs, ...), which cannot be loaded here: where systemd
 * does it, the unit fails. */
int xen_lines_modules(struct str in, struct strbuf *ret_out, struct err *e) must_check;
/* Shell scripts that a boot runs: a line that only calls modprobe or insmod for such a driver
 * gets ": " before it, so that it does nothing, succeeds, and is still a command where the
 * script needs one. */
int xen_lines_commands(struct str in, struct strbuf *ret_out, struct err *e) must_check;
/* sysctl.conf(5): '#' before assignments to xen.*, which no other kernel has. */
int xen_lines_sysctl(struct str in, struct strbuf *ret_out, struct err *e) must_check;

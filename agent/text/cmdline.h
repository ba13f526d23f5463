/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel command line: words separated by blanks, double quotes protect blanks
 * (Linux, Documentation/admin-guide/kernel-parameters.rst). Edited word by word; every
 * byte that is not part of an edited word stays. */
#pragma once

#include "base/err.h"
#include "text/dev_map.h"
#include "text/edit.h"

/* What to change on a kernel command line. Shared by all loaders' editors. */
struct cmdline_edit {
	const struct dev_map *map; /* for root=, resume= and resume2=; NULL: none */
	const char *console; /* "ttyS0": replaces hvc0 and xvc0 in console=; NULL: keep */
	bool drop_xen;       /* words that were right on Xen alone go, see below */
};

/* 0 same, 1 changed (*ret_out set), <0 refused.
 * - root=/dev/X (and real_root=) is renamed; root= naming a device that is gone is refused (-ENODEV).
 * - resume=/dev/X is renamed; where the device is gone the word is removed with the blank
 *   before it.
 * - console=hvc0[,opts] and console=xvc0[,opts]: the device is replaced, options dropped;
 *   the word is removed where the same console= is on the line already. xencons=... is
 *   removed; both only where `console` is given.
 * - `drop_xen`: clocksource=xen or jiffies, [xen.]independent_wallclock= and acpi=off are
 *   removed. The first is none that KVM has, the second a clock that stands still between
 *   ticks, and without ACPI no guest hears the power button. */
int cmdline_edit(struct str in, const struct cmdline_edit *req, struct strbuf *ret_out,
	struct err *e) must_check;
/* The same for the piece `words` of the input of `ed`, for editors of files that hold
 * command lines. Single quotes around a word or value are taken for quotes too, as shells
 * and GRUB 2 do. 0 or <0. */
int cmdline_edit_words(struct edit *ed, struct str words, const struct cmdline_edit *req,
	struct err *e) must_check;

/* Value of the last word KEY=value, without quotes; false where there is none. "quiet" as
 * key of a bare word gives the empty string. */
bool cmdline_get(struct str in, const char *key, struct str *ret_value);
/* The root's device: real_root= where that is given (genkernel; its root= is the ramdisk), else
 * root=. */
bool cmdline_root(struct str in, struct str *ret_value);
/* The next word off *rest, quotes kept. */
bool cmdline_word(struct str *rest, struct str *ret_word);

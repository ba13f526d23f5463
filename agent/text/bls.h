/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Boot Loader Specification entries, type 1 (/boot/loader/entries/x.conf): the `options`
 * line. Also /etc/kernel/cmdline, which is a bare command line: use cmdline_edit(). */
#pragma once

#include "base/err.h"
#include "text/cmdline.h"

int bls_edit(struct str in, const struct cmdline_edit *req, struct strbuf *ret_out,
	struct err *e) must_check;
/* Value of the first line with this key (title, linux, initrd, options); empty if none.
 */
struct str bls_get(struct str in, const char *key);
/* The value of the next line with this key, and *rest behind it: keys like initrd and options
 * may stand several times. False at the end. */
bool bls_next(struct str *rest, const char *key, struct str *ret_value);

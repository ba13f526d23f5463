/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes that may come from a guest, made fit for a terminal: control characters (the second
 * range of them, U+0080 to U+009F, too) and what is no UTF-8 become '?'. */
#pragma once

#include "base/strbuf.h"

/* Adds `text`; the control characters of `keep` ("", "\n", "\t") stay as they are. */
void printable_add(struct strbuf *out, struct str text, const char *keep);
/* Adds one line, its newline put behind: none that a guest wrote can begin another. */
void printable_line(struct strbuf *out, const char *fmt, ...) printf_like(2, 3);

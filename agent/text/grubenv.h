/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GRUB's environment block: exactly 1024 bytes, padded with '#' (grub-core/lib/envblk.c).
 */
#pragma once

#include "base/err.h"
#include "text/cmdline.h"

/* Edits kernelopts=. Refuses a block of another size or signature, and a result that does
 * not fit (-ENOSPC). An empty request (no map, no console) is answered 0 unseen. */
int grubenv_edit(struct str in, const struct cmdline_edit *req, struct strbuf *ret_out,
	struct err *e) must_check;
/* Value as stored (escapes kept); empty where missing. */
struct str grubenv_get(struct str in, const char *key);

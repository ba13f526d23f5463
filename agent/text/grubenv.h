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
/* Sets a variable to these bytes, as grub-editenv does; refusals as above. */
int grubenv_set(struct str in, const char *key, struct str value, struct strbuf *ret_out,
	struct err *e) must_check;
/* For reading it as GRUB does, whatever its size: takes the signature off (false: it has
 * none), then the variables one by one, values as stored. */
bool grubenv_begin(struct str *in);
bool grubenv_next(struct str *rest, struct str *ret_name, struct str *ret_value);
/* Adds a stored value without its escapes. */
void grubenv_unescape(struct str value, struct strbuf *out);
/* Value as stored (escapes kept); empty where missing. */
struct str grubenv_get(struct str in, const char *key);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which kernel GRUB legacy's menu starts: another entry, or one that is added. */
#pragma once

#include "base/err.h"
#include "base/strbuf.h"

/* Both answer as editors do: 0 same, 1 changed (*ret_out set), <0. */

/* Makes the entry of this index (from 0) the default. */
int menu_lst_set_default(
	struct str in, unsigned index, struct strbuf *ret_out, struct err *e) must_check;

/* The same for `default saved`, whose number is the first word of /boot/grub/default: savedefault
 * and grub-set-default write there. */
int menu_lst_set_saved(
	struct str in, unsigned index, struct strbuf *ret_out, struct err *e) must_check;

/* Where the menu would wait for a key: it starts its default after so many seconds. */
int menu_lst_add_timeout(struct str in, unsigned seconds, struct strbuf *ret_out,
	struct err *e) must_check;

struct menu_lst_kernel {
	unsigned like; /* index of the entry whose root and arguments it gets */
	struct str title;
	struct str path, initrd; /* as GRUB sees them; initrd may be empty */
};
/* Adds an entry before the first, as the default, and outside of what Debian's update-grub writes;
 * `fallback` goes on naming the entries that it named. -EINVAL where `like` is not there. */
int menu_lst_add_kernel(struct str in, const struct menu_lst_kernel *k,
	struct strbuf *ret_out, struct err *e) must_check;

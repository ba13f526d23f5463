/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A kernel that GRUB 2's menu gets an entry for, as grub-mkconfig would write it. */
#pragma once

#include "base/err.h"
#include "base/strbuf.h"

/* Behind the entry that starts the kernel of the release `from`, the first one in a submenu where
 * there is such, the same for `to`: in its title, id, paths and messages one release stands for
 * the other, so that what names it finds what grub-mkconfig writes the next time. Answers as
 * editors do; -EINVAL where there is none, it does not say the release where it must, or `to` is
 * offered already. */
int grub_cfg_add_kernel(struct str in, struct str from, struct str to,
	struct strbuf *ret_out, struct err *e) must_check;

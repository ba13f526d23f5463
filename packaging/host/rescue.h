/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rescue system on this host: its kernel, its initramfs and the kernel's words. */
#pragma once

#include "base/err.h"
#include "base/strbuf.h"

struct rescue {
	char *kernel, *initrd; /* absolute paths */
	struct strbuf cmdline;
};

void rescue_done(struct rescue *r);

/* In `dir`; NULL: the installed one, else out/ of the tree whose build folder this program
 * is in. -ENOENT and the like where a file is missing. */
int rescue_find(const char *dir, struct rescue *ret, struct err *e) must_check;

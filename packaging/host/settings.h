/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The agent's options, KEY=VALUE, on their way into the rescue system: as xvd2vd.KEY=VALUE
 * on the kernel command line where they fit there, else in QEMU's fw_cfg file
 * opt/org.xvd2vd/options. Pure. */
#pragma once

#include "base/err.h"
#include "base/strbuf.h"
#include "base/strv.h"

enum {
	SETTINGS_KEY_MAX = 32,
	SETTINGS_VALUE_MAX = 4096,
	/* COMMAND_LINE_SIZE of an x86 kernel is 2048, its NUL included. */
	SETTINGS_CMDLINE_MAX = 2047,
};

/* Takes one KEY=VALUE; a key that is there already is replaced, so that each key is given
 * once and it does not matter which way it goes. -EINVAL where it is not an option or can't
 * work in a machine without a console. */
int settings_put(struct strv *settings, struct str option, struct err *e) must_check;

/* Both ways at once: `base` plus the options in *ret_cmdline, those with blanks, quotes or
 * no room left in *ret_options, one a line. */
int settings_split(const struct strv *settings, struct str base,
	struct strbuf *ret_cmdline, struct strbuf *ret_options, struct err *e) must_check;

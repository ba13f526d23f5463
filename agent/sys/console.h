/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines for a person, on every console the kernel has (serial and screen), and lines for the
 * launcher, on the virtio-serial port org.xvd2vd.report. A console that does not take bytes
 * is passed over, never waited for. */
#pragma once

#include "base/err.h"
#include "base/str.h"

struct console;
/* As PID 1: /dev/console and the devices of /sys/class/tty/console/active. Else stderr. */
int console_new(bool as_init, struct console **ret, struct err *e) must_check;
void console_free(struct console *c);
/* One line; control bytes of the text are shown as '?', a newline is added. */
void console_line(struct console *c, struct str text);
/* One line to the report port (opened when first needed, waited for `timeout_ms` at most,
 * once); 0, -ENODEV where the host gave no port. Blocks at most 5 s for a reader. */
int console_report(struct console *c, struct str line, struct err *e) must_check;

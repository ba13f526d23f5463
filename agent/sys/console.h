/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines for a person, on every console the kernel has (serial and screen), and lines for the
 * launcher, on the virtio-serial port org.xvd2vd.report. A console that does not take bytes
 * is passed over, never waited for. */
#pragma once

#include "base/err.h"
#include "base/str.h"

struct console;
/* As PID 1: the devices of /sys/class/tty/console/active, or /dev/console where these are not
 * known. Else stderr. A machine without any is no error. */
int console_new(bool as_init, struct console **ret, struct err *e) must_check;
void console_free(struct console *c);
/* One line, cut at 4 KiB; control characters and what is no UTF-8 are shown as '?', a newline
 * is added. A full serial line is given 0.4 s once to go on. */
void console_line(struct console *c, struct str text);
/* One line to the report port, looked for in each call until it is there; 0, -ENODEV where
 * there is none (yet), -EINVAL for a line with a newline in it. Blocks at most 5 s for a
 * reader (-ETIMEDOUT), and not again until one has come. */
int console_report(struct console *c, struct str line, struct err *e) must_check;

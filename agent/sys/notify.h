/* SPDX-License-Identifier: GPL-2.0-or-later */
/* systemd's sd_notify and journal, when the agent runs inside a systemd rescue system. Both
 * do nothing elsewhere. */
#pragma once

#include "base/attr.h"

void notify_status(const char *text); /* STATUS=... */
void notify_ready(void);
/* A structured entry: MESSAGE, XVD2VD_STEP, PRIORITY as syslog(3). */
void notify_journal(int priority, const char *step, const char *message);

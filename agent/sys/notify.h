/* SPDX-License-Identifier: GPL-2.0-or-later */
/* systemd's sd_notify and journal, when the agent runs inside a systemd rescue system. All of
 * it does nothing elsewhere. */
#pragma once

#include "base/attr.h"

bool notify_booted(void);             /* systemd is PID 1 */
void notify_status(const char *text); /* STATUS=... */
void notify_ready(void);

/* A structured entry of the journal; docs/PROVIDERS.md lists the fields. Text that is NULL is
 * left out. */
enum notify_id { NOTIFY_STEP, NOTIFY_RESULT, NOTIFY_TROUBLE };
struct notify_entry {
	enum notify_id id; /* MESSAGE_ID= */
	int priority;      /* as syslog(3) */
	const char *message;
	const char *step, *path; /* XVD2VD_STEP=, XVD2VD_PATH= */
	const char *result;      /* XVD2VD_RESULT= */
};
void notify_journal(const struct notify_entry *n);

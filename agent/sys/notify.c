/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See notify.h. Nobody depends on these lines: what cannot be sent is not sent. */
#include <string.h>

#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-daemon.h>
#include <systemd/sd-journal.h>

#include "sys/notify.h"

void notify_status(const char *text)
{
	/* The protocol is one assignment a line: a second line would be another. */
	(void)sd_notifyf(0, "STATUS=%.*s", (int)strcspn(text, "\n"), text);
}

void notify_ready(void)
{
	(void)sd_notify(0, "READY=1");
}

void notify_journal(int priority, const char *step, const char *message)
{
	(void)sd_journal_send("MESSAGE=%s", message, "PRIORITY=%i", priority,
		"XVD2VD_STEP=%s", step, NULL);
}

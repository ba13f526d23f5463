/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See notify.h. Nobody depends on these lines: what cannot be sent is not sent. */
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-daemon.h>
#include <systemd/sd-journal.h>

#include "base/str.h"
#include "sys/notify.h"

/* Made once with systemd-id128(1); for ever the same. */
static const char *const message_ids[] = {
	[NOTIFY_STEP] = "6d20ab2f63ad422bb7712d10722de7b8",
	[NOTIFY_RESULT] = "85eca7d53288487a9e99d219a79e61ff",
	[NOTIFY_TROUBLE] = "bf8d5ba7f43445138db73a4a875e1e2a",
};

bool notify_booted(void)
{
	return sd_booted() > 0;
}

void notify_status(const char *text)
{
	/* The protocol is one assignment a line: a second line would be another. */
	(void)sd_notifyf(0, "STATUS=%.*s", (int)strcspn(text, "\n"), text);
}

void notify_ready(void)
{
	(void)sd_notify(0, "READY=1");
}

void notify_journal(const struct notify_entry *n)
{
	const char priority[] = {(char)('0' + n->priority), '\0'};
	const struct {
		const char *name, *value;
	} fields[] = {
		{"MESSAGE", n->message},
		{"MESSAGE_ID", message_ids[n->id]},
		{"PRIORITY", priority},
		{"XVD2VD_STEP", n->step},
		{"XVD2VD_PATH", n->path},
		{"XVD2VD_RESULT", n->result},
	};
	char *lines[ARRAY_SIZE(fields)];
	struct iovec v[ARRAY_SIZE(fields)];
	int sent = 0;

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		if (!fields[i].value)
			continue;
		lines[sent] = str_printf("%s=%s", fields[i].name, fields[i].value);
		if (!lines[sent])
			break;
		v[sent] = (struct iovec){lines[sent], strlen(lines[sent])};
		sent++;
	}
	(void)sd_journal_sendv(v, sent);
	while (sent)
		free(lines[--sent]);
}

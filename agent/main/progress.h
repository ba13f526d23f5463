/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a command tells systemd, where that is what runs it: a status for who looks now, entries
 * of the journal for who looks later. docs/PROVIDERS.md lists them. */
#pragma once

#include "report/report.h"

/* READY=1 at once: a unit is given little time for its start, and a check of the guest's file
 * systems may take long. */
void progress_begin(void);
/* struct session's progress. */
void progress_step(void *ctx, const struct plan *p, size_t step, const char *status);
void progress_result(const struct report *r);
/* Something besides that went wrong. */
void progress_trouble(const char *step, const char *text);

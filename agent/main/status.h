/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was done to a guest: from the report that the last run left in it, and from the journals
 * of all runs. */
#pragma once

#include "base/strbuf.h"
#include "sys/root.h"

/* Adds the report itself with "history" in it (json), or lines for a person. 0; -EINVAL where what is there is no
 * report of ours. */
int status_text(
	const struct root *r, bool json, struct strbuf *ret, struct err *e) must_check;

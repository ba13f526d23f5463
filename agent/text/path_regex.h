/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Regular expressions over paths, as the policies of SELinux use them: literals, `.`, classes,
 * groups, alternatives, `*`, `+`, `?`, and backslashes. Any expression takes bounded time and no
 * memory, whoever wrote it. */
#pragma once

#include "base/str.h"

/* Whether the whole path matches. False as well where the expression has something else in it
 * ({2,3}, [[:alpha:]], lookaheads), is malformed, or costs too much; and for a path of more than
 * 255 bytes. */
bool path_regex_match(struct str regex, struct str path);

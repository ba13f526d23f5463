/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an undo tells a person. */
#pragma once

#include "main/session.h"

/* Adds a line for each path that was put back, or that was in the way, and for each package
 * that stays. */
void undo_text(const struct session *s, const struct strv *paths, struct strbuf *ret);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* docs/DISTROS.md, made of the tables that decide: for a test, which keeps it current, and no
 * part of the agent. */
#pragma once

#include "base/strbuf.h"

void distros_describe(struct strbuf *ret);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The menu for support staff, on every console. */
#pragma once

#include "main/init.h"

/* Returns how to go on: FINISH_REBOOT, or FINISH_POWEROFF, also when no key was pressed for
 * ten minutes. */
enum finish menu_run(struct boot *b);

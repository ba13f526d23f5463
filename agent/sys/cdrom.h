/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Optical drives (linux/cdrom.h). */
#pragma once

#include "base/err.h"

/* Opens the tray of each drive whose medium has that label; how many. Nothing of the medium may be
 * mounted. Negative errno: there is such a medium, and it stays where it is. */
int cdrom_eject(const char *label, struct err *e) must_check;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps services from being started by what is installed here: the commands that start them are
 * stand-ins, which come first in the PATH of the guest's programs. Nothing of the guest's is
 * covered by a mount: a package that brings a newer file of that name could not be unpacked,
 * since rename(2) over a mount point is EBUSY. What calls a command by its path gets the guest's
 * own; a service that it starts dies with the namespace. Private to apply/. */
#pragma once

#include "base/err.h"
#include "plan/packages.h"

/* As the guest's programs see them. */
#define SHIELD_PATH PACKAGES_PAYLOAD "/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#define SHIELD_APT_CONFIG PACKAGES_PAYLOAD "/apt.conf"

/* Makes them in `dir`, which the guest's programs see as PACKAGES_PAYLOAD. */
int shield_make(const char *dir, struct err *e) must_check;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Injected into another initramfs (xvd2vd.cpio), the agent brings the programs of its own rescue
 * system along, as one archive beside it: it unpacks that, adds the other's modules and
 * firmware, which belong to the kernel that runs, and starts anew there, as PID 1. */
#pragma once

#include "base/err.h"

/* 0: nothing is to be taken over, or we are no PID 1 and nobody makes us one. Returns otherwise
 * only where it failed; then the system that is here is whole, and goes on serving. */
int takeover(struct err *e) must_check;

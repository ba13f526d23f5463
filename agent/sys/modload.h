/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads modules of the running kernel through libkmod (the only file that includes
 * libkmod.h). */
#pragma once

#include "base/err.h"

struct modload;
int modload_new(struct modload **ret, struct err *e) must_check;
void modload_free(struct modload *m);
/* Loads what `name_or_alias` ("virtio_blk", "virtio:d00000002v00001AF4") stands for, with all
 * it needs. 1 loaded (or built in, or loaded
 * before), 0 where this kernel has no such module. */
int modload_load(struct modload *m, const char *name_or_alias, struct err *e) must_check;
/* Loads by modalias for every device on the buses that carry disks, network cards and their
 * controllers, once; then again, for devices that appeared, until nothing new comes. What
 * cannot be loaded is passed over. Number of modules asked for and not there before, those
 * that they depend on not counted. */
int modload_coldplug(struct modload *m, struct err *e) must_check;

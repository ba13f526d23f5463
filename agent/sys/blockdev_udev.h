/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Between blockdev.c and blockdev_watch.c, the two that use libudev. */
#pragma once

#include <libudev.h>

#include "sys/blockdev.h"

void blockdev_udev_done(struct udev **u);
void blockdev_enumerate_done(struct udev_enumerate **en);
void blockdev_device_done(struct udev_device **d);

/* The devices of the subsystems (NULL-terminated), scanned. */
int blockdev_enumerate(struct udev *u, const char *const *subsystems,
	struct udev_enumerate **ret, struct err *e) must_check;
/* A disk, partition or volume that may hold a guest's data. */
bool blockdev_is_wanted(struct udev_device *d) must_check;
/* vda, vdb, ... vdz, vdaa; nvme0n1, nvme0n2, nvme0n10. */
int blockdev_name_cmp(const char *a, const char *b) must_check;

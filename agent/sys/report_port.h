/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The virtio-serial port to the launcher. Written without ever trusting that someone reads
 * at the other end. */
#pragma once

#include "base/err.h"
#include "base/str.h"

struct report_port {
	int fd;     /* non-blocking; -1 when closed */
	bool stuck; /* the last write ran out of time: the next ones do not wait */
	bool torn;  /* the last line is there in part */
};

/* The device name ("vport1p1") of the port called `name` below `class_dir`
 * (/sys/class/virtio-ports): udev's link to it may be missing. 0 or -ENODEV. */
int report_port_find(
	const char *class_dir, const char *name, char *ret, size_t room) must_check;
/* One line and its newline. -ETIMEDOUT where nobody took it. */
int report_port_write(struct report_port *p, struct str line, unsigned timeout_ms,
	struct err *e) must_check;

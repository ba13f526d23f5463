/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One QEMU from start to end: its console, its report port, its deadline, our signals. */
#pragma once

#include "host/outcome.h"
#include "host/port.h"
#include "host/qemu.h"

enum {
	VM_CONSOLE_KEPT = 64 * 1024,   /* bytes of the console's end that are kept */
	VM_LOG_MAX = 16 * 1024 * 1024, /* bytes of a console log file */
	VM_SAID_MAX = 8 * 1024,        /* bytes of QEMU's own messages */
	VM_AFTER_REPORT_S = 60,        /* from the report to the machine's end */
};

struct vm {
	/* in */
	struct qemu *qemu;  /* its descriptors are filled in here */
	struct str options; /* content of the fw_cfg file; empty: none */
	unsigned timeout_s;
	struct port *port; /* NULL: a machine without the port */
	int log_fd;        /* the console's bytes as they come; < 0: none */
	bool (*enough)(struct str console); /* NULL: run to the end */
	void (*progress)(void *arg, const struct port_progress *m);
	void (*tick)(void *arg, unsigned seconds); /* about once a second; may be NULL */
	void *arg;
	/* out */
	enum vm_end end;
	int status, signal;
	struct strbuf console; /* its end */
	struct strbuf said;    /* QEMU's own messages */
};

void vm_done(struct vm *vm);

/* Adds to `b`, of which the last `max` bytes are kept, give or take a factor of two. */
void vm_keep_end(struct strbuf *b, struct str bytes, size_t max);

/* 0 when it was started, however it ended. SIGINT, SIGTERM and SIGHUP stop QEMU in order (it
 * writes out what it holds). */
int vm_run(struct vm *vm, struct err *e) must_check;

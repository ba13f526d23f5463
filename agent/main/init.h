/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The agent as init of the rescue system. PID 1 itself does nearly nothing: it forks a child
 * that works and one that ends the run, keeps their deadlines and reaps; so that no defect
 * and no damaged guest becomes a kernel panic. */
#pragma once

#include "main/run.h"

/* Called as PID 1, as "init", or as "xvd2vd init" (by the hooks of another initramfs). Returns
 * only where this is no rescue system. */
int init_main(int argc, char **argv);

/* What PID 1 and its children know together (shared memory). */
struct boot {
	struct run run;    /* status and result are the outcome; pessimistic until then */
	bool done;         /* the worker has come to its end and told of it */
	bool switch_root;  /* mode=boot: the root is mounted at RUN_TARGET */
	char trouble[480]; /* why the recovery failed */
};

/* The children. Each gets its exit status from what it returns. */
int worker_main(struct boot *b);
int finish_main(struct boot *b, enum finish how);

/* A line on the consoles. */
void boot_say(const struct boot *b, const char *fmt, ...) printf_like(2, 3);
/* A run that ended before there was a guest, or by force: console and report port. */
void boot_report(struct boot *b, enum result result, const char *message);

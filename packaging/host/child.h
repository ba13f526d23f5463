/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs that the launcher starts: argv, never a shell; stdin /dev/null; they die with
 * the launcher. */
#pragma once

#include <sys/types.h>

#include "base/err.h"
#include "base/strbuf.h"

/* A program to its end, its output captured. */
struct child_run {
	char *const *argv;  /* argv[0] is looked up in PATH */
	struct strbuf *out; /* stdout: the first out_max bytes */
	size_t out_max;
	struct strbuf *err; /* stderr: the first 16 KiB */
	unsigned timeout_s;
};

/* 0: it exited 0; 1: it ended otherwise; negative errno: it could not be run, or took too
 * long and was killed. */
int child_run(const struct child_run *c, struct err *e) must_check;

/* Starts a program that keeps running. stdout and stderr go to `out_fd`; the descriptors of
 * `keep` (-1 ends the list) stay open in it under their numbers. */
int child_start(char *const *argv, int out_fd, const int *keep, pid_t *ret,
	struct err *e) must_check;

/* Ends it and its process group: SIGTERM, SIGKILL after `grace_ms`, reaped. Returns its wait status. */
int child_stop(pid_t pid, unsigned grace_ms);

/* CLOCK_MONOTONIC in milliseconds. */
long long child_now_ms(void);

void close_fd(int *fd); /* for cleanup_(): closes what is >= 0, sets -1 */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a program: argv, never a shell. Clean environment (PATH, HOME=/, LC_ALL=C plus what
 * is given), stdin /dev/null, output captured, deadline, the whole process group killed. */
#pragma once

#include "base/err.h"
#include "base/strbuf.h"

/* A file or folder that stands in for another while a program of the guest's runs. */
struct spawn_bind {
	const char *from; /* outside of the chroot */
	const char *to;   /* inside */
};
enum { SPAWN_BINDS_MAX = 16 };

struct spawn {
	char *const *argv;     /* argv[0] is looked up in PATH (inside the chroot) */
	const char *chroot;    /* NULL: none */
	char *const *env;      /* additional NAME=value, NULL-terminated, or NULL */
	unsigned timeout_ms;   /* 0: 60000 */
	unsigned long persona; /* personality(2) to set, 0: none */
	bool private_ns; /* own mount and PID namespace: nothing outlives the program */
	const struct spawn_bind
		*binds; /* with private_ns; those that are not there are left out */
	size_t n_binds;
};

/* Runs it to its end, and kills what it leaves behind in its process group: nothing to start
 * a daemon with. At the deadline SIGTERM, two seconds later SIGKILL. Returns 0 when it exited
 * 0; 1 when it ended otherwise (text in err says how, with the last line of its output; in a
 * namespace a program killed by signal N counts as status 128 + N); negative errno when it
 * could not be run (-ENOENT: no such program). The last 64 KiB of stdout and stderr together
 * are added to *ret_output where not NULL. */
int spawn_run(const struct spawn *s, struct strbuf *ret_output, struct err *e) must_check;

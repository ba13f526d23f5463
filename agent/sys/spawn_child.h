/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The child's side of spawn.c: everything between fork(2) and exec(2). */
#pragma once

#include "sys/spawn.h"

/* What the child could not do; written to the pipe, which exec closes otherwise. */
struct spawn_failure {
	int code; /* positive errno */
	char what[16];
};

/* fork(2), into namespaces of its own when asked. */
pid_t spawn_fork(bool private_ns) must_check;
/* `env`: complete. Does not return. */
void spawn_child(const struct spawn *s, char **env, int output, int failure)
	__attribute__((noreturn));

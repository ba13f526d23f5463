/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest's own package tools, as far as an undo needs them. */
#pragma once

#include "base/strv.h"
#include "sys/root.h"
#include "txn/txn.h"

/* Removes them by the tool that installed them, which refuses where others need them; nothing
 * that they depend on is removed, but by apk what no other package needs. Runs programs of the guest's. -EIO with the tool's last
 * line. */
int packages_remove(const struct root *r, const struct txn_package *v, size_t n,
	struct err *e) must_check;

struct package_now {
	enum { PACKAGE_ABSENT, PACKAGE_HALF, PACKAGE_WHOLE } state;
	char *version; /* owned; NULL where it is absent */
};
/* What its tool's database says of it: a note is older than what came of it. Where that cannot be
 * read without running the tool, as with rpm, it counts as whole. */
int packages_look(const struct root *r, const struct txn_package *p,
	struct package_now *ret, struct err *e) must_check;

/* 1: *ret_argv is a program that fails where that package is not installed; 0: what the tool that
 * installs it says of that can be relied on. Or -ENOMEM. */
int packages_query(const char *tool, const char *name, struct strv *ret_argv) must_check;

/* "dpkg --remove": what a person would type before the name; NULL: no tool that is known. */
const char *packages_removal(const char *tool);
/* "dpkg --configure -a": what ends a run of the tool that was cut short; or NULL. */
const char *packages_completion(const char *tool);

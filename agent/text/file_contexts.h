/* SPDX-License-Identifier: GPL-2.0-or-later */
/* file_contexts(5) of an SELinux policy: which label a new file gets. */
#pragma once

#include "base/str.h"

enum file_contexts_type { FILE_CONTEXTS_FILE, FILE_CONTEXTS_DIR, FILE_CONTEXTS_LINK };

/* The label of `path`, as libselinux finds it: of the specifications that match the whole path
 * and this type of file, those without wildcards before the others, and the last one of each;
 * those of `local` (file_contexts.local) stand behind those of `in`. False where there is none, or
 * it says <<none>>. */
bool file_contexts_find(struct str in, struct str local, struct str path,
	enum file_contexts_type type, struct str *ret_context);
/* file_contexts.subs_dist: the path by which specifications know `path`, in fresh memory
 * ("/etc/systemd/system /usr/lib/systemd/system"); NULL: no memory. */
char *file_contexts_substitute(struct str subs, struct str path) must_check;

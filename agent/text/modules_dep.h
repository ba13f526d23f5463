/* SPDX-License-Identifier: GPL-2.0-or-later */
/* depmod's text files: modules.dep(5), modules.alias, modules.softdep, modules.builtin.
 * Module names: '-' and '_' are the same; the file name is `name.ko[.gz|.xz|.zst]`. */
#pragma once

#include "base/strbuf.h"
#include "base/strv.h"

/* The module's name in a path: "kernel/drivers/block/virtio_blk.ko.xz" gives virtio_blk,
 * as written there; empty where the path is not a module's. */
struct str module_name(struct str path);
bool module_name_is(struct str path, const char *name);

/* The line of modules.dep for the module: its path and the rest of the line. */
bool modules_dep_find(
	struct str dep, const char *name, struct str *ret_path, struct str *ret_deps);
/* Adds the paths of `name` and all it needs, dependencies first, each once (also where
 * `ret` holds some already). 1 if the module is there, 0 if not (nothing added), -ENOMEM,
 * -ELOOP, -ENOENT where a dependency has no line of its own, -E2BIG for more than 1024.
 */
int modules_dep_closure(struct str dep, const char *name, struct strv *ret) must_check;
/* The same for many modules at once: adds to `ret` the paths that modules.dep has for the
 * modules among `files` (paths of any kind and number), each module once, and none that
 * `ret` has. 0, -ENOMEM. */
int modules_dep_paths(
	struct str dep, const struct strv *files, struct strv *ret) must_check;
/* Adds those of `paths` to `ret` whose modules are not among `files`, each once. 0, -ENOMEM. */
int modules_missing(
	const struct strv *paths, const struct strv *files, struct strv *ret) must_check;
/* True if modules.builtin names it. */
bool modules_builtin_has(struct str builtin, const char *name);

/* True if modules.alias has a line for that module: udev loads it for a device it drives. */
bool modules_alias_has(struct str alias, const char *name);

/* Merging of indexes: the lines of modules.dep (modules.alias, modules.symbols,
 * modules.softdep) in `have`, then those lines of `all` that are about the modules in
 * `paths` and are not in `have` yet. modules.dep lines in /lib/modules/X/-absolute form
 * of old module-init-tools are kept in the form they have; a dependency that `have` has
 * under another path (packed or not) is named as there. 0 nothing to add, 1 with *ret_out
 * set, -ENOMEM. */
int modules_dep_merge(struct str have, struct str all, const struct strv *paths,
	struct strbuf *ret_out) must_check;
int modules_alias_merge(struct str have, struct str all, const struct strv *paths,
	struct strbuf *ret_out) must_check;

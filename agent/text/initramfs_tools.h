/* SPDX-License-Identifier: GPL-2.0-or-later */
/* initramfs-tools(7): /etc/initramfs-tools/modules and RESUME in conf.d, both in the
 * guest and as baked into an image (conf/modules, conf/conf.d). */
#pragma once

#include "base/err.h"
#include "base/strv.h"
#include "text/dev_map.h"

/* Appends those of `names` that no active line names yet ('-' and '_' are the same), one
 * a line, behind a final newline that is added where missing. A line may have module
 * arguments. */
int initramfs_modules_add(struct str in, const struct strv *names, struct strbuf *ret_out,
	struct err *e) must_check;
bool initramfs_modules_has(struct str in, const char *name);

/* RESUME=: a renamed device gets its new name; a gone device, or one of `gone_specs`
 * (UUID=..., LABEL=...), becomes `none`. */
int initramfs_resume_edit(struct str in, const struct dev_map *map,
	const struct strv *gone_specs, struct strbuf *ret_out, struct err *e) must_check;

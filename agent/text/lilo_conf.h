/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lilo.conf(5): options "name=value" or "name"; each image= or other= begins an entry, those
 * before it hold for all. */
#pragma once

#include "base/err.h"
#include "base/str.h"

struct lilo_entry {
	struct str label;                /* the name of the image where it has none */
	struct str image;                /* empty for other= */
	struct str initrd, root, append; /* of the entry, or of all; without quotes */
	struct str addappend;            /* behind append */
	bool read_only;
};
/* The next entry; start with *rest = in. */
bool lilo_conf_next(struct str in, struct str *rest, struct lilo_entry *ret);
/* The value of an option that stands before all entries, empty of one without ("prompt"). */
bool lilo_conf_global(struct str in, const char *option, struct str *ret_value);

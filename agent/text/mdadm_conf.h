/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mdadm.conf(5): DEVICE words and the devices= list of ARRAY lines (continuation lines
 * start with white space). Wildcards: /dev/xvd* becomes /dev/vd*, /dev/xvda* becomes what
 * /dev/xvda becomes, with its star; more in dev_pattern.h. */
#pragma once

#include "base/err.h"
#include "text/dev_map.h"

int mdadm_conf_rename(struct str in, const struct dev_map *map, struct strbuf *ret_out,
	struct err *e) must_check;

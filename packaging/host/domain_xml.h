/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A libvirt domain's definition made into that of its boot into the rescue system: the same
 * name, machine, firmware, processor, disks and network cards; the rescue kernel instead of
 * a boot device; little memory, one processor, and nothing else of what it has. Pure.
 * Source: https://libvirt.org/formatdomain.html */
#pragma once

#include "base/err.h"
#include "base/strbuf.h"
#include "base/strv.h"
#include "host/rescue.h"

struct domain_boot {
	const struct rescue *rescue;
	const struct strv *settings; /* the agent's options, as OEM strings */
	unsigned memory_mb;
	bool network;
};

/* `inactive`: the persistent definition, with its secrets. -ENOTSUP for a domain that can't
 * run the rescue system, -EINVAL for what is no domain. */
int domain_xml_rescue(struct str inactive, const struct domain_boot *boot,
	struct strbuf *ret, struct err *e) must_check;

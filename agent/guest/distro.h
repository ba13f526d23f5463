/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The distributions we know, and to which family each belongs. A family is what has one set
 * of tools: package manager, initramfs, files of the network. */
#pragma once

#include "base/str.h"

enum family {
	FAMILY_UNKNOWN,
	FAMILY_DEBIAN,
	FAMILY_REDHAT,
	FAMILY_SUSE,
	FAMILY_ARCH,
	FAMILY_ALPINE,
	FAMILY_GENTOO,
	FAMILY_OTHER, /* it says what it is, and we know nothing about that */
};
const char *family_name(enum family f);

struct distro {
	const char *id; /* ID of os-release(5), or what that would be */
	enum family family;
	const char *name;
	/* How the first line of its release file begins; NULL: it says nothing that one could
	 * go by. */
	const char *banner;
};

extern const struct distro distros[];
extern const size_t n_distros;

/* By ID, or a word of ID_LIKE; NULL. */
const struct distro *distro_by_id(struct str id);
/* By the first line of a release file; NULL. */
const struct distro *distro_by_banner(struct str line);

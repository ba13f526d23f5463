/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See distro.h. One row a distribution. */
#include "guest/distro.h"

static const char *const family_names[] = {
	[FAMILY_UNKNOWN] = "unknown",
	[FAMILY_DEBIAN] = "debian",
	[FAMILY_REDHAT] = "redhat",
	[FAMILY_SUSE] = "suse",
	[FAMILY_ARCH] = "arch",
	[FAMILY_ALPINE] = "alpine",
	[FAMILY_GENTOO] = "gentoo",
	[FAMILY_OTHER] = "other",
};

const char *family_name(enum family f)
{
	return family_names[f];
}

/* Of two banners one of which begins like the other, the longer one stands first. */
const struct distro distros[] = {
	{"debian", FAMILY_DEBIAN, "Debian", NULL},
	{"ubuntu", FAMILY_DEBIAN, "Ubuntu", NULL},
	{"devuan", FAMILY_DEBIAN, "Devuan", NULL},
	{"raspbian", FAMILY_DEBIAN, "Raspbian", NULL},
	{"linuxmint", FAMILY_DEBIAN, "Linux Mint", NULL},
	{"centos", FAMILY_REDHAT, "CentOS", "CentOS"},
	{"rhel", FAMILY_REDHAT, "Red Hat Enterprise Linux", "Red Hat Enterprise Linux"},
	{"ol", FAMILY_REDHAT, "Oracle Linux", "Oracle Linux"},
	/* Oracle's, before 5.5 */
	{"ol", FAMILY_REDHAT, "Oracle Enterprise Linux", "Enterprise Linux"},
	{"scientific", FAMILY_REDHAT, "Scientific Linux", "Scientific Linux"},
	{"almalinux", FAMILY_REDHAT, "AlmaLinux", "AlmaLinux"},
	{"rocky", FAMILY_REDHAT, "Rocky Linux", "Rocky Linux"},
	{"cloudlinux", FAMILY_REDHAT, "CloudLinux", "CloudLinux"},
	{"fedora", FAMILY_REDHAT, "Fedora", "Fedora"},
	{"amzn", FAMILY_REDHAT, "Amazon Linux", "Amazon Linux"},
	{"sles", FAMILY_SUSE, "SUSE Linux Enterprise Server",
		"SUSE Linux Enterprise Server"},
	{"sled", FAMILY_SUSE, "SUSE Linux Enterprise Desktop",
		"SUSE Linux Enterprise Desktop"},
	{"opensuse", FAMILY_SUSE, "openSUSE", "openSUSE"},
	{"opensuse-leap", FAMILY_SUSE, "openSUSE Leap", NULL},
	{"opensuse-tumbleweed", FAMILY_SUSE, "openSUSE Tumbleweed", NULL},
	{"suse", FAMILY_SUSE, "SUSE Linux", "SUSE"},
	{"arch", FAMILY_ARCH, "Arch Linux", NULL},
	{"alpine", FAMILY_ALPINE, "Alpine Linux", NULL},
	{"gentoo", FAMILY_GENTOO, "Gentoo", "Gentoo"},
};
const size_t n_distros = ARRAY_SIZE(distros);

const struct distro *distro_by_id(struct str id)
{
	for (size_t i = 0; i < n_distros; i++)
		if (str_is(id, distros[i].id))
			return &distros[i];
	return NULL;
}

const struct distro *distro_by_banner(struct str line)
{
	for (size_t i = 0; i < n_distros; i++)
		if (distros[i].banner && str_starts(line, distros[i].banner))
			return &distros[i];
	return NULL;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The repairs, one file each (rule_*.c); what each does to the byte is in docs/REPAIRS.md.
 * A rule adds steps, warnings and pending work to the plan, or refuses the guest. */
#pragma once

#include <errno.h>

#include "plan/plan.h"

#define RULE(name)                                                                       \
	int rule_##name(const struct plan_input *in, struct plan *p, struct err *e)      \
		must_check

RULE(guest); /* refuses what is not one of ours */
RULE(fstab);
RULE(boot_config);
RULE(pygrub);
RULE(own_kernel);
RULE(kernel);
RULE(device_files);
RULE(resume);
RULE(initramfs_conf);
RULE(console);
RULE(network);
RULE(leftovers);
RULE(initramfs);
RULE(caches);
RULE(acpi);
RULE(acpi_modules);
RULE(ext4);
RULE(grow);
RULE(lilo); /* behind all that changes what LILO starts */
RULE(bootcode);
RULE(install); /* what the others could not */
RULE(confirm); /* last: only where there is something to confirm */

/* -EUSERS with its text: the guest is refused, nothing is touched. */
#define refuse(e, ...) err_set(e, -EUSERS, __VA_ARGS__)

/* Boot code of ours for /boot's disk; -EUSERS: there is no room, the text says why. */
int bootcode_install(
	const struct plan_input *in, struct plan *p, struct err *e) must_check;

/* The bytes of the .link file that pins a name, for the guest and for its initramfs. */
int network_link_file(const char *mac, const char *name, struct strbuf *ret) must_check;

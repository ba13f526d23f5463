/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the rehearsal share. Each part looks at one stage of the boot and notes
 * what it saw; verify.c calls them in order. */
#pragma once

#include "plan/verify.h"

struct rehearsal {
	const struct snapshot *snap;
	const struct machine *m;
	const struct guest *g;
	const struct options *o;
	/* What the loader starts; NULL where the host brings the kernel, or nothing starts. */
	const struct boot_entry *entry;
	const struct kernel *kernel;
	const struct snap_archive *image; /* its initramfs, if that was read to its end */
	/* The initramfs is missing, damaged or another kernel's: what it lacks besides is not
	 * asked. */
	bool blind;
	struct verdict verdict;
	bool oom;
};

/* Notes that the check `id` holds, or not, and what it looked at. */
void verify_check(struct rehearsal *r, const char *id, bool ok, const char *fmt, ...)
	printf_like(4, 5);

void verify_boot_loader(struct rehearsal *r);
void verify_boot_entry(struct rehearsal *r);
void verify_boot_root(struct rehearsal *r);
void verify_boot_map(struct rehearsal *r);

void verify_kernel_whole(struct rehearsal *r);
void verify_kernel_initramfs(struct rehearsal *r);
void verify_kernel_modules(struct rehearsal *r);
void verify_kernel_virtio(struct rehearsal *r);

void verify_root_storage(struct rehearsal *r);
void verify_root_fs(struct rehearsal *r);
void verify_root_resolves(struct rehearsal *r);

void verify_system_fstab(struct rehearsal *r);
void verify_system_resume(struct rehearsal *r);
void verify_system_console(struct rehearsal *r);
void verify_system_network(struct rehearsal *r);

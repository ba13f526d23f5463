/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See stock_kernel.h. */
#include <string.h>

#include "plan/stock_kernel.h"
#include "text/version.h"

/* Up to this release, in rising order; the newest row of a system has none. Without an id, for
 * the family. 32-bit guests of Xen have processors with PAE and were made for it. Names:
 * Debian's linux and linux-2.6 changelogs (flavours 686-bigmem, 686-pae), Ubuntu's linux-meta;
 * virt-v2v for Red Hat's; SLES 10's kernel-default is for one processor. */
const struct stock_kernel stock_kernels[] = {
	{FAMILY_DEBIAN, "debian", "x86_64", "5.99", "linux-image-2.6-amd64"},
	{FAMILY_DEBIAN, "debian", "x86_64", NULL, "linux-image-amd64"},
	{FAMILY_DEBIAN, "debian", "i386", "5.99", "linux-image-2.6-686-bigmem"},
	{FAMILY_DEBIAN, "debian", "i386", "6.99", "linux-image-686-bigmem"},
	{FAMILY_DEBIAN, "debian", "i386", "12.99", "linux-image-686-pae"},
	{FAMILY_DEBIAN, "ubuntu", "x86_64", "9.10", "linux-image-server"},
	{FAMILY_DEBIAN, "ubuntu", "x86_64", NULL, "linux-image-virtual"},
	{FAMILY_DEBIAN, "ubuntu", "i386", "9.10", "linux-image-server"},
	{FAMILY_DEBIAN, "ubuntu", "i386", "11.10", "linux-image-generic-pae"},
	{FAMILY_DEBIAN, "ubuntu", "i386", "18.04", "linux-image-virtual"},
	{FAMILY_REDHAT, "fedora", "i386", NULL, "kernel-PAE"},
	{FAMILY_REDHAT, NULL, "i386", "5.99", "kernel-PAE"},
	{FAMILY_REDHAT, NULL, "i386", NULL, "kernel"},
	{FAMILY_REDHAT, NULL, "x86_64", NULL, "kernel"},
	{FAMILY_SUSE, "sles", "i386", "10.99", "kernel-bigsmp"},
	{FAMILY_SUSE, "sles", "x86_64", "10.99", "kernel-smp"},
	{FAMILY_SUSE, NULL, "i386", NULL, "kernel-pae"},
	{FAMILY_SUSE, NULL, "x86_64", NULL, "kernel-default"},
};
const size_t n_stock_kernels = ARRAY_SIZE(stock_kernels);

const char *stock_kernel(const struct guest *g)
{
	for (size_t i = 0; i < n_stock_kernels && *g->version; i++) {
		const struct stock_kernel *r = &stock_kernels[i];

		if (g->family != r->family || (r->id && strcmp(g->id, r->id) != 0) ||
			strcmp(g->arch, r->arch) != 0)
			continue;
		if (!r->last || version_cmp(str_from(g->version), str_from(r->last)) <= 0)
			return r->package;
	}
	return NULL;
}

/* What the guest's other software is made for. */
static const struct bond {
	const char *mark, *why;
} bonds[] = {
	{".lve", "CloudLinux's limits need a kernel of CloudLinux's (kernel-lve)"},
};

static const struct bond *bond_of(const struct kernel *k)
{
	for (size_t i = 0; i < ARRAY_SIZE(bonds); i++)
		if (str_contains(str_from(k->release), bonds[i].mark))
			return &bonds[i];
	return NULL;
}

const char *kernel_bond(const struct kernel *k)
{
	const struct bond *b = bond_of(k);

	return b ? b->why : NULL;
}

bool kernel_may_follow(const struct kernel *k, const struct kernel *old)
{
	const struct bond *b = bond_of(old);

	return k->kind != KERNEL_XEN_ONLY && (!b || bond_of(k) == b);
}

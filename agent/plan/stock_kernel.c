/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See stock_kernel.h. */
#include <string.h>

#include "plan/stock_kernel.h"
#include "text/version.h"

/* Up to this release, in rising order; the newest row of a system has none. 32-bit guests of
 * Xen have processors with PAE and were made for it. Names: Debian's linux and linux-2.6
 * changelogs (flavours 686-bigmem, 686-pae), Ubuntu's linux-meta. */
static const struct row {
	const char *id, *arch, *last, *package;
} rows[] = {
	{"debian", "x86_64", "5.99", "linux-image-2.6-amd64"},
	{"debian", "x86_64", NULL, "linux-image-amd64"},
	{"debian", "i386", "5.99", "linux-image-2.6-686-bigmem"},
	{"debian", "i386", "6.99", "linux-image-686-bigmem"},
	{"debian", "i386", "12.99", "linux-image-686-pae"},
	{"ubuntu", "x86_64", "9.10", "linux-image-server"},
	{"ubuntu", "x86_64", NULL, "linux-image-virtual"},
	{"ubuntu", "i386", "9.10", "linux-image-server"},
	{"ubuntu", "i386", "11.10", "linux-image-generic-pae"},
	{"ubuntu", "i386", "18.04", "linux-image-virtual"},
};

const char *stock_kernel(const struct guest *g)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows) && *g->version; i++) {
		const struct row *r = &rows[i];

		if (strcmp(g->id, r->id) != 0 || strcmp(g->arch, r->arch) != 0)
			continue;
		if (!r->last || version_cmp(str_from(g->version), str_from(r->last)) <= 0)
			return r->package;
	}
	return NULL;
}

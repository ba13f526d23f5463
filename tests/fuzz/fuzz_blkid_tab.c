/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libblkid's cache: what is read lies inside the input, and reading ends. */
#include "fuzz_laws.h"
#include "text/blkid_tab.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = {(const char *)data, size};
	struct blkid_tab_entry ent;

	while (blkid_tab_next(&rest, &ent)) {
		LAW(ent.device.n && ent.device.p >= (const char *)data);
		LAW(ent.device.p + ent.device.n <= rest.p);
		LAW(!ent.uuid.n || ent.uuid.p + ent.uuid.n <= ent.device.p);
	}
	LAW(rest.n == 0);
	return 0;
}

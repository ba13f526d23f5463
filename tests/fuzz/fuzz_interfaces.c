/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ifupdown's and netplan's files: only names that an interface can have come out. */
#include <string.h>

#include "fuzz_laws.h"
#include "text/interfaces.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = {(const char *)data, size};
	struct strv names = {0};

	LAW(interfaces_names(in, &names) == 0);
	LAW(netplan_names(in, &names) == 0);
	LAW(names.n <= 256);
	STRV_FOREACH (name, &names) {
		LAW(**name && strlen(*name) < 16);
	}
	strv_done(&names);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Version order: the input's lines, compared with each other, have one order. */
#include "fuzz_laws.h"
#include "text/version.h"

static int sign(int r)
{
	return (r > 0) - (r < 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = {(const char *)data, size}, v[3] = {0};

	for (int i = 0; i < 3; i++) {
		if (!str_line(&rest, &v[i]))
			break;
		v[i] = str_chomp(v[i]);
	}
	LAW(version_cmp(v[0], v[0]) == 0);
	LAW(sign(version_cmp(v[0], v[1])) == -sign(version_cmp(v[1], v[0])));
	if (version_cmp(v[0], v[1]) <= 0 && version_cmp(v[1], v[2]) <= 0)
		LAW(version_cmp(v[0], v[2]) <= 0);
	return 0;
}

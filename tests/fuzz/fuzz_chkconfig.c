/* SPDX-License-Identifier: GPL-2.0-or-later */
/* chkconfig's line: only runlevels and two digits come out. */
#include "fuzz_laws.h"
#include "text/chkconfig.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct chkconfig c;

	if (!chkconfig_read((struct str){(const char *)data, size}, &c))
		return 0;
	LAW(c.levels.n && c.start < 100 && c.stop < 100);
	for (size_t i = 0; i < c.levels.n; i++)
		LAW(c.levels.p[i] >= '0' && c.levels.p[i] <= '6');
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See chkconfig.h. */
#include "text/chkconfig.h"

static bool are_levels(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '6')
			return false;
	return s.n > 0;
}

static bool order(struct str *rest, unsigned *ret)
{
	struct str word;
	uint64_t n;

	if (!str_word(rest, &word) || !str_u64(word, &n) || n > 99)
		return false;
	*ret = (unsigned)n;
	return true;
}

bool chkconfig_read(struct str script, struct chkconfig *ret)
{
	STR_FOREACH_LINE (line, script) {
		struct chkconfig c;

		if (!str_skip(&line, "#"))
			continue;
		line = str_trim(line);
		if (!str_skip(&line, "chkconfig:") || !str_word(&line, &c.levels))
			continue;
		if (str_is(c.levels, "-"))
			c.levels = STR("2345");
		if (!are_levels(c.levels) || !order(&line, &c.start) ||
			!order(&line, &c.stop))
			continue;
		*ret = c;
		return true;
	}
	return false;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See device_map.h. */
#include "text/device_map.h"
#include "text/edit.h"

int device_map_rename(
	struct str in, const struct dev_map *map, struct strbuf *ret_out, struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};

	STR_FOREACH_LINE (line, in) {
		cleanup_(strbuf_done) struct strbuf to = {0};
		struct str rest = line, drive, device;

		/* Comments begin with '#', drives with '('. */
		if (!str_word(&rest, &drive) || *drive.p != '(' ||
			!str_word(&rest, &device))
			continue;
		switch (dev_map_find(map, device, &to)) {
		case DEV_KEPT:
			break;
		case DEV_RENAMED:
			ed.out.oom |= to.oom;
			edit_replace(&ed, device, strbuf_str(&to));
			break;
		case DEV_GONE:
			edit_remove(&ed, line);
			break;
		}
	}
	return edit_finish(&ed, ret_out, e);
}

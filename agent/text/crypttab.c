/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See crypttab.h. */
#include "text/crypttab.h"
#include "text/edit.h"

static void rename_word(struct edit *ed, struct str word, const struct dev_map *map)
{
	cleanup_(strbuf_done) struct strbuf to = {0};

	if (dev_map_find(map, word, &to) != DEV_RENAMED)
		return;
	ed->out.oom |= to.oom;
	edit_replace(ed, word, strbuf_str(&to));
}

int crypttab_rename(
	struct str in, const struct dev_map *map, struct strbuf *ret_out, struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};

	STR_FOREACH_LINE (line, in) {
		struct str rest = line, name, device, key, path;

		if (!str_word(&rest, &name) || *name.p == '#' ||
			!str_word(&rest, &device))
			continue;
		rename_word(&ed, device, map);
		if (!str_word(&rest, &key))
			continue;
		/* Debian's passdev script: the device that holds the key file. */
		str_cut(key, ':', &key, &path);
		rename_word(&ed, key, map);
	}
	return edit_finish(&ed, ret_out, e);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See device_words.h. */
#include <string.h>

#include "text/device_words.h"
#include "text/edit.h"

/* The device of a line: its first word, without a '{' that hdparm.conf allows to stand
 * right behind it. Lines of rawdevices name the raw device first. */
static bool line_device(struct str line, struct str *ret_device)
{
	struct str rest = line, word, tail;

	if (!str_word(&rest, &word))
		return false;
	if (str_starts(word, "/dev/raw") && !str_word(&rest, &word))
		return false;
	if (str_cut(word, '{', &word, &tail) && !word.n)
		return false;
	*ret_device = word;
	return str_starts(word, "/dev/");
}

int device_words_rename(
	struct str in, const struct dev_map *map, struct strbuf *ret_out, struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};
	cleanup_(strbuf_done) struct strbuf name = {0};

	STR_FOREACH_LINE (line, in) {
		struct str device;

		if (!line_device(line, &device))
			continue;
		strbuf_reset(&name);
		if (dev_map_find(map, device, &name) != DEV_RENAMED)
			continue;
		if (strbuf_err(&name) < 0)
			return err_oom(e);
		edit_replace(&ed, device, strbuf_str(&name));
	}
	return edit_finish(&ed, ret_out, e);
}

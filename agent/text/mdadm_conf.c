/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See mdadm_conf.h. Words as mdadm's config.c takes them: '#' at the start of a word
 * begins a comment; keywords may be cut to three letters, in any case. */
#include <ctype.h>
#include <string.h>

#include "text/dev_pattern.h"
#include "text/edit.h"
#include "text/mdadm_conf.h"

enum keyword { OTHER, DEVICE, ARRAY };

static bool is_keyword(struct str word, const char *keyword)
{
	if (word.n < 3 || word.n > strlen(keyword))
		return false;
	for (size_t i = 0; i < word.n; i++)
		if (tolower((unsigned char)word.p[i]) != keyword[i])
			return false;
	return true;
}

static struct str unquote(struct str word)
{
	if (word.n && (*word.p == '"' || *word.p == '\''))
		word = str_from_pos(word, 1);
	if (word.n && (word.p[word.n - 1] == '"' || word.p[word.n - 1] == '\''))
		word.n--;
	return word;
}

static int rename_device(struct edit *ed, const struct dev_map *map, struct str device)
{
	cleanup_(strbuf_done) struct strbuf name = {0};
	struct str range;

	device = unquote(device);
	if (str_skip(&device, "/dev/") &&
		dev_pattern_rename(map, device, "*", &range, &name))
		edit_replace(ed, range, strbuf_str(&name));
	return strbuf_err(&name);
}

static int rename_word(
	struct edit *ed, const struct dev_map *map, enum keyword keyword, struct str word)
{
	struct str device;

	if (keyword == DEVICE)
		return rename_device(ed, map, word);
	word = unquote(word);
	if (keyword != ARRAY || word.n < 8 || strncasecmp(word.p, "devices=", 8) != 0)
		return 0;
	word = unquote(str_from_pos(word, 8));
	while (str_item(&word, ',', &device)) {
		int r = rename_device(ed, map, device);

		if (r < 0)
			return r;
	}
	return 0;
}

int mdadm_conf_rename(
	struct str in, const struct dev_map *map, struct strbuf *ret_out, struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};
	enum keyword keyword = OTHER;

	STR_FOREACH_LINE (line, in) {
		struct str rest = str_chomp(line), word;
		bool continued = rest.n && (*rest.p == ' ' || *rest.p == '\t');

		while (str_word(&rest, &word) && *word.p != '#') {
			if (!continued) {
				keyword = is_keyword(word, "device")  ? DEVICE
					  : is_keyword(word, "array") ? ARRAY
								      : OTHER;
				continued = true;
			} else if (rename_word(&ed, map, keyword, word) < 0) {
				return err_oom(e);
			}
		}
	}
	return edit_finish(&ed, ret_out, e);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See bls.h. A line is a key, blanks, and a value. */
#include "text/bls.h"

static bool parse_line(struct str line, struct str *ret_key, struct str *ret_value)
{
	line = str_chomp(line);
	/* The '#' of a comment makes it a key that is not asked for. */
	if (!str_word(&line, ret_key))
		return false;
	*ret_value = line;
	return true;
}

int bls_edit(struct str in, const struct cmdline_edit *req, struct strbuf *ret_out,
	struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};
	size_t number = 0;

	STR_FOREACH_LINE (line, in) {
		struct str key, value;
		int r;

		number++;
		if (!parse_line(line, &key, &value) || !str_is(key, "options"))
			continue;
		r = cmdline_edit_words(&ed, value, req, e);
		if (r < 0)
			return err_wrap(e, r, "line %zu", number);
	}
	return edit_finish(&ed, ret_out, e);
}

bool bls_next(struct str *rest, const char *key, struct str *ret_value)
{
	struct str line, name, value;

	while (str_line(rest, &line)) {
		if (!parse_line(line, &name, &value) || !str_is(name, key))
			continue;
		*ret_value = str_trim(value);
		return true;
	}
	return false;
}

struct str bls_get(struct str in, const char *key)
{
	struct str value;

	return bls_next(&in, key, &value) ? value : (struct str){0};
}

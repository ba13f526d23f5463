/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See word_list.h. */
#include <string.h>

#include "text/edit.h"
#include "text/word_list.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool ends_word(struct str behind)
{
	return !behind.n || is_blank(*behind.p) || *behind.p == ';' || *behind.p == '#';
}

/* The value of an assignment that `line` begins with. `bare`: it has no quotes. -1: one that is not
 * understood, put together of several pieces ("a"b) or with a # that is no comment. */
static int take_value(
	struct str in, struct str line, const char *name, struct str *ret, bool *ret_bare)
{
	static const char open[] = "\"'(", close[] = "\"')";
	struct str s = line, tail;
	const char *quote;
	size_t n = 0;

	while (s.n && (*s.p == ' ' || *s.p == '\t'))
		s = str_from_pos(s, 1);
	if (!str_skip(&s, name) || !str_skip(&s, "="))
		return 0;
	quote = s.n && *s.p ? strchr(open, *s.p) : NULL;
	*ret_bare = !quote;
	/* An array goes over several lines. */
	if (quote)
		return str_cut(str_range(s.p + 1, in.p + in.n), close[quote - open], ret,
			       &tail) &&
				       !str_contains(*ret, "\\") && ends_word(tail) &&
				       (*quote == '(' || !str_contains(*ret, "#"))
			       ? 1
			       : -1;
	while (!ends_word(str_from_pos(s, n))) {
		if (s.p[n] && strchr("\"'\\", s.p[n]))
			return -1;
		n++;
	}
	*ret = str_upto(s, n);
	return 1;
}

/* The last one counts; behind one that is not understood nothing is. */
static bool find_value(struct str in, const char *name, struct str *ret, bool *ret_bare)
{
	struct str rest = in, line, value;
	bool found = false, bare;

	while (str_line(&rest, &line)) {
		int r = take_value(in, line, name, &value, &bare);

		if (r < 0)
			return false;
		if (!r)
			continue;
		*ret = value;
		*ret_bare = bare;
		found = true;
		/* Its own lines assign nothing. */
		if (value.p + value.n > rest.p)
			rest = str_range(value.p + value.n, in.p + in.n);
	}
	return found;
}

/* Of an array, too, which may hold comments. */
static bool next_word(struct str *rest, struct str *ret)
{
	struct str line;

	while (str_word(rest, ret)) {
		if (*ret->p != '#')
			return true;
		*rest = str_range(ret->p, rest->p + rest->n);
		(void)str_line(rest, &line);
	}
	return false;
}

static bool same(struct str word, const char *name)
{
	word = str_unquote(word);
	if (word.n != strlen(name))
		return false;
	for (size_t i = 0; i < word.n; i++)
		if ((word.p[i] == '-' ? '_' : word.p[i]) !=
			(name[i] == '-' ? '_' : name[i]))
			return false;
	return true;
}

static bool holds(struct str value, const char *name)
{
	struct str word;

	while (next_word(&value, &word))
		if (same(word, name))
			return true;
	return false;
}

bool word_list_has(struct str in, const char *name, const char *word)
{
	struct str value;
	bool bare;

	return find_value(in, name, &value, &bare) && holds(value, word);
}

static bool is_of(const struct strv *list, struct str word)
{
	if (list)
		STRV_FOREACH (it, list)
			if (same(word, *it))
				return true;
	return false;
}

/* Where the last word ends that stays; NULL: none does. */
static const char *end_of_words(struct str value, const struct strv *drop)
{
	const char *end = NULL;
	struct str word;

	while (next_word(&value, &word))
		if (!is_of(drop, word))
			end = word.p + word.n;
	return end;
}

/* With the blanks before it, but not the end of a line, which may be a comment's; with its line,
 * where nothing else is there. Where no word before it stays, with the blanks behind it. */
static void drop_word(struct edit *ed, struct str value, struct str word, bool first)
{
	const char *from = word.p, *to = word.p + word.n, *end = value.p + value.n;

	while (first && to < end && is_blank(*to))
		to++;
	while (!first && from > value.p && (from[-1] == ' ' || from[-1] == '\t'))
		from--;
	if (!first && from > value.p && from[-1] == '\n' && to < end && *to == '\n')
		to++;
	edit_remove(ed, str_range(from, to));
}

/* What is to be added, with what stands around it: a bare value of several words is none. */
static int make_tail(struct str value, const struct word_list_edit *req, bool bare,
	bool behind, struct strbuf *ret)
{
	if (req->add)
		STRV_FOREACH (it, req->add)
			if (!holds(value, *it))
				strbuf_addf(
					ret, "%s%s", ret->n || behind ? " " : "", *it);
	if (ret->n && bare)
		strbuf_addc(ret, '"');
	/* Nor must it become part of a comment's word. */
	if (ret->n && !behind && value.n && *value.p == '#')
		strbuf_addc(ret, ' ');
	return strbuf_err(ret);
}

int word_list_edit(struct str in, const struct word_list_edit *req,
	struct strbuf *ret_out, struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};
	cleanup_(strbuf_done) struct strbuf tail = {0};
	struct str value, rest, word;
	const char *end;
	bool bare, any = false;

	if (!find_value(in, req->name, &value, &bare))
		return 0;
	end = end_of_words(value, req->drop);
	if (make_tail(value, req, bare, end, &tail) < 0)
		return err_oom(e);
	if (bare && tail.n)
		edit_insert(&ed, value.p, STR("\""));
	if (!end)
		edit_insert(&ed, value.p, strbuf_str(&tail));
	rest = value;
	while (next_word(&rest, &word)) {
		if (is_of(req->drop, word)) {
			drop_word(&ed, value, word, !any);
			continue;
		}
		any = true;
		if (word.p + word.n == end)
			edit_insert(&ed, end, strbuf_str(&tail));
	}
	return edit_finish(&ed, ret_out, e);
}

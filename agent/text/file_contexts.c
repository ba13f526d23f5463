/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See file_contexts.h. Most of a policy's thousands of lines are told apart by the letters that
 * they begin with. */
#include <string.h>

#include "text/file_contexts.h"
#include "text/path_regex.h"

struct spec {
	struct str regex, context;
	bool wild; /* not one path alone */
};

static bool is_wild(char c)
{
	return c && strchr(".^$?*+|[({", c) != NULL;
}

static bool has_wildcards(struct str regex)
{
	for (size_t i = 0; i < regex.n; i++)
		if (regex.p[i] == '\\')
			i++;
		else if (is_wild(regex.p[i]))
			return true;
	return false;
}

/* Could it match? By its letters up to the first that is not one; what stands before a '?' or
 * '*' need not be there. */
static bool begins_alike(struct str regex, struct str path)
{
	for (size_t i = 0, k = 0; i < regex.n; i++, k++) {
		char c = regex.p[i];

		if (is_wild(c))
			return true;
		if (c == '\\' && i + 1 < regex.n) {
			c = regex.p[++i];
			if (c == 'd' || c == 'w' || c == 's')
				return true;
		}
		if (i + 1 < regex.n && is_wild(regex.p[i + 1]))
			return true;
		if (k >= path.n || path.p[k] != c)
			return false;
	}
	return true;
}

/* "-d", "-l", "--": the type it is for. */
static bool is_for(struct str mode, enum file_contexts_type type)
{
	static const char letters[] = {
		[FILE_CONTEXTS_FILE] = '-',
		[FILE_CONTEXTS_DIR] = 'd',
		[FILE_CONTEXTS_LINK] = 'l',
	};

	return mode.n == 2 && mode.p[0] == '-' && mode.p[1] == letters[type];
}

static bool parse(struct str line, enum file_contexts_type type, struct spec *ret)
{
	struct str second, third;

	if (!str_word(&line, &ret->regex) || *ret->regex.p == '#' ||
		!str_word(&line, &second))
		return false;
	if (str_word(&line, &third)) {
		if (!is_for(second, type))
			return false;
		second = third;
	}
	ret->context = second;
	ret->wild = has_wildcards(ret->regex);
	return true;
}

static void look(
	struct str in, struct str path, enum file_contexts_type type, struct spec *found)
{
	STR_FOREACH_LINE (line, in) {
		struct spec spec;

		if (!parse(line, type, &spec) || !begins_alike(spec.regex, path))
			continue;
		if (found->context.n && !found->wild && spec.wild)
			continue;
		if (path_regex_match(spec.regex, path))
			*found = spec;
	}
}

bool file_contexts_find(struct str in, struct str local, struct str path,
	enum file_contexts_type type, struct str *ret_context)
{
	struct spec found = {0};

	look(in, path, type, &found);
	look(local, path, type, &found);
	if (!found.context.n || str_is(found.context, "<<none>>"))
		return false;
	*ret_context = found.context;
	return true;
}

char *file_contexts_substitute(struct str subs, struct str path)
{
	struct str to = {0}, rest = path;

	STR_FOREACH_LINE (line, subs) {
		struct str from, into;

		if (!str_word(&line, &from) || *from.p == '#' || !str_word(&line, &into))
			continue;
		if (path.n < from.n || !str_eq(str_upto(path, from.n), from) ||
			(path.n > from.n && path.p[from.n] != '/'))
			continue;
		to = into;
		rest = str_from_pos(path, from.n);
	}
	return str_printf(STR_FMT STR_FMT, STR_ARG(to), STR_ARG(rest));
}

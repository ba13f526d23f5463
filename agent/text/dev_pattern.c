/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See dev_pattern.h. */
#include <string.h>

#include "text/dev_pattern.h"

static const char *const families[] = {"xvd", "sd", "hd", "vd"};

struct pattern {
	struct str name;   /* "xvda1", "xvda", or the family "xvd" */
	struct str family; /* "xvd" */
	struct str tail;   /* what follows the name */
};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool take_family(struct str *s, struct str *ret_family)
{
	struct str was = *s;

	for (size_t i = 0; i < ARRAY_SIZE(families); i++) {
		if (!str_skip(s, families[i]))
			continue;
		*ret_family = str_upto(was, strlen(families[i]));
		return true;
	}
	return false;
}

/* False for what only looks like a disk ("hdparm", "xvda1x"). */
static bool parse(struct str s, struct pattern *ret)
{
	struct str rest = s;
	size_t letters = 0, end;

	if (!take_family(&rest, &ret->family))
		return false;
	while (letters < rest.n && is_letter(rest.p[letters]))
		letters++;
	for (end = letters; end < rest.n && is_digit(rest.p[end]);)
		end++;
	/* No disk has more than three letters; digits need a letter before them. */
	if (letters > 3 || (end > letters && !letters) || end > 16 ||
		(end < rest.n && is_letter(rest.p[end])))
		return false;
	ret->name = str_upto(s, ret->family.n + end);
	ret->tail = str_from_pos(rest, end);
	return true;
}

/* The family that the devices beginning with /dev/PREFIX have now; false where the map
 * renames none of them. `number`: look at those that go on with a number, else at those
 * that go on with a letter. */
static bool new_family(
	const struct dev_map *map, struct str prefix, bool number, struct str *ret_family)
{
	for (size_t i = 0; map && i < map->n; i++) {
		struct str from = str_from(map->v[i].from), to = str_from(map->v[i].to);

		if (!str_skip(&from, "/dev/") || !str_skip(&to, "/dev/") ||
			!str_eq(str_upto(from, prefix.n), prefix))
			continue;
		from = str_from_pos(from, prefix.n);
		if (from.n && is_digit(*from.p) == number && take_family(&to, ret_family))
			return true;
	}
	return false;
}

/* The length of a set of letters "[..]" at the beginning of the tail, 0 where there is
 * none or it begins with 'a' and is a range: letters close up to 'a'. */
static size_t odd_letters(struct str tail)
{
	struct str set, rest;

	tail = str_upto(tail, 64);
	if (!str_skip(&tail, "[") || !str_cut(tail, ']', &set, &rest) ||
		str_starts(set, "a-") || !set.n)
		return 0;
	return set.n + 2;
}

bool dev_pattern_rename(const struct dev_map *map, struct str s, const char *widen,
	struct str *ret_range, struct strbuf *out)
{
	char path[32] = "/dev/";
	struct strbuf to = {0};
	struct pattern pat;
	struct str family, name;
	enum dev_fate fate;

	if (!parse(s, &pat))
		return false;
	*ret_range = pat.name;
	if (pat.name.n == pat.family.n) {
		if (!new_family(map, pat.name, false, &family) ||
			str_eq(family, pat.name))
			return false;
		strbuf_add(out, family);
		if (widen && odd_letters(pat.tail)) {
			strbuf_adds(out, "[a-z]");
			*ret_range = str_upto(s, pat.name.n + odd_letters(pat.tail));
		}
		return true;
	}
	memcpy(path + strlen(path), pat.name.p, pat.name.n);
	fate = dev_map_find(map, str_from(path), &to);
	name = strbuf_str(&to);
	/* A name outside /dev can not stand in its place. */
	if (fate == DEV_RENAMED && !str_skip(&name, "/dev/"))
		fate = DEV_GONE;
	if (fate == DEV_RENAMED)
		strbuf_add(out, name);
	out->oom |= to.oom;
	strbuf_done(&to);
	if (fate != DEV_KEPT)
		return fate == DEV_RENAMED;
	if (!widen || !pat.tail.n || *pat.tail.p == '$' ||
		!new_family(map, pat.name, true, &family))
		return false;
	strbuf_add(out, family);
	strbuf_adds(out, widen);
	*ret_range = s;
	return true;
}

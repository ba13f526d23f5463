/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See dev_map.h. */
#include "text/dev_map.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool ends_in_digit(struct str s)
{
	return s.n && is_digit(s.p[s.n - 1]);
}

/* "1", "12"; not "", "0", "01": partitions are counted from 1. */
static bool is_part_number(struct str s)
{
	if (!s.n || *s.p == '0')
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!is_digit(s.p[i]))
			return false;
	return true;
}

/* If `name` is a partition of the disk `from`: its number. The kernel puts a 'p' between
 * where the disk's name ends in a digit (block/partitions/core.c). */
static bool part_of(struct str name, const char *from, struct str *ret_number)
{
	if (!str_skip(&name, from))
		return false;
	if (ends_in_digit(str_from(from)) && !str_skip(&name, "p"))
		return false;
	if (!is_part_number(name))
		return false;
	*ret_number = name;
	return true;
}

static enum dev_fate find(
	const struct dev_map *map, struct str name, bool want_spec, struct strbuf *out)
{
	const struct dev_rename *disk = NULL;
	struct str number = {0};

	if (!map || !name.n)
		return DEV_KEPT;
	for (size_t i = 0; i < map->n; i++) {
		const struct dev_rename *row = &map->v[i];

		if (str_is(name, row->from)) {
			if (!row->to)
				return DEV_GONE;
			if (out)
				strbuf_adds(out,
					want_spec && row->spec ? row->spec : row->to);
			return DEV_RENAMED;
		}
		if (!disk && row->parts && part_of(name, row->from, &number))
			disk = row;
	}
	if (!disk)
		return DEV_KEPT;
	if (!disk->to)
		return DEV_GONE;
	if (out) {
		strbuf_adds(out, disk->to);
		if (ends_in_digit(str_from(disk->to)))
			strbuf_addc(out, 'p');
		strbuf_add(out, number);
	}
	return DEV_RENAMED;
}

enum dev_fate dev_map_find(const struct dev_map *map, struct str name, struct strbuf *out)
{
	return find(map, name, false, out);
}

enum dev_fate dev_map_find_spec(
	const struct dev_map *map, struct str name, struct strbuf *out)
{
	return find(map, name, true, out);
}

bool dev_name_parse(struct str name, struct dev_name *ret)
{
	static const char *const prefixes[] = {"xvd", "sd", "hd"};
	struct dev_name dev = {0};
	struct str rest = name;
	size_t n = 0;

	if (!str_skip(&rest, "/dev/"))
		return false;
	for (size_t i = 0; !dev.prefix.n && i < ARRAY_SIZE(prefixes); i++) {
		struct str from = rest;

		if (str_skip(&rest, prefixes[i]))
			dev.prefix = str_range(from.p, rest.p);
	}
	if (!dev.prefix.n)
		return false;
	while (n < rest.n && rest.p[n] >= 'a' && rest.p[n] <= 'z')
		n++;
	/* Three letters are 18278 disks; longer ones are other names ("/dev/hdparm"). */
	if (n < 1 || n > 3)
		return false;
	dev.letters = str_upto(rest, n);
	dev.number = str_from_pos(rest, n);
	if (dev.number.n && !is_part_number(dev.number))
		return false;
	dev.disk = str_range(name.p, dev.number.p);
	*ret = dev;
	return true;
}

unsigned dev_name_index(struct str letters)
{
	unsigned index = 0;

	for (size_t i = 0; i < letters.n && i < 6; i++)
		index = index * 26 + (unsigned)(letters.p[i] - 'a') + 1;
	return index - 1;
}

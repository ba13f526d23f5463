/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See dev_map.h. */
#include <string.h>

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

#define LINKS "/dev/disk/by-"

/* If `name` is a partition of the disk `from`: its number. The kernel puts a 'p' between
 * where the disk's name ends in a digit (block/partitions/core.c), udev's links have "-part". */
static bool part_of(struct str name, const char *from, struct str *ret_number)
{
	const bool is_link = str_starts(name, LINKS);

	if (!str_skip(&name, from))
		return false;
	if (is_link ? !str_skip(&name, "-part")
		    : ends_in_digit(str_from(from)) && !str_skip(&name, "p"))
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

/* As udev's rules name it, by its hardware (60-persistent-storage.rules): not what device mapper, md
 * and LVM find written on it. pci-0000:00:01.1 is the IDE controller that Xen emulates. */
static bool skip_link_prefix(struct str *rest)
{
	static const char *const prefixes[] = {LINKS "id/ata-", LINKS "id/scsi-",
		LINKS "id/wwn-", LINKS "id/edd-", LINKS "path/xen-",
		LINKS "path/pci-0000:00:01.1-"};

	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++)
		if (str_skip(rest, prefixes[i]))
			return true;
	return false;
}

/* What udev leaves in a link; all else it replaces. */
static bool is_link_char(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c && strchr("#+-.:=@_\\", c));
}

static size_t link_length(struct str s)
{
	struct str rest = s;
	size_t n;

	if (!str_skip(&rest, LINKS "id/") && !str_skip(&rest, LINKS "path/"))
		return 0;
	n = s.n - rest.n;
	while (n < s.n && is_link_char(s.p[n]))
		n++;
	return n;
}

static bool parse_link(struct str name, struct dev_name *ret)
{
	struct dev_name dev = {.disk = name, .is_link = true};
	struct str rest = name, part;
	size_t n = name.n;

	if (!skip_link_prefix(&rest) || !rest.n || link_length(name) != name.n)
		return false;
	dev.prefix = str_range(name.p + strlen("/dev/"), rest.p);
	while (n && is_digit(name.p[n - 1]))
		n--;
	part = str_from_pos(name, n);
	if (is_part_number(part) && str_ends(str_range(rest.p, part.p), "-part")) {
		dev.number = part;
		dev.disk = str_upto(name, n - strlen("-part"));
	}
	dev.letters = str_range(rest.p, dev.disk.p + dev.disk.n);
	if (!dev.letters.n)
		return false;
	*ret = dev;
	return true;
}

static bool parse_kernels(struct str name, struct dev_name *ret)
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

bool dev_name_parse(struct str name, struct dev_name *ret)
{
	return parse_kernels(name, ret) || parse_link(name, ret);
}

size_t dev_name_length(struct str s)
{
	size_t n = link_length(s);

	if (n || !str_starts(s, "/dev/"))
		return n;
	n = strlen("/dev/");
	while (n < s.n && s.p[n] >= 'a' && s.p[n] <= 'z')
		n++;
	while (n < s.n && is_digit(s.p[n]))
		n++;
	return n;
}

int dev_name_cmp(const struct dev_name *a, const struct dev_name *b)
{
	const struct str x[] = {a->prefix, a->letters, a->number};
	const struct str y[] = {b->prefix, b->letters, b->number};

	/* Shorter is smaller, of letters and of numbers. */
	for (size_t i = 0; i < ARRAY_SIZE(x); i++) {
		int r = i ? (x[i].n > y[i].n) - (x[i].n < y[i].n) : 0;

		if (!r)
			r = str_cmp(x[i], y[i]);
		if (r)
			return r;
	}
	return 0;
}

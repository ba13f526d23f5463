/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See persistent_net.h. Rules as udev(7) has them: KEY OP "value", split by commas; a
 * backslash before the newline continues a rule, not a comment. */
#include <errno.h>
#include <string.h>

#include "text/edit.h"
#include "text/netif.h"
#include "text/persistent_net.h"

struct rule {
	struct str all; /* with its newline */
	struct str mac; /* values, as they stand in `all`; empty where not there */
	struct str name;
	bool net;
	bool xen; /* asks for Xen's bus or driver: matches no virtio device */
};

static bool is_name(struct str name)
{
	if (!name.n || name.n > NETIF_NAME_LEN_MAX)
		return false;
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
			!(c >= '0' && c <= '9') && c != '_' && c != '-' && c != '.')
			return false;
	}
	return true;
}

/* The next rule's lines off *rest; comments are lines of their own. */
static bool next_lines(struct str *rest, struct str *ret_all)
{
	struct str line, text;
	const char *from = rest->p;

	if (!str_line(rest, &line))
		return false;
	text = str_trim(line);
	if (!text.n || *text.p != '#')
		while (str_ends(line, "\\\n") && str_line(rest, &line))
			;
	*ret_all = str_range(from, rest->p);
	return true;
}

static bool is_one_of(char c, const char *set)
{
	return c && strchr(set, c) != NULL;
}

static struct str take(struct str *s, const char *set, bool in_set)
{
	size_t n = 0;
	struct str got;

	while (n < s->n && is_one_of(s->p[n], set) == in_set)
		n++;
	got = str_upto(*s, n);
	*s = str_from_pos(*s, n);
	return got;
}

/* KEY OP "value" off *rest; false at the end and where it is malformed. */
static bool next_pair(
	struct str *rest, struct str *ret_key, struct str *ret_op, struct str *ret_value)
{
	(void)take(rest, " \t\r\n,\\", true);
	*ret_key = take(rest, "=!+-:\" \t\r\n,", false);
	(void)take(rest, " \t", true);
	*ret_op = take(rest, "=!+-:", true);
	(void)take(rest, " \t", true);
	return ret_key->n && ret_op->n && str_skip(rest, "\"") &&
	       str_cut(*rest, '"', ret_value, rest);
}

static bool is_address_key(struct str key)
{
	return str_is(key, "ATTR{address}") || str_is(key, "ATTRS{address}") ||
	       str_is(key, "SYSFS{address}");
}

/* Asks for the bus xen or the driver vif (or xen_netfront). */
static bool is_xen_match(struct str key, struct str value)
{
	if (str_is(key, "SUBSYSTEMS") || str_is(key, "BUS"))
		return str_is(value, "xen");
	return (str_is(key, "DRIVERS") || str_is(key, "DRIVER")) &&
	       (str_is(value, "vif") || str_starts(value, "xen"));
}

/* SUSE before udev could rename: IMPORT="/lib/udev/rename_netiface %k eth0". */
static struct str renamed_to(struct str program)
{
	struct str word, name = {0};

	if (!str_word(&program, &word) || !str_ends(word, "/rename_netiface") ||
		!str_word(&program, &word))
		return name;
	(void)str_word(&program, &name);
	return name;
}

/* The next rule that gives a name to a device by its address. */
static bool next_rule(struct str *rest, struct rule *ret)
{
	struct str all;

	while (next_lines(rest, &all)) {
		struct rule rule = {.all = all, .net = true};
		struct str pairs = str_trim(all), key, op, value;

		if (!pairs.n || *pairs.p == '#')
			continue;
		while (next_pair(&pairs, &key, &op, &value)) {
			if (str_is(key, "NAME") && (str_is(op, "=") || str_is(op, ":=")))
				rule.name = value;
			else if (str_is(key, "IMPORT") && str_is(op, "="))
				rule.name = renamed_to(value);
			else if (!str_is(op, "=="))
				continue;
			else if (is_address_key(key))
				rule.mac = value;
			else if (str_is(key, "SUBSYSTEM"))
				rule.net = str_is(value, "net");
			else if (is_xen_match(key, value))
				rule.xen = true;
		}
		if (!rule.net || !rule.mac.n || !rule.name.n)
			continue;
		*ret = rule;
		return true;
	}
	return false;
}

bool persistent_net_find(struct str in, struct str mac, struct str *ret_name)
{
	struct rule rule;

	while (next_rule(&in, &rule)) {
		if (rule.xen || !mac_eq(rule.mac, mac))
			continue;
		*ret_name = rule.name;
		return true;
	}
	return false;
}

bool persistent_net_knows(struct str in, struct str mac, struct str name)
{
	struct rule rule;

	while (next_rule(&in, &rule))
		if (mac_eq(rule.mac, mac) || str_eq(rule.name, name))
			return true;
	return false;
}

/* Both values may stand in either order. */
static void rewrite(
	struct edit *ed, const struct rule *rule, struct str mac, struct str name)
{
	if (rule->mac.p < rule->name.p)
		edit_replace(ed, rule->mac, mac);
	edit_replace(ed, rule->name, name);
	if (rule->mac.p > rule->name.p)
		edit_replace(ed, rule->mac, mac);
}

static int append(struct edit *ed, const char *mac, const char *name)
{
	cleanup_(strbuf_done) struct strbuf rule = {0};
	struct str in = ed->in;

	/* A last rule that is still to be continued must not take this one in. */
	if (str_ends(in, "\\") || str_ends(in, "\\\n"))
		strbuf_addc(&rule, '\n');
	if (in.n && !str_ends(in, "\n"))
		strbuf_addc(&rule, '\n');
	strbuf_addf(&rule,
		"SUBSYSTEM==\"net\", ACTION==\"add\", DRIVERS==\"?*\", "
		"ATTR{address}==\"%s\", ATTR{type}==\"1\", KERNEL==\"eth*\", "
		"NAME=\"%s\"\n",
		mac, name);
	edit_insert(ed, in.n ? in.p + in.n : in.p, strbuf_str(&rule));
	return strbuf_err(&rule);
}

int persistent_net_set(struct str in, const char *mac, const char *name,
	struct strbuf *ret_out, struct err *e)
{
	cleanup_(edit_done) struct edit ed = {.in = in};
	struct str rest = in, new_name = str_from(name), known;
	char address[NETIF_MAC_LEN + 1] = "";
	bool done = persistent_net_find(in, str_from(mac), &known);
	struct rule rule;

	if (!*mac || !*name)
		return 0;
	if (!mac_is_valid(str_from(mac)) || !is_name(new_name))
		return err_set(e, -EINVAL, "no interface name for \"%.32s\": \"%.32s\"",
			mac, name);
	mac_copy(address, str_from(mac));
	while (next_rule(&rest, &rule)) {
		bool for_mac = mac_eq(rule.mac, str_from(address));

		if (!for_mac && !str_eq(rule.name, new_name))
			continue;
		if (rule.xen || (!for_mac && done))
			edit_remove(&ed, rule.all);
		else
			rewrite(&ed, &rule, str_from(address), new_name);
		done |= !rule.xen;
	}
	if (!done && append(&ed, address, name) < 0)
		return err_oom(e);
	return edit_finish(&ed, ret_out, e);
}

/* The first of a list of values split by blanks. */
static struct str first_word(struct str s)
{
	struct str word = {0};

	(void)str_word(&s, &word);
	return word;
}

bool link_file_get(struct str in, struct str *ret_mac, struct str *ret_name)
{
	struct str section = {0}, mac = {0}, name = {0};

	STR_FOREACH_LINE (line, in) {
		struct str text = str_trim(line), key, value;

		if (str_starts(text, "["))
			section = text;
		if (!text.n || *text.p == '#' || *text.p == ';' ||
			!str_cut(text, '=', &key, &value))
			continue;
		key = str_trim(key);
		if (str_is(section, "[Match]") && str_is(key, "MACAddress"))
			mac = first_word(value);
		else if (str_is(section, "[Link]") && str_is(key, "Name"))
			name = str_trim(value);
	}
	if (!mac.n || !name.n)
		return false;
	*ret_mac = mac;
	*ret_name = name;
	return true;
}

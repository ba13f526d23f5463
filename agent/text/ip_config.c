/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See ip_config.h. */
#include <arpa/inet.h>
#include <string.h>

#include "text/ip_config.h"

/* 0: not an IPv4 address. */
static uint32_t parse(struct str s)
{
	char text[16] = "";
	struct in_addr a;

	if (!s.n || s.n >= sizeof(text))
		return 0;
	memcpy(text, s.p, s.n);
	return inet_pton(AF_INET, text, &a) == 1 ? ntohl(a.s_addr) : 0;
}

static void set_address(char ret[16], struct str s)
{
	if (!parse(s))
		return;
	memset(ret, 0, 16);
	memcpy(ret, s.p, s.n);
}

static void set_prefix(struct ip_config *c, struct str s)
{
	uint64_t n;

	if (str_u64(s, &n) && n >= 1 && n <= 32)
		c->prefix = (unsigned)n;
}

/* "255.255.255.0", or the number of its ones. */
static void set_netmask(struct ip_config *c, struct str s)
{
	uint32_t mask = parse(s), ones = ~mask;

	if (!mask)
		set_prefix(c, s);
	else if (!(ones & (ones + 1)))
		c->prefix = (unsigned)__builtin_popcount(mask);
}

/* "192.0.2.10/24", or the address alone. */
static void set_cidr(struct ip_config *c, struct str s)
{
	struct str address = s, prefix;

	if (str_cut(s, '/', &address, &prefix) && parse(address))
		set_prefix(c, prefix);
	set_address(c->address, address);
}

static void add_dns(struct ip_config *c, struct str s)
{
	char *to = *c->dns[0] ? c->dns[1] : c->dns[0];

	if (!*to)
		set_address(to, s);
}

static void set_iface(struct ip_config *c, struct str name)
{
	if (!name.n || name.n >= sizeof(c->iface) || str_has_nul(name))
		return;
	memset(c->iface, 0, sizeof(c->iface));
	memcpy(c->iface, name.p, name.n);
}

static bool is_complete(const struct ip_config *c)
{
	return *c->address && c->prefix;
}

static bool give(const struct ip_config *c, struct ip_config *ret)
{
	if (!is_complete(c))
		return false;
	*ret = *c;
	return true;
}

/* In `iface NAME inet static` and the lines behind it, up to the next stanza. */
static void ifupdown_option(struct ip_config *c, struct str name, struct str rest)
{
	struct str word = {0};

	str_word(&rest, &word);
	if (str_is(name, "address"))
		set_cidr(c, word);
	else if (str_is(name, "netmask"))
		set_netmask(c, word);
	else if (str_is(name, "gateway"))
		set_address(c->gateway, word);
	else if (str_starts(name, "dns-nameserver"))
		for (; word.n; word = (struct str){0}, str_word(&rest, &word))
			add_dns(c, word);
}

bool interfaces_ip(struct str in, struct ip_config *ret)
{
	struct ip_config c = {0};
	bool is_static = false;

	STR_FOREACH_LINE (line, in) {
		struct str rest = line, word, method = {0}, family = {0};

		if (!str_word(&rest, &word) || *word.p == '#')
			continue;
		if (str_is(word, "iface")) {
			if (give(&c, ret))
				return true;
			c = (struct ip_config){0};
			if (str_word(&rest, &word) && str_word(&rest, &family))
				str_word(&rest, &method);
			is_static = str_is(family, "inet") && str_is(method, "static") &&
				    !str_is(word, "lo");
			set_iface(&c, word);
		} else if (is_static) {
			ifupdown_option(&c, word, rest);
		}
	}
	return give(&c, ret);
}

bool ifcfg_ip(struct str in, struct ip_config *ret)
{
	struct ip_config c = {0};

	STR_FOREACH_LINE (line, in) {
		struct str name, value;

		if (!str_cut(str_trim(line), '=', &name, &value))
			continue;
		value = str_unquote(str_trim(value));
		if (str_is(name, "DEVICE"))
			set_iface(&c, value);
		else if (str_is(name, "IPADDR") || str_is(name, "IPADDR0"))
			set_cidr(&c, value);
		else if (str_is(name, "NETMASK") || str_is(name, "NETMASK0"))
			set_netmask(&c, value);
		else if (str_is(name, "PREFIX") || str_is(name, "PREFIX0") ||
			 str_is(name, "PREFIXLEN"))
			set_prefix(&c, value);
		else if (str_is(name, "GATEWAY") || str_is(name, "GATEWAY0"))
			set_address(c.gateway, value);
		else if (str_starts(name, "DNS"))
			add_dns(&c, value);
	}
	return !str_is(str_from(c.iface), "lo") && give(&c, ret);
}

/* The items of a list in the flow style, "[a, b]", or one alone. */
static bool yaml_item(struct str *rest, struct str *ret)
{
	if (!str_item(rest, ',', ret))
		return false;
	*ret = str_trim(*ret);
	str_skip(ret, "[");
	if (ret->n && ret->p[ret->n - 1] == ']')
		ret->n--;
	*ret = str_unquote(str_trim(*ret));
	return true;
}

static void netplan_value(
	struct ip_config *c, struct str key, bool in_dns, struct str value)
{
	struct str item;

	while (yaml_item(&value, &item))
		if (in_dns && str_is(key, "addresses"))
			add_dns(c, item);
		else if (str_is(key, "addresses") && !is_complete(c))
			set_cidr(c, item);
		else if (str_is(key, "gateway4") || (str_is(key, "via") && !*c->gateway))
			set_address(c->gateway, item);
}

/* Enough of YAML's block style: the nearest key above says what a value is. The first card
 * that has an address is taken. */
bool netplan_ip(struct str in, struct ip_config *ret)
{
	struct ip_config c = {0};
	struct str key = {0};
	size_t section = 0, dns = 0;
	bool in_section = false, in_dns = false, named = false;

	STR_FOREACH_LINE (line, in) {
		struct str text = str_trim(line), name, value;
		size_t indent = text.n ? (size_t)(text.p - line.p) : 0;
		bool item;

		if (!text.n || *text.p == '#')
			continue;
		item = str_skip(&text, "- ");
		text = str_trim(text);
		if (!str_cut(text, ':', &name, &value) || (value.n && *value.p != ' ')) {
			if (in_section && item)
				netplan_value(&c, key, in_dns, text);
			continue;
		}
		name = str_unquote(str_trim(name));
		if (!item && in_section && indent <= section)
			in_section = false;
		if (!item && in_dns && indent <= dns)
			in_dns = false;
		if (str_is(name, "ethernets")) {
			in_section = true;
			named = false;
			section = indent;
			continue;
		}
		if (!in_section)
			continue;
		if (!named) {
			set_iface(&c, name);
			named = true;
			continue;
		}
		if (str_is(name, "nameservers")) {
			in_dns = true;
			dns = indent;
		}
		key = name;
		netplan_value(&c, key, in_dns, str_trim(value));
	}
	return give(&c, ret);
}

bool networkd_ip(struct str in, struct ip_config *ret)
{
	struct ip_config c = {0};

	STR_FOREACH_LINE (line, in) {
		struct str text = str_trim(line), name, value;

		if (!text.n || *text.p == '#' || *text.p == ';' ||
			!str_cut(text, '=', &name, &value))
			continue;
		name = str_trim(name);
		value = str_unquote(str_trim(value));
		if (str_is(name, "Name"))
			set_iface(&c, value);
		else if (str_is(name, "Address") && !is_complete(&c))
			set_cidr(&c, value);
		else if (str_is(name, "Gateway"))
			set_address(c.gateway, value);
		else if (str_is(name, "DNS"))
			add_dns(&c, value);
	}
	return give(&c, ret);
}

bool resolv_conf_dns(struct str in, struct ip_config *ret)
{
	struct ip_config c = {0};

	STR_FOREACH_LINE (line, in) {
		struct str rest = line, word;

		if (str_word(&rest, &word) && str_is(word, "nameserver") &&
			str_word(&rest, &word) && !str_starts(word, "127."))
			add_dns(&c, word);
	}
	if (*c.dns[0])
		memcpy(ret->dns, c.dns, sizeof(c.dns));
	return *c.dns[0];
}

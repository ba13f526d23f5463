/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See interfaces.h. */
#include <errno.h>

#include "text/interfaces.h"
#include "text/mac_keys.h"

int interfaces_netifs(struct str in, struct netifs *ret)
{
	bool continued = false, listing = false;

	STR_FOREACH_LINE (line, in) {
		struct str rest = str_trim(line), word;
		bool more = rest.n && rest.p[rest.n - 1] == '\\';
		bool one = false;

		if (more)
			rest.n--;
		if (!continued) {
			listing = false;
			if (!str_word(&rest, &word) || *word.p == '#')
				continue;
			one = str_is(word, "iface");
			listing =
				one || str_is(word, "auto") || str_starts(word, "allow-");
		}
		while (listing && str_word(&rest, &word)) {
			struct str tail;

			(void)str_cut(word, '=', &word, &tail); /* eth0=home */
			if (netif_is_ethernet(word) &&
				netifs_add(ret, word, (struct str){0}, false) < 0)
				return -ENOMEM;
			if (one)
				listing = false; /* the rest is the family and method */
		}
		continued = more;
	}
	return 0;
}

static size_t indent_of(struct str line)
{
	size_t n = 0;

	while (n < line.n && line.p[n] == ' ')
		n++;
	return n;
}

/* "key:" or "key: rest", the key maybe in quotes. */
static bool yaml_key(struct str text, struct str *ret_key, struct str *ret_rest)
{
	struct str key, rest;

	if (!str_cut(text, ':', &key, &rest) ||
		(rest.n && *rest.p != ' ' && *rest.p != '\t'))
		return false;
	key = str_unquote(str_trim(key));
	*ret_key = key;
	*ret_rest = str_trim(rest);
	return key.n != 0;
}

/* The address behind a key `macaddress`, which may stand in a mapping of the flow style. */
static struct str yaml_mac(struct str text)
{
	struct str mac = {0};

	(void)mac_keys_next(&text, "macaddress", &mac);
	return mac;
}

/* The device whose mapping is being read. */
struct ethernet {
	struct str name, mac;
	bool matched; /* `match:` says which device it is, the key is only an id */
	bool renamed; /* `set-name:` says what it is to be called */
};

static int ethernet_end(struct ethernet *eth, struct netifs *ret)
{
	int r = 0;

	if (eth->matched && !eth->renamed)
		eth->name.n = 0;
	r = netifs_add(ret, eth->name, eth->mac, eth->renamed);
	*eth = (struct ethernet){0};
	return r;
}

int netplan_netifs(struct str in, struct netifs *ret)
{
	const size_t none = (size_t)-1;
	size_t section = none; /* indent of `ethernets:` while inside it */
	size_t device = none;  /* indent of its keys */
	size_t setting = none; /* indent of the device's own keys */
	bool in_match = false; /* within its `match:` */
	struct ethernet eth = {0};
	int r = 0;

	STR_FOREACH_LINE (line, in) {
		size_t indent = indent_of(line);
		struct str text = str_trim(line), key, rest;

		if (!text.n || *text.p == '#' || !yaml_key(text, &key, &rest))
			continue;
		if (section == none || indent <= section) {
			r = ethernet_end(&eth, ret);
			section = str_is(key, "ethernets") ? indent : none;
			device = none;
		} else if (device == none || indent <= device) {
			r = ethernet_end(&eth, ret);
			device = indent;
			setting = none;
			eth.name = key;
			eth.matched = str_contains(rest, "match:");
			if (eth.matched)
				eth.mac = yaml_mac(rest);
		} else if (setting == none || indent <= setting) {
			setting = indent;
			in_match = str_is(key, "match");
			eth.matched |= in_match;
			if (in_match && rest.n)
				eth.mac = yaml_mac(rest);
			if (str_is(key, "set-name")) {
				eth.renamed = true;
				eth.name = str_unquote(rest);
			}
		} else if (in_match && str_is(key, "macaddress")) {
			eth.mac = yaml_mac(text);
		}
		if (r < 0)
			return r;
	}
	return ethernet_end(&eth, ret);
}

/* What a shell variable's name begins with before the interface's. */
static const char *const net_vars[] = {"config_", "routes_", "dhcp_"};

int conf_d_net_netifs(struct str in, struct netifs *ret)
{
	STR_FOREACH_LINE (line, in) {
		struct str name, value;

		if (!str_cut(str_trim(line), '=', &name, &value))
			continue;
		for (size_t i = 0; i < ARRAY_SIZE(net_vars); i++)
			if (str_skip(&name, net_vars[i]) && netif_is_ethernet(name) &&
				netifs_add(ret, name, (struct str){0}, false) < 0)
				return -ENOMEM;
	}
	return 0;
}

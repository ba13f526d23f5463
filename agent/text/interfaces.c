/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See interfaces.h. */
#include <errno.h>
#include <string.h>

#include "text/interfaces.h"

enum { NAMES_CAP = 256, NAME_LEN_MAX = 15 /* IFNAMSIZ - 1 */ };

/* eth0, ens3, enX0: a letter or digit behind eth or en, nothing else. */
static bool is_ethernet(struct str name)
{
	struct str rest = name;

	if (name.n > NAME_LEN_MAX ||
		(!str_skip(&rest, "eth") && !str_skip(&rest, "en")) || !rest.n)
		return false;
	for (size_t i = 0; i < rest.n; i++) {
		char c = rest.p[i];

		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') &&
			!(c >= 'A' && c <= 'Z'))
			return false;
	}
	return true;
}

static int add_name(struct strv *names, struct str name)
{
	int r = names->n < NAMES_CAP ? strv_add_new(names, name) : 0;

	return r < 0 ? r : 0;
}

int interfaces_names(struct str in, struct strv *ret)
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
			if (is_ethernet(word) && add_name(ret, word) < 0)
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

/* The device whose mapping is being read. */
struct ethernet {
	struct str name;
	bool matched; /* `match:` says which device it is, the key is only an id */
};

static int ethernet_end(struct ethernet *eth, struct strv *ret)
{
	int r = 0;

	if (eth->name.n && eth->name.n <= NAME_LEN_MAX && !eth->matched &&
		!str_has_nul(eth->name))
		r = add_name(ret, eth->name);
	*eth = (struct ethernet){0};
	return r;
}

int netplan_names(struct str in, struct strv *ret)
{
	const size_t none = (size_t)-1;
	size_t section = none; /* indent of `ethernets:` while inside it */
	size_t device = none;  /* indent of its keys */
	size_t setting = none; /* indent of the device's own keys */
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
			eth = (struct ethernet){key, str_contains(rest, "match:")};
		} else {
			if (setting == none)
				setting = indent;
			if (indent == setting && str_is(key, "match"))
				eth.matched = true;
		}
		if (r < 0)
			return r;
	}
	return ethernet_end(&eth, ret);
}
